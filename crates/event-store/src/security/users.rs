//! Users and their passwords, from a file. Passwords are kept as argon2id hashes; a right one is
//! remembered as a keyed digest, so that only a user's first call pays for the hash.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::Semaphore;

use super::{SecurityError, read_secret};

/// Hashes at once: each takes 19 MiB and a whole core.
const AT_ONCE: usize = 2;
/// Hashes that run or wait; more are turned away.
const QUEUE: usize = 128;
/// A longer password is wrong unread: hashing it would be work that anybody can ask for.
const PASSWORD_BYTES: usize = 1_024;

/// What a call brings.
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// What becomes of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Granted,
    Refused,
    /// Too many passwords are being looked at.
    Busy,
}

/// Who may use the server, all with the same rights.
pub struct Users {
    users: HashMap<String, User>,
    /// What the password of an unknown user is compared with: never equal, always as slow.
    nobody: Arc<str>,
    /// Of this process only, so a digest is worth nothing outside it.
    key: [u8; 32],
    queue: Semaphore,
    running: Arc<Semaphore>,
}

struct User {
    phc: Arc<str>,
    /// The digest of the right password, once it has been seen.
    proven: OnceLock<Vec<u8>>,
}

impl Users {
    /// Lines `user:password`, where the password may be an argon2id hash in PHC form (`$argon2id$…`).
    /// Empty lines and those that begin with `#` are left out.
    ///
    /// # Errors
    /// The file cannot be read, everybody may read it, or a line is not understood.
    pub fn from_file(path: &Path) -> Result<Self, SecurityError> {
        let bytes = read_secret(path)?;
        let mut users = HashMap::new();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let wrong = |reason| SecurityError::User { path: path.to_path_buf(), line: number + 1, reason };
            let line = std::str::from_utf8(line).map_err(|_| wrong("is not UTF-8"))?.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, password) = line.split_once(':').ok_or_else(|| wrong("must be `user:password`"))?;
            if name.is_empty() || password.is_empty() || password.len() > PASSWORD_BYTES {
                return Err(wrong("must be `user:password`, neither empty, the password of 1,024 bytes at most"));
            }
            let user = User { phc: phc(password).map_err(wrong)?.into(), proven: OnceLock::new() };
            if users.insert(name.to_owned(), user).is_some() {
                return Err(wrong("names a user for the second time"));
            }
        }
        if users.is_empty() {
            return Err(SecurityError::Nobody { path: path.to_path_buf() });
        }
        Self::new(users)
    }

    fn new(users: HashMap<String, User>) -> Result<Self, SecurityError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|_| SecurityError::Unhashable)?;
        Ok(Self {
            users,
            nobody: hash(&key).ok_or(SecurityError::Unhashable)?.into(),
            key,
            queue: Semaphore::new(QUEUE),
            running: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    pub(crate) async fn admit(&self, credentials: Credentials) -> Admission {
        let password = credentials.password.into_bytes();
        if password.len() > PASSWORD_BYTES {
            return Admission::Refused;
        }
        let user = self.users.get(&credentials.user);
        let digest = self.digest(&password);
        // Compared in constant time, by the digest itself.
        if let Some(proven) = user.and_then(|user| user.proven.get())
            && digest.clone().verify_slice(proven).is_ok()
        {
            return Admission::Granted;
        }
        let phc = user.map_or(&self.nobody, |user| &user.phc).clone();
        match self.matches(password, phc).await {
            None => Admission::Busy,
            Some(false) => Admission::Refused,
            Some(true) => match user {
                Some(user) => {
                    user.proven.get_or_init(|| digest.finalize().into_bytes().to_vec());
                    Admission::Granted
                }
                None => Admission::Refused,
            },
        }
    }

    fn digest(&self, password: &[u8]) -> Hmac<Sha256> {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.key) {
            Ok(mac) => mac,
            Err(_) => unreachable!("a MAC takes keys of any length"),
        };
        mac.update(password);
        mac
    }

    async fn matches(&self, password: Vec<u8>, phc: Arc<str>) -> Option<bool> {
        let _place = self.queue.try_acquire().ok()?;
        let turn = self.running.clone().acquire_owned().await.ok()?;
        // The turn moves into the work: a client that gives up does not let a third hash start.
        let work = move || {
            let matches = Argon2::default().verify_password(&password, &*phc).is_ok();
            drop(turn);
            matches
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Users({})", self.users.len())
    }
}

/// The hash of what stands in the file, unless that is a hash already.
fn phc(password: &str) -> Result<String, &'static str> {
    if !password.starts_with("$argon2") {
        return hash(password.as_bytes()).ok_or("has a password that cannot be hashed");
    }
    let parsed = PasswordHash::new(password).map_err(|_| "has a hash that is not in PHC form")?;
    let sound = parsed.algorithm.as_str() == "argon2id"
        && parsed.salt.is_some()
        && parsed.hash.is_some()
        && Params::try_from(&parsed).is_ok_and(|params| params.m_cost() <= 1 << 20 && params.t_cost() <= 100);
    if sound { Ok(password.to_owned()) } else { Err("has a hash that is not argon2id of a reasonable cost") }
}

