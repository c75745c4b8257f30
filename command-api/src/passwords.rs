//! Password hashing: argon2id, at most two at once, with a short queue. An unknown account costs as much as a known one.

use std::sync::Arc;

use anyhow::anyhow;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::credential::Password;
use service_kit::Problem;
use tokio::sync::Semaphore;

use crate::problems::busy;

/// Hashes at once: each takes 19 MiB and a whole core.
const AT_ONCE: usize = 2;
/// Hashes that run or wait; more are turned away, since their senders would give up before their turn.
const QUEUE: usize = 128;

/// The hashing pool.
#[derive(Clone)]
pub(crate) struct Passwords {
    queue: Arc<Semaphore>,
    running: Arc<Semaphore>,
    /// The hash that a password is compared with when there is no account: never equal, always as slow.
    nobody: Arc<str>,
}

impl Passwords {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let nobody = hash_now(b"nobody has this password").ok_or_else(|| anyhow!("passwords cannot be hashed"))?;
        Ok(Self {
            queue: Arc::new(Semaphore::new(QUEUE)),
            running: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: nobody.into(),
        })
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String, Problem> {
        let password = password.reveal().to_owned();
        self.in_turn(move || hash_now(password.as_bytes())).await?.ok_or_else(failed)
    }

    /// Whether the password belongs to the PHC string; without one it takes as long and is never so.
    pub(crate) async fn verify(&self, password: &str, phc: Option<String>) -> Result<bool, Problem> {
        // Longer than any password that was ever set, so it is wrong; nobody pays for hashing it.
        let possible = password.len() <= Password::MAX_BYTES;
        let password = if possible { password.to_owned() } else { String::new() };
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.nobody.to_string());
        let matches = self.in_turn(move || matches_now(password.as_bytes(), &phc)).await?;
        Ok(matches && known && possible)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let place = self.queue.try_acquire().map_err(|_| busy())?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|_| busy())?;
        // The turn moves into the work: a sender who gives up does not let a third hash start.
        let outcome = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        let outcome = outcome.await.map_err(|_| failed());
        drop(place);
        outcome
    }
}

fn argon2() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).ok()?))
}

fn hash_now(password: &[u8]) -> Option<String> {
    let hash: argon2::PasswordHash = argon2()?.hash_password(password).ok()?;
    Some(hash.to_string())
}

fn matches_now(password: &[u8], phc: &str) -> bool {
    argon2().is_some_and(|argon2| argon2.verify_password(password, phc).is_ok())
}

fn failed() -> Problem {
    tracing::error!("a password could not be hashed");
    Problem::new(500, "internal_error", "Something went wrong on our side.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a17_only_the_right_password_matches() {
        let passwords = Passwords::new().unwrap();
        let phc = passwords.hash(&Password::parse("correct horse", &[]).unwrap()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify("correct horse", Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse", Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify(&"x".repeat(1_000_000), Some(phc)).await.unwrap());
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_instead_of_growing() {
        let passwords = Passwords::new().unwrap();
        let full = passwords.queue.clone().acquire_many_owned(QUEUE as u32).await.unwrap();
        let problem = passwords.verify("correct horse", None).await.unwrap_err();
        assert_eq!((problem.status, problem.code.as_str(), problem.retry_after), (503, "overloaded", Some(1)));
        drop(full);
        assert!(passwords.verify("correct horse", None).await.is_ok());
    }
}
