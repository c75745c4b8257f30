//! What is known about a fact besides the fact itself.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fact, Position, SessionId, StreamName, Timestamp, UserId};

/// Who caused a fact, and which request it belongs to. Stored beside the event as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Whoever gave the command; nobody for the system's own facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// The session the command came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The request that everything of one intention shares: `X-Request-Id`.
    pub correlation_id: Uuid,
    /// The command or event that led directly to this one.
    pub causation_id: Uuid,
}

/// A fact as the store gives it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded<E = Fact> {
    /// Its place in the order of everything.
    pub position: Position,
    /// Its place in its stream, from 0 without gaps.
    pub revision: u64,
    /// When the store accepted it; for display only.
    pub at: Timestamp,
    /// The event's own id.
    pub event_id: Uuid,
    /// Who and why.
    pub metadata: Metadata,
    /// The stream it stands in.
    pub stream: StreamName,
    /// What happened.
    pub event: E,
}

impl<E> Recorded<E> {
    /// The same record around another form of its event.
    pub fn map<F>(self, form: impl FnOnce(E) -> F) -> Recorded<F> {
        Recorded {
            position: self.position,
            revision: self.revision,
            at: self.at,
            event_id: self.event_id,
            metadata: self.metadata,
            stream: self.stream,
            event: form(self.event),
        }
    }
}
