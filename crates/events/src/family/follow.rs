//! `follow-{message}.{user}`: one person's place in one thread. Only the newest is kept (`$maxCount`), so each fact
//! carries all of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, Position, StreamName};

/// Facts of a person's place in a thread. Whose message is answered follows the thread without any of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum FollowEvent {
    /// She is to know what is answered there: she said so, answered, or was spoken to there by name.
    #[serde(rename = "ThreadFollowed.v1")]
    ThreadFollowed {
        /// Where the thread stands.
        conversation: ConversationId,
        /// Position of the newest answer she has read.
        read: Position,
    },
    /// She does not want to know, until she answers or is spoken to there anew.
    #[serde(rename = "ThreadUnfollowed.v1")]
    ThreadUnfollowed {
        /// Where the thread stands.
        conversation: ConversationId,
        /// Position of the newest answer she has read.
        read: Position,
    },
    /// She has read the thread up to here.
    #[serde(rename = "ThreadReadUpTo.v1")]
    ThreadReadUpTo {
        /// Where the thread stands.
        conversation: ConversationId,
        /// Position of the newest answer she has read.
        read: Position,
        /// What she has said about following; nothing, as long as taking part decides.
        following: Option<bool>,
    },
}

impl Family for FollowEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let (root, user) = stream.id().split_once('.')?;
        Some(Fact::Follow { root: root.parse().ok()?, user: user.parse().ok()?, event })
    }
}
