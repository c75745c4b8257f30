//! The `preferences` view: one document per person, for nobody but herself. It is bounded by what the write side lets
//! one person prefer.

use events::public::SidebarSection;
use events::{
    Category, ConversationId, Fact, NotificationLevel, PreferenceEvent, QuietHours, Recorded, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Preferences;

/// What somebody prefers of one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationPreference {
    /// Of which.
    pub conversation: ConversationId,
    /// Whether it stands among the starred ones.
    pub starred: bool,
    /// Whether it is muted.
    pub muted: bool,
    /// Which of its messages notify; absent for what is usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<NotificationLevel>,
}

/// What somebody prefers, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesDoc {
    /// Who.
    pub user: UserId,
    /// What is not as usual, by conversation.
    pub conversations: Vec<ConversationPreference>,
    /// The sections of the sidebar, in order.
    pub sections: Vec<SidebarSection>,
    /// The words that she wants to hear of.
    pub keywords: Vec<String>,
    /// Until when she wants no notifications; the moment may have passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnd_until: Option<Timestamp>,
    /// At which hours of the week she wants none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
}

impl PreferencesDoc {
    /// The preferences of somebody who has said nothing.
    #[must_use]
    pub fn usual(user: UserId) -> Self {
        let (conversations, sections, keywords) = (Vec::new(), Vec::new(), Vec::new());
        Self { user, conversations, sections, keywords, dnd_until: None, quiet_hours: None }
    }
}

impl View for Preferences {
    const COLLECTION: &'static str = "preferences_v2";
    const CATEGORIES: &'static [Category] = &[Category::Preference];
    type Key = UserId;
    type Doc = PreferencesDoc;

    fn keys(fact: &Fact) -> Vec<UserId> {
        match fact {
            Fact::Preference { user, .. } => vec![*user],
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Conversation { .. }
            | Fact::Message { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Receipt { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Inbox { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(user: UserId, doc: Option<PreferencesDoc>, recorded: &Recorded) -> Option<PreferencesDoc> {
        let Fact::Preference { event, .. } = &recorded.event else { return doc };
        let mut doc = doc.unwrap_or_else(|| PreferencesDoc::usual(user));
        match event {
            PreferenceEvent::ConversationStarred { conversation, starred } => {
                prefer(&mut doc, *conversation, |preference| preference.starred = *starred);
            }
            PreferenceEvent::ConversationMuted { conversation, muted } => {
                prefer(&mut doc, *conversation, |preference| preference.muted = *muted);
            }
            PreferenceEvent::NotificationLevelSet { conversation, level } => {
                prefer(&mut doc, *conversation, |preference| preference.level = Some(*level));
            }
            PreferenceEvent::SidebarChanged { sections } => doc.sections = SidebarSection::of(sections),
            PreferenceEvent::DndChanged { until } => doc.dnd_until = *until,
            PreferenceEvent::QuietHoursChanged { quiet_hours } => doc.quiet_hours.clone_from(quiet_hours),
            PreferenceEvent::KeywordsChanged { keywords } => doc.keywords.clone_from(keywords),
        }
        Some(doc)
    }
}

/// Changes one conversation's preference; one that is as usual in everything is left out.
fn prefer(doc: &mut PreferencesDoc, conversation: ConversationId, change: impl FnOnce(&mut ConversationPreference)) {
    let usual = ConversationPreference { conversation, starred: false, muted: false, level: None };
    let found = doc.conversations.binary_search_by_key(&conversation, |known| known.conversation);
    let (Ok(place) | Err(place)) = found;
    let mut preference = if found.is_ok() { doc.conversations.remove(place) } else { usual.clone() };
    change(&mut preference);
    if preference != usual {
        doc.conversations.insert(place, preference);
    }
}
