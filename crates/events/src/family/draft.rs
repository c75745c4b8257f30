//! `draft-{conversation}.{user}`, `draft-{conversation}.{thread}.{user}`: what somebody has begun to write in one place.
//! `draft-{user}`: in which places she has. Only the newest fact of each is kept (`$maxCount`), so each carries all.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, MessageId, StreamName};

/// Where a draft would be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct DraftPlace {
    /// In which conversation.
    pub conversation: ConversationId,
    /// In which thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<MessageId>,
}

/// Facts of what a person has begun to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum DraftEvent {
    /// A draft was saved; an empty one is gone.
    #[serde(rename = "DraftSaved.v1")]
    DraftSaved {
        /// Where it would be sent.
        conversation: ConversationId,
        /// In which thread.
        thread: Option<MessageId>,
        /// The text so far.
        text: String,
    },
    /// She has drafts in these places and in no others.
    #[serde(rename = "DraftPlacesChanged.v1")]
    DraftPlacesChanged {
        /// Which.
        places: Vec<DraftPlace>,
    },
}

impl Family for DraftEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let user = stream.id().rsplit('.').next()?;
        Some(Fact::Draft { user: user.parse().ok()?, event })
    }
}
