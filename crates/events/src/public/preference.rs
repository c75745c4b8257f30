//! The public forms of what somebody prefers: for herself on all her devices, and for nobody else.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audience::Audience;
use super::event::PublicEvent;
use crate::{ConversationId, DraftEvent, PreferenceEvent, SavedEvent, UserId};

/// A section of a sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SidebarSection {
    /// What it is called.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// What stands in it, in order.
    #[schema(max_items = 1000)]
    pub conversations: Vec<ConversationId>,
}

impl SidebarSection {
    /// Sections as they are stored.
    #[must_use]
    pub fn of(sections: &[(String, Vec<ConversationId>)]) -> Vec<Self> {
        let section = |(name, conversations): &(String, Vec<ConversationId>)| Self {
            name: name.clone(),
            conversations: conversations.clone(),
        };
        sections.iter().map(section).collect()
    }
}

pub(super) fn preference_form(user: UserId, event: &PreferenceEvent) -> (Audience, PublicEvent) {
    let public = match event {
        PreferenceEvent::ConversationStarred { conversation, starred } => {
            PublicEvent::ConversationStarred { conversation: *conversation, starred: *starred }
        }
        PreferenceEvent::ConversationMuted { conversation, muted } => {
            PublicEvent::ConversationMuted { conversation: *conversation, muted: *muted }
        }
        PreferenceEvent::NotificationLevelSet { conversation, level } => {
            PublicEvent::NotificationLevelSet { conversation: *conversation, level: *level }
        }
        PreferenceEvent::SidebarChanged { sections } => {
            PublicEvent::SidebarChanged { sections: SidebarSection::of(sections) }
        }
        PreferenceEvent::DndChanged { until } => PublicEvent::DndChanged { until: *until },
        PreferenceEvent::QuietHoursChanged { quiet_hours } => {
            PublicEvent::QuietHoursChanged { quiet_hours: quiet_hours.clone() }
        }
        PreferenceEvent::KeywordsChanged { keywords } => PublicEvent::KeywordsChanged { keywords: keywords.clone() },
    };
    (Audience::User(user), public)
}

pub(super) fn saved_form(user: UserId, event: &SavedEvent) -> (Audience, PublicEvent) {
    let SavedEvent::MessageSaved { message: id, conversation, saved, state, remind_at } = *event;
    (Audience::User(user), PublicEvent::MessageSaved { id, conversation, saved, state, remind_at })
}

/// In which places drafts stand follows from the drafts themselves.
pub(super) fn draft_form(user: UserId, event: &DraftEvent) -> Option<(Audience, PublicEvent)> {
    match event {
        DraftEvent::DraftSaved { conversation, thread, text } => {
            let (conversation, thread, text) = (*conversation, *thread, text.clone());
            Some((Audience::User(user), PublicEvent::DraftSaved { conversation, thread, text }))
        }
        DraftEvent::DraftPlacesChanged { .. } => None,
    }
}
