//! `session-{id}`: a signed-in device. Refresh tokens stand here as hashes only.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, StreamName, UserId};

/// Facts of a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum SessionEvent {
    /// Somebody signed in.
    #[serde(rename = "SessionStarted.v1")]
    SessionStarted {
        /// Who.
        user: UserId,
        /// SHA-256 of the first refresh token, in hex.
        refresh_hash: String,
        /// What the device calls itself, shortened.
        user_agent: Option<String>,
    },
    /// The refresh token was exchanged for the next one.
    #[serde(rename = "SessionRefreshed.v1")]
    SessionRefreshed {
        /// SHA-256 of the next refresh token, in hex.
        refresh_hash: String,
    },
    /// The session is over, and every token of it.
    #[serde(rename = "SessionRevoked.v1")]
    SessionRevoked {
        /// Why.
        reason: String,
    },
}

/// Keeps the hashes out of every log.
impl fmt::Debug for SessionEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SessionStarted { .. } => "SessionStarted { .. }",
            Self::SessionRefreshed { .. } => "SessionRefreshed { .. }",
            Self::SessionRevoked { .. } => "SessionRevoked { .. }",
        })
    }
}

impl Family for SessionEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Session { session: stream.id().parse().ok()?, event })
    }
}
