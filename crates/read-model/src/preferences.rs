//! The `preferences` view: one document per person, for nobody but herself. It is bounded by what the write side lets
//! one person prefer.

use events::public::SidebarSection;
use events::{
    Category, ConversationId, Fact, NotificationLevel, Position, PreferenceEvent, QuietHours, Recorded, Timestamp,
    UserId,
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
    /// The last changes of levels, oldest first: what held when a message was posted is asked later.
    pub levels: Vec<LevelChange>,
}

/// A change of what notifies somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelChange {
    /// Where.
    pub conversation: ConversationId,
    /// Since when.
    pub since: Position,
    /// Which messages notify.
    pub level: NotificationLevel,
}

/// So many changes of levels are remembered.
const MOST_LEVEL_CHANGES: usize = 100;

impl PreferencesDoc {
    /// The preferences of somebody who has said nothing.
    #[must_use]
    pub fn usual(user: UserId) -> Self {
        let (conversations, sections, keywords, levels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { user, conversations, sections, keywords, dnd_until: None, quiet_hours: None, levels }
    }

    /// Which messages of a conversation notified her at a position; nothing for what is usual, and for what is too long
    /// ago to be known.
    #[must_use]
    pub fn level_at(&self, conversation: ConversationId, position: Position) -> Option<NotificationLevel> {
        let mut before = self.levels.iter().rev().filter(|change| change.since < position);
        before.find(|change| change.conversation == conversation).map(|change| change.level)
    }
}

impl View for Preferences {
    const COLLECTION: &'static str = "preferences_v3";
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
                doc.levels.push(LevelChange { conversation: *conversation, since: recorded.position, level: *level });
                let too_many = doc.levels.len().saturating_sub(MOST_LEVEL_CHANGES);
                doc.levels.drain(..too_many);
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
