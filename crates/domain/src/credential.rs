//! A password, as its hash. Setting the first one is what makes a registration final.

mod easy_passwords;
mod password;
mod set_password;

use std::fmt;

use events::{CredentialEvent, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use password::{InvalidPassword, Password};
pub use set_password::SetPassword;

/// The aggregate of `credential-{user}`.
#[derive(Debug)]
pub struct Credential;

/// What the rules remember of a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum State {
    /// None was ever set.
    #[default]
    Missing,
    /// One is set.
    Set {
        /// Its argon2id hash in PHC string form.
        phc: String,
    },
}

/// Keeps the hash out of every log.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "Missing",
            Self::Set { .. } => "Set { .. }",
        })
    }
}

/// Why a credential says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody was faster.
    #[error("a password is set already")]
    AlreadySet,
}

impl Aggregate for Credential {
    type Id = UserId;
    type State = State;
    type Event = CredentialEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::credential(*id)
    }

    fn evolve(_: State, fact: &Recorded<CredentialEvent>) -> State {
        match &fact.event {
            CredentialEvent::PasswordSet { phc } => State::Set { phc: phc.clone() },
        }
    }
}
