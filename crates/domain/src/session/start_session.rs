//! Somebody signs in on a device.

use events::{SessionEvent, UserId};

use super::{RefreshHash, Refusal, Session, State};
use crate::Command;

/// Start a session.
#[derive(Debug, Clone)]
pub struct StartSession {
    /// Who signed in.
    pub user: UserId,
    /// Her first refresh token, hashed.
    pub refresh: RefreshHash,
    /// What the device calls itself; cut to 200 characters.
    pub user_agent: Option<String>,
}

impl Command for StartSession {
    type On = Session;

    fn decide(&self, state: &State) -> Result<Vec<SessionEvent>, Refusal> {
        match state {
            State::Missing => Ok(vec![SessionEvent::SessionStarted {
                user: self.user,
                refresh_hash: self.refresh.0.clone(),
                user_agent: self.user_agent.as_ref().map(|agent| agent.chars().take(200).collect()),
            }]),
            State::Live(_) | State::Revoked { .. } => Err(Refusal::AlreadyStarted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::samples::{SESSION, hash, revoked, started};
    use crate::spec::{ANN, given};

    fn start() -> StartSession {
        StartSession { user: ANN, refresh: hash("one"), user_agent: None }
    }

    #[test]
    fn signing_in_starts_a_session() {
        given::<Session>(&SESSION, []).when(&start()).then([started(ANN, "one")]);
    }

    #[test]
    fn a_long_device_name_is_cut() {
        let command = StartSession { user_agent: Some("é".repeat(5000)), ..start() };
        let expected =
            SessionEvent::SessionStarted { user: ANN, refresh_hash: "one".into(), user_agent: Some("é".repeat(200)) };
        given::<Session>(&SESSION, []).when(&command).then([expected]);
    }

    #[test]
    fn a_session_starts_once() {
        given::<Session>(&SESSION, [started(ANN, "one")]).when(&start()).refused(Refusal::AlreadyStarted);
        let over = [started(ANN, "one"), revoked("signed_out")];
        given::<Session>(&SESSION, over).when(&start()).refused(Refusal::AlreadyStarted);
    }
}
