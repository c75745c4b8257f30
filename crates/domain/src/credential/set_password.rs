//! The first password of an account: of several who try at once, one wins.

use std::fmt;

use events::CredentialEvent;

use super::{Credential, Refusal, State};
use crate::Command;

/// Set the first password.
#[derive(Clone)]
pub struct SetPassword {
    /// The argon2id hash of it, in PHC string form.
    pub phc: String,
}

/// Keeps the hash out of every log.
impl fmt::Debug for SetPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetPassword { .. }")
    }
}

impl Command for SetPassword {
    type On = Credential;

    fn decide(&self, state: &State) -> Result<Vec<CredentialEvent>, Refusal> {
        match state {
            State::Missing => Ok(vec![CredentialEvent::PasswordSet { phc: self.phc.clone() }]),
            State::Set { .. } => Err(Refusal::AlreadySet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    fn set(phc: &str) -> CredentialEvent {
        CredentialEvent::PasswordSet { phc: phc.into() }
    }

    #[test]
    fn the_first_password_is_set() {
        given::<Credential>(&ANN, []).when(&SetPassword { phc: "$one".into() }).then([set("$one")]);
    }

    #[test]
    fn a_second_first_password_is_refused_even_if_it_is_the_same() {
        let again = SetPassword { phc: "$one".into() };
        given::<Credential>(&ANN, [set("$one")]).when(&again).refused(Refusal::AlreadySet);
    }

    #[test]
    fn a17_no_log_ever_shows_a_hash() {
        let shown = format!("{:?} {:?}", SetPassword { phc: "$one".into() }, State::Set { phc: "$one".into() });
        assert!(!shown.contains("$one"), "{shown}");
    }
}
