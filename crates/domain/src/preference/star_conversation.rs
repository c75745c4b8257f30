//! Somebody stars a conversation of hers, or does so no longer.

use events::PreferenceEvent;

use super::{MOST, Preference, Refusal, State};
use crate::Command;
use crate::conversation::Reader;

/// Star a conversation, or take that back.
#[derive(Debug, Clone, Copy)]
pub struct StarConversation {
    /// Who does it, and which conversation.
    pub of: Reader,
    /// How it shall be.
    pub starred: bool,
}

impl Command for StarConversation {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        let (conversation, starred) = (self.of.conversation(), self.starred);
        if state.starred.contains(&conversation) == starred {
            return Ok(vec![]);
        }
        if starred && state.starred.len() >= MOST {
            return Err(Refusal::TooManyStarred);
        }
        Ok(vec![PreferenceEvent::ConversationStarred { conversation, starred }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::preference::samples::{others, reader};
    use crate::spec::{ANN, given};

    fn set(starred: bool) -> PreferenceEvent {
        PreferenceEvent::ConversationStarred { conversation: CHANNEL, starred }
    }

    fn command(starred: bool) -> StarConversation {
        StarConversation { of: reader(ANN), starred }
    }

    #[test]
    fn it_is_done_once_and_taken_back_once() {
        given::<Preference>(&ANN, []).when(&command(true)).then([set(true)]);
        given::<Preference>(&ANN, [set(true)]).when(&command(true)).nothing();
        given::<Preference>(&ANN, [set(true)]).when(&command(false)).then([set(false)]);
        given::<Preference>(&ANN, [set(true), set(false)]).when(&command(false)).nothing();
        given::<Preference>(&ANN, []).when(&command(false)).nothing();
    }

    #[test]
    fn there_are_only_so_many() {
        let many =
            || others(500).map(|conversation| PreferenceEvent::ConversationStarred { conversation, starred: true });
        given::<Preference>(&ANN, many()).when(&command(true)).refused(Refusal::TooManyStarred);
        given::<Preference>(&ANN, many().skip(1)).when(&command(true)).then([set(true)]);
    }
}