fn hash(password: &[u8]) -> Option<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).ok()?);
    let hash: PasswordHash = argon2.hash_password(password).ok()?;
    Some(hash.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Instant;

    use super::*;

    fn file(text: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        file
    }

    fn users(text: &str) -> Users {
        Users::from_file(file(text.as_bytes()).path()).unwrap()
    }

    async fn admitted(users: &Users, user: &str, password: &str) -> Admission {
        users.admit(Credentials { user: user.into(), password: password.into() }).await
    }

    #[tokio::test]
    async fn only_a_users_own_password_is_taken() {
        let hashed = hash(b"p:w").unwrap();
        let users = users(&format!("# people\n\nann:s3cret\r\nbob:{hashed}\n"));
        for _ in 0..2 {
            assert_eq!(admitted(&users, "ann", "s3cret").await, Admission::Granted);
            assert_eq!(admitted(&users, "bob", "p:w").await, Admission::Granted);
            for (user, password) in
                [("ann", "p:w"), ("bob", &hashed), ("ann", ""), ("eve", "s3cret"), ("ann", &"x".repeat(2_000))]
            {
                assert_eq!(admitted(&users, user, password).await, Admission::Refused, "{user}");
            }
        }
    }

    #[tokio::test]
    async fn a_right_password_is_hashed_once() {
        let users = users("ann:s3cret");
        assert_eq!(admitted(&users, "ann", "s3cret").await, Admission::Granted);
        let begun = Instant::now();
        for _ in 0..1_000 {
            assert_eq!(admitted(&users, "ann", "s3cret").await, Admission::Granted);
        }
        // A thousand hashes would take many seconds.
        assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_not_who_is_known() {
        let users = users("ann:s3cret");
        assert_eq!(admitted(&users, "ann", "s3cret").await, Admission::Granted);
        let _full = users.queue.acquire_many(QUEUE as u32).await.unwrap();
        assert_eq!(admitted(&users, "ann", "wrong").await, Admission::Busy);
        assert_eq!(admitted(&users, "ann", "s3cret").await, Admission::Granted);
    }

    #[test]
    fn a_line_that_is_not_understood_is_named_and_not_repeated() {
        let weak = hash(b"x").unwrap().replace("argon2id", "argon2i");
        for text in ["secret", ":secret", "ann:", "a:secret\na:secret", "a:$argon2id$secret", &format!("a:{weak}")] {
            let error = Users::from_file(file(text.as_bytes()).path()).unwrap_err().to_string();
            assert!(error.contains(" line ") && !error.contains("secret"), "{error}");
        }
        assert!(matches!(Users::from_file(file(b"a:\xff").path()), Err(SecurityError::User { line: 1, .. })));
        assert!(matches!(Users::from_file(file(b"# nobody\n").path()), Err(SecurityError::Nobody { .. })));
    }
}
