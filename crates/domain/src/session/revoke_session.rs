//! A session ends: its owner says so, or whoever holds one of its tokens signs out.

use events::{SessionEvent, UserId};

use super::{RefreshHash, Refusal, Session, State};
use crate::Command;

/// Who wants a session to end.
#[derive(Debug, Clone)]
pub enum Revoker {
    /// A signed-in person.
    Person(UserId),
    /// A device that shows a refresh token of the session, hashed.
    Token(RefreshHash),
}

/// End a session.
#[derive(Debug, Clone)]
pub struct RevokeSession {
    /// Who wants it.
    pub by: Revoker,
    /// Why, in one word: `signed_out`, `revoked`.
    pub reason: &'static str,
}

impl Command for RevokeSession {
    type On = Session;

    fn decide(&self, state: &State) -> Result<Vec<SessionEvent>, Refusal> {
        match (state, &self.by) {
            (State::Missing, _) => Err(Refusal::Missing),
            (State::Revoked { user }, Revoker::Person(by)) if user != by => Err(Refusal::NotTheirs),
            (State::Revoked { .. }, _) => Ok(vec![]),
            (State::Live(live), Revoker::Person(by)) if live.user != *by => Err(Refusal::NotTheirs),
            (State::Live(live), Revoker::Token(hash)) if *hash != live.current && !live.used.contains(hash) => {
                Err(Refusal::UnknownToken)
            }
            (State::Live(_), _) => Ok(vec![SessionEvent::SessionRevoked { reason: self.reason.to_owned() }]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::samples::{SESSION, hash, refreshed, revoked, started};
    use crate::spec::{ANN, BOB, given};

    fn by(by: Revoker) -> RevokeSession {
        RevokeSession { by, reason: "signed_out" }
    }

    #[test]
    fn its_owner_ends_a_session() {
        let live = [started(ANN, "one")];
        given::<Session>(&SESSION, live).when(&by(Revoker::Person(ANN))).then([revoked("signed_out")]);
    }

    #[test]
    fn any_token_of_the_session_ends_it() {
        for token in ["one", "two"] {
            let live = [started(ANN, "one"), refreshed("two")];
            given::<Session>(&SESSION, live).when(&by(Revoker::Token(hash(token)))).then([revoked("signed_out")]);
        }
    }

    #[test]
    fn nobody_else_may() {
        let live = || [started(ANN, "one")];
        given::<Session>(&SESSION, live()).when(&by(Revoker::Person(BOB))).refused(Refusal::NotTheirs);
        given::<Session>(&SESSION, live()).when(&by(Revoker::Token(hash("x")))).refused(Refusal::UnknownToken);
        let over = [started(ANN, "one"), revoked("signed_out")];
        given::<Session>(&SESSION, over).when(&by(Revoker::Person(BOB))).refused(Refusal::NotTheirs);
        given::<Session>(&SESSION, []).when(&by(Revoker::Person(ANN))).refused(Refusal::Missing);
    }

    #[test]
    fn ending_it_twice_changes_nothing() {
        let over = [started(ANN, "one"), revoked("signed_out")];
        given::<Session>(&SESSION, over).when(&by(Revoker::Person(ANN))).nothing();
    }
}
