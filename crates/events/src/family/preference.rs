//! `preference-{user}`: a person's own settings, seen by nobody else.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, MessageId, StreamName};

/// Which messages of a conversation notify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationLevel {
    /// Every message.
    All,
    /// Mentions and keywords.
    Mentions,
    /// None.
    Nothing,
}

/// Facts of a person's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum PreferenceEvent {
    /// A conversation was starred, or is no longer.
    #[serde(rename = "ConversationStarred.v1")]
    ConversationStarred {
        /// Which.
        conversation: ConversationId,
        /// How it is now.
        starred: bool,
    },
    /// A conversation was muted, or is no longer.
    #[serde(rename = "ConversationMuted.v1")]
    ConversationMuted {
        /// Which.
        conversation: ConversationId,
        /// How it is now.
        muted: bool,
    },
    /// A conversation notifies about other messages now.
    #[serde(rename = "NotificationLevelSet.v1")]
    NotificationLevelSet {
        /// Which.
        conversation: ConversationId,
        /// About which messages.
        level: NotificationLevel,
    },
    /// The sidebar's own sections, in order.
    #[serde(rename = "SidebarChanged.v1")]
    SidebarChanged {
        /// Names of the sections and what stands in them.
        sections: Vec<(String, Vec<ConversationId>)>,
    },
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
    /// A message was saved for later, or is no longer.
    #[serde(rename = "MessageSaved.v1")]
    MessageSaved {
        /// Which.
        message: MessageId,
        /// How it is now.
        saved: bool,
    },
}

impl Family for PreferenceEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Preference { user: stream.id().parse().ok()?, event })
    }
}
