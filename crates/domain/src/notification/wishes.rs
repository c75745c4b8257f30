//! What everybody wants of notifications, as far as it is not as usual, found from both sides: by person for deciding,
//! and by conversation and keyword for finding whom a message is for.

use std::collections::{BTreeSet, HashMap};

use events::{ConversationId, NotificationLevel, PreferenceEvent, Recorded, UserId};

use super::keyword_index::KeywordIndex;
use crate::Aggregate;
use crate::preference::{Preference, State};

#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    of: HashMap<UserId, State>,
    /// Who wants to hear of every message.
    all: HashMap<ConversationId, BTreeSet<UserId>>,
    keywords: KeywordIndex,
}

impl Wishes {
    /// Takes a fact about somebody's settings; those that have nothing to do with notifications change nothing.
    pub(super) fn fold(&mut self, user: UserId, fact: &Recorded<PreferenceEvent>) {
        match &fact.event {
            PreferenceEvent::ConversationStarred { .. } | PreferenceEvent::SidebarChanged { .. } => return,
            PreferenceEvent::NotificationLevelSet { conversation, level } => self.level(user, *conversation, *level),
            PreferenceEvent::KeywordsChanged { keywords } => {
                let former = self.of.get(&user).map_or(&[][..], |state| &state.keywords);
                self.keywords.change(user, former, keywords);
            }
            PreferenceEvent::ConversationMuted { .. }
            | PreferenceEvent::DndChanged { .. }
            | PreferenceEvent::QuietHoursChanged { .. } => {}
        }
        let state = self.of.remove(&user).unwrap_or_default();
        self.of.insert(user, Preference::evolve(state, fact));
    }

    fn level(&mut self, user: UserId, conversation: ConversationId, level: NotificationLevel) {
        let all = self.all.entry(conversation).or_default();
        match level {
            NotificationLevel::All => _ = all.insert(user),
            NotificationLevel::Mentions | NotificationLevel::Nothing => _ = all.remove(&user),
        }
        if all.is_empty() {
            self.all.remove(&conversation);
        }
    }

    /// What somebody wants; nothing when all is as usual.
    pub(super) fn of(&self, user: UserId) -> Option<&State> {
        self.of.get(&user)
    }

    /// Who wants to hear of every message of a conversation.
    pub(super) fn all(&self, conversation: ConversationId) -> impl Iterator<Item = UserId> {
        self.all.get(&conversation).into_iter().flatten().copied()
    }

    /// Whose keywords a message's text has.
    pub(super) fn keywords_in(&self, text: &str) -> BTreeSet<UserId> {
        self.keywords.found_in(text)
    }
}
