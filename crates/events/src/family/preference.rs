//! `preference-{user}`: a person's own settings, seen by nobody else.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, QuietHours, StreamName, Timestamp};

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
    /// She wants no notifications for a while, or wants them again.
    #[serde(rename = "DndChanged.v1")]
    DndChanged {
        /// Until when she wants none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// She wants no notifications at certain hours of the week, or at none.
    #[serde(rename = "QuietHoursChanged.v1")]
    QuietHoursChanged {
        /// The hours.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet_hours: Option<QuietHours>,
    },
    /// She wants to hear of other words than before.
    #[serde(rename = "KeywordsChanged.v1")]
    KeywordsChanged {
        /// All of them.
        keywords: Vec<String>,
    },
}

impl Family for PreferenceEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Preference { user: stream.id().parse().ok()?, event })
    }
}
