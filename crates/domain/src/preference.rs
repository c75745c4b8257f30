//! A person's own settings: what she starred and muted, what notifies her and when, how her sidebar is arranged.

mod change_preferences;
mod clear_dnd;
mod keywords;
mod mute_conversation;
mod quiet_hours;
mod sections;
mod set_dnd;
mod set_notification_level;
mod star_conversation;

use std::collections::{BTreeMap, BTreeSet};

use events::{ConversationId, NotificationLevel, PreferenceEvent, QuietHours, Recorded, StreamName, Timestamp, UserId};

use crate::Aggregate;

pub use change_preferences::ChangePreferences;
pub use clear_dnd::ClearDnd;
pub use keywords::{InvalidKeywords, Keywords};
pub use mute_conversation::MuteConversation;
pub use quiet_hours::{InvalidQuietHours, LocalTime, QuietSchedule, is_quiet};
pub use sections::{InvalidSections, Sections};
pub use set_dnd::SetDnd;
pub use set_notification_level::SetNotificationLevel;
pub use star_conversation::StarConversation;

/// Most conversations that one person stars, mutes, or gives a level of their own: of each so many.
pub(crate) const MOST: usize = 500;

/// The aggregate of `preference-{user}`.
#[derive(Debug)]
pub struct Preference;

/// What the rules remember of somebody's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What she starred.
    pub starred: BTreeSet<ConversationId>,
    /// What she muted.
    pub muted: BTreeSet<ConversationId>,
    /// What notifies her otherwise than usual.
    pub levels: BTreeMap<ConversationId, NotificationLevel>,
    /// The sections of her sidebar, in order.
    pub sections: Vec<(String, Vec<ConversationId>)>,
    /// Until when she wants no notifications; the moment may have passed.
    pub dnd_until: Option<Timestamp>,
    /// At which hours of the week she wants none.
    pub quiet_hours: Option<QuietHours>,
    /// The words that she wants to hear of.
    pub keywords: Vec<String>,
}

/// Why settings say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As many are starred as may be.
    #[error("too many starred conversations")]
    TooManyStarred,
    /// As many are muted as may be.
    #[error("too many muted conversations")]
    TooManyMuted,
    /// As many have a level of their own as may.
    #[error("too many notification levels")]
    TooManyLevels,
    /// That moment has passed.
    #[error("the moment has passed")]
    OverAlready,
}

impl Aggregate for Preference {
    type Id = UserId;
    type State = State;
    type Event = PreferenceEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::preference(*id)
    }

    fn evolve(mut state: State, fact: &Recorded<PreferenceEvent>) -> State {
        match &fact.event {
            PreferenceEvent::ConversationStarred { conversation, starred } => {
                set(&mut state.starred, *conversation, *starred);
            }
            PreferenceEvent::ConversationMuted { conversation, muted } => set(&mut state.muted, *conversation, *muted),
            PreferenceEvent::NotificationLevelSet { conversation, level } => {
                state.levels.insert(*conversation, *level);
            }
            PreferenceEvent::SidebarChanged { sections } => state.sections.clone_from(sections),
            PreferenceEvent::DndChanged { until } => state.dnd_until = *until,
            PreferenceEvent::QuietHoursChanged { quiet_hours } => state.quiet_hours.clone_from(quiet_hours),
            PreferenceEvent::KeywordsChanged { keywords } => state.keywords.clone_from(keywords),
        }
        state
    }
}

fn set(conversations: &mut BTreeSet<ConversationId>, conversation: ConversationId, there: bool) {
    if there {
        conversations.insert(conversation);
    } else {
        conversations.remove(&conversation);
    }
}

#[cfg(test)]
pub(crate) use quiet_hours::samples as quiet_samples;

#[cfg(test)]
pub(crate) mod samples {
    use events::{ConversationEvent, ConversationId, UserId};
    use uuid::Uuid;

    use crate::conversation::samples::{CHANNEL, created, joined};
    use crate::conversation::{Conversation, Reader};
    use crate::spec::given;

    /// Proof that somebody belongs to the channel of the specs.
    pub(crate) fn reader(user: UserId) -> Reader {
        let facts: [ConversationEvent; 2] = [created("cooking"), joined(user)];
        given::<Conversation>(&CHANNEL, facts).state().reader(user).unwrap()
    }

    /// So many other conversations.
    pub(crate) fn others(count: u128) -> impl Iterator<Item = ConversationId> {
        (0..count).map(|n| ConversationId::new(Uuid::from_u128(0x1_0000 + n)))
    }
}
