//! `saved-{user}`: what one person has saved for later. All of it stands in one stream, so that the cap can never be
//! raced; each fact carries all of what she says about a message.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, MessageId, StreamName, Timestamp};

/// How far somebody has come with a message that she saved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SavedState {
    /// Still to do.
    #[default]
    InProgress,
    /// Put away, not done.
    Archived,
    /// Done.
    Completed,
}

impl SavedState {
    /// Whether it is still to do: what was stored before there were states says nothing about them.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        *self == Self::InProgress
    }
}

/// Facts of what a person has saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum SavedEvent {
    /// A message was saved for later, is elsewhere among what was saved, or is no longer saved.
    #[serde(rename = "MessageSaved.v1")]
    MessageSaved {
        /// Which.
        message: MessageId,
        /// Where it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
        /// How it is now.
        saved: bool,
        /// How far she has come with it.
        #[serde(default, skip_serializing_if = "SavedState::is_in_progress")]
        state: SavedState,
        /// When she wants to be reminded of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind_at: Option<Timestamp>,
    },
}

impl Family for SavedEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Saved { user: stream.id().parse().ok()?, event })
    }
}
