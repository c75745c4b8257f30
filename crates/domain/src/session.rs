//! A signed-in device: one family of refresh tokens, of which only the newest is good.

mod refresh_session;
mod revoke_session;
mod start_session;

use std::fmt;

use events::{Recorded, SessionEvent, SessionId, StreamName, Timestamp, UserId};

use crate::Aggregate;

pub use refresh_session::{REUSED, RefreshSession};
pub use revoke_session::{RevokeSession, Revoker};
pub use start_session::StartSession;

/// How long a session lives at most, however often it is refreshed: 30 days in milliseconds.
pub const LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long the token before the newest is forgiven, in milliseconds: a second tab, an answer that got lost.
pub const GRACE_MS: i64 = 10_000;

/// The aggregate of `session-{id}`.
#[derive(Debug)]
pub struct Session;

/// The SHA-256 of a refresh token, in hex. The token itself is never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshHash(pub String);

/// Keeps the hash out of every log.
impl fmt::Debug for RefreshHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshHash")
    }
}

/// What the rules remember of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// It never started.
    #[default]
    Missing,
    /// It can be refreshed.
    Live(Live),
    /// It is over.
    Revoked {
        /// Whose it was.
        user: UserId,
    },
}

/// A session that can be refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Whose it is.
    pub user: UserId,
    /// When it started.
    pub started_at: Timestamp,
    /// When its token was last exchanged, or given out.
    pub rotated_at: Timestamp,
    /// The newest token.
    current: RefreshHash,
    /// Every token before it, oldest first.
    used: Vec<RefreshHash>,
}

/// Why a session says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing is known of it.
    #[error("there is no such session")]
    Missing,
    /// It is another person's.
    #[error("the session is another person's")]
    NotTheirs,
    /// It is over.
    #[error("the session is over")]
    Revoked,
    /// It has lived its 30 days.
    #[error("the session is too old")]
    Expired,
    /// The token was never one of this session's.
    #[error("the refresh token is not of this session")]
    UnknownToken,
    /// The token was exchanged a moment ago.
    #[error("the refresh token has just been exchanged")]
    Superseded,
    /// The id belongs to another session.
    #[error("the session has started already")]
    AlreadyStarted,
}

impl Aggregate for Session {
    type Id = SessionId;
    type State = State;
    type Event = SessionEvent;
    type Refusal = Refusal;

    fn stream(id: &SessionId) -> StreamName {
        StreamName::session(*id)
    }

    fn evolve(state: State, fact: &Recorded<SessionEvent>) -> State {
        match (state, &fact.event) {
            (State::Missing, SessionEvent::SessionStarted { user, refresh_hash, .. }) => State::Live(Live {
                user: *user,
                started_at: fact.at,
                rotated_at: fact.at,
                current: RefreshHash(refresh_hash.clone()),
                used: Vec::new(),
            }),
            (State::Live(mut live), SessionEvent::SessionRefreshed { refresh_hash }) => {
                let next = RefreshHash(refresh_hash.clone());
                live.used.push(std::mem::replace(&mut live.current, next));
                live.rotated_at = fact.at;
                State::Live(live)
            }
            (State::Live(live), SessionEvent::SessionRevoked { .. }) => State::Revoked { user: live.user },
            (state, _) => state,
        }
    }
}

#[cfg(test)]
mod samples {
    use super::*;

    pub(super) const SESSION: SessionId = SessionId::new(uuid::Uuid::from_u128(0x5E));

    pub(super) fn hash(token: &str) -> RefreshHash {
        RefreshHash(token.to_owned())
    }

    pub(super) fn started(user: UserId, token: &str) -> SessionEvent {
        SessionEvent::SessionStarted { user, refresh_hash: token.into(), user_agent: None }
    }

    pub(super) fn refreshed(token: &str) -> SessionEvent {
        SessionEvent::SessionRefreshed { refresh_hash: token.into() }
    }

    pub(super) fn revoked(reason: &str) -> SessionEvent {
        SessionEvent::SessionRevoked { reason: reason.into() }
    }
}
