//! What stands between the network and the store: TLS, and users with passwords. Either can be had
//! without the other; what an address needs is decided by who listens on it.

mod tls;
mod users;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use tls::Tls;
pub use users::Users;
pub(crate) use users::{Admission, Credentials};

/// How a server is guarded. The default is not at all, which suits loopback only.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Connections are encrypted.
    pub tls: Option<Tls>,
    /// Calls need one of these users.
    pub users: Option<Arc<Users>>,
}

impl Security {
    /// Whether it suits an address that other machines reach.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.tls.is_some() && self.users.is_some()
    }
}

/// Why a certificate, a key or a file of passwords was not taken. The text is one line that says what to do,
/// and never what stands in the file.
#[derive(Debug, thiserror::Error)]
pub enum SecurityError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds a secret and everybody may read it.
    #[error("{} can be read by everybody on this machine: `chmod 600` it", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// The file is not PEM, or has something else in it.
    #[error("{} holds no {wanted} in PEM form", path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
    },
    /// Certificate and key do not go together, or are of a kind that is not known.
    #[error("the certificate and its key cannot be used")]
    Certificate(#[source] tokio_rustls::rustls::Error),
    /// A line of the password file is not a user with a password.
    #[error("{} line {line}: {reason}", path.display())]
    User {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The password file names nobody.
    #[error("{} has no user: write lines `user:password`", path.display())]
    Nobody {
        /// The file.
        path: PathBuf,
    },
    /// Passwords cannot be hashed on this machine.
    #[error("passwords cannot be hashed: the system gives no random numbers")]
    Unhashable,
}

/// The bytes of a file that others must not be able to read.
fn read_secret(path: &Path) -> Result<Vec<u8>, SecurityError> {
    let unreadable = |source| SecurityError::Unreadable { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    // Asked of the open file: a name may mean another file a moment later.
    if exposed(&file.metadata().map_err(unreadable)?) {
        return Err(SecurityError::Exposed { path: path.to_path_buf() });
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(unix)]
fn exposed(file: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.permissions().mode() & 0o007 != 0
}

#[cfg(not(unix))]
fn exposed(_: &std::fs::Metadata) -> bool {
    false
}
