//! What can go wrong, one enum per place where a caller chooses what to do.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a store could not be opened. The text is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another store in this one, has the folder open.
    #[error("the folder {} is in use by another event store: stop it, or choose another folder", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The folder cannot be made, read or synced.
    #[error("the folder {} cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file was written by another version of this program.
    #[error("the store has format {found}, which this version cannot read: use the version that wrote it")]
    UnknownVersion {
        /// The format number found.
        found: i64,
    },
    /// SQLite refused the file.
    #[error("the database file cannot be opened")]
    Database(#[from] rusqlite::Error),
    /// A thread could not be started.
    #[error("a thread could not be started")]
    Thread(#[source] io::Error),
}

/// Why serving ended before it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener has no address.
    #[error("the listener cannot be used")]
    Listener(#[source] io::Error),
    /// The transport failed.
    #[error("the gRPC server failed")]
    Transport(#[from] tonic::transport::Error),
    /// The store stopped because a write failed; nothing unwritten was acknowledged.
    #[error("the event store stopped: {reason}")]
    Stopped {
        /// What failed.
        reason: Arc<str>,
    },
    /// Plain text on a network that others can reach was not asked for.
    #[error(
        "{0} is reachable from elsewhere: give --tls-cert, --tls-key and --password-file, listen on loopback, or pass --insecure"
    )]
    Insecure(SocketAddr),
}

/// Why an append was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The stream is not where the writer believed; `current` is `None` when it does not exist.
    WrongExpected { current: Option<u64> },
    /// The deadline passed before the append was looked at.
    Expired,
    /// The store does not write any more.
    Stopped(Arc<str>),
}

/// Why a read gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the stored event at position {position} is damaged")]
    Damaged { position: u64 },
    #[error("the filter's regular expression takes too long on {subject:?}")]
    FilterTooSlow { subject: String },
    #[error("the database cannot be read")]
    Database(#[from] rusqlite::Error),
    #[error("the reading thread failed")]
    Thread,
}
