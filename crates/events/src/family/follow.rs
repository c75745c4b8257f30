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
        /// Position of the fact by which she last marked the thread unread, unless she left it since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        marked: Option<Position>,
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
        /// Position of the fact by which she last marked the thread unread, unless she left it since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        marked: Option<Position>,
    },
    /// She wants to come back to an answer: from there on the thread is unread to her again.
    #[serde(rename = "ThreadMarkedUnread.v1")]
    ThreadMarkedUnread {
        /// Where the thread stands.
        conversation: ConversationId,
        /// Position of the newest answer that counts as read.
        read: Position,
        /// What she has said about following; nothing, as long as taking part decides.
        following: Option<bool>,
    },
}

/// What a fact says of a person's place in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadPlace {
    /// Where the thread stands.
    pub conversation: ConversationId,
    /// Position of the newest answer she has read.
    pub read: Position,
    /// What she has said about following; nothing, as long as taking part decides.
    pub following: Option<bool>,
    /// Position of the fact by which she last marked the thread unread, unless she left it since.
    pub marked: Option<Position>,
}

impl FollowEvent {
    /// Her place after this fact, which stands at `position`: only there is it known where she marked something.
    #[must_use]
    pub const fn place_at(&self, position: Position) -> ThreadPlace {
        match *self {
            Self::ThreadFollowed { conversation, read, marked } => {
                ThreadPlace { conversation, read, following: Some(true), marked }
            }
            Self::ThreadUnfollowed { conversation, read } => {
                ThreadPlace { conversation, read, following: Some(false), marked: None }
            }
            Self::ThreadReadUpTo { conversation, read, following, marked } => {
                ThreadPlace { conversation, read, following, marked }
            }
            Self::ThreadMarkedUnread { conversation, read, following } => {
                ThreadPlace { conversation, read, following, marked: Some(position) }
            }
        }
    }
}

impl Family for FollowEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let (root, user) = stream.id().split_once('.')?;
        Some(Fact::Follow { root: root.parse().ok()?, user: user.parse().ok()?, event })
    }
}
