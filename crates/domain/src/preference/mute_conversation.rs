//! Somebody mutes a conversation of hers, or does so no longer.

use events::PreferenceEvent;

use super::{MOST, Preference, Refusal, State};
use crate::Command;
use crate::conversation::Reader;

/// Mute a conversation, or take that back.
#[derive(Debug, Clone, Copy)]
pub struct MuteConversation {
    /// Who does it, and which conversation.
    pub of: Reader,
    /// How it shall be.
    pub muted: bool,
}

impl Command for MuteConversation {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        let (conversation, muted) = (self.of.conversation(), self.muted);
        if state.muted.contains(&conversation) == muted {
            return Ok(vec![]);
        }
        if muted && state.muted.len() >= MOST {
            return Err(Refusal::TooManyMuted);
        }
        Ok(vec![PreferenceEvent::ConversationMuted { conversation, muted }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::preference::samples::{others, reader};
    use crate::spec::{ANN, given};

    fn set(muted: bool) -> PreferenceEvent {
        PreferenceEvent::ConversationMuted { conversation: CHANNEL, muted }
    }

    fn command(muted: bool) -> MuteConversation {
        MuteConversation { of: reader(ANN), muted }
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
        let many = || others(500).map(|conversation| PreferenceEvent::ConversationMuted { conversation, muted: true });
        given::<Preference>(&ANN, many()).when(&command(true)).refused(Refusal::TooManyMuted);
        given::<Preference>(&ANN, many().skip(1)).when(&command(true)).then([set(true)]);
    }
}
