//! Somebody takes a message away from what she saved, whether she may still see it or not.

use events::{MessageId, SavedEvent, SavedState};

use super::{Place, Refusal, Saved, State};
use crate::Command;

/// Take a message away from what is saved.
#[derive(Debug, Clone, Copy)]
pub struct UnsaveMessage {
    /// Which.
    pub message: MessageId,
}

impl Command for UnsaveMessage {
    type On = Saved;

    fn decide(&self, known: &State) -> Result<Vec<SavedEvent>, Refusal> {
        let Some(Place { conversation, .. }) = known.messages.get(&self.message).copied() else { return Ok(vec![]) };
        let (message, state) = (self.message, SavedState::InProgress);
        Ok(vec![SavedEvent::MessageSaved { message, conversation, saved: false, state, remind_at: None }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::samples::HELLO;
    use crate::saved::samples::{saved, unsaved};
    use crate::spec::{BOB, given};

    #[test]
    fn what_is_saved_is_taken_away_once() {
        let unsave = UnsaveMessage { message: HELLO };
        let there = saved(HELLO, SavedState::Completed, None);
        given::<Saved>(&BOB, []).when(&unsave).nothing();
        given::<Saved>(&BOB, [there.clone()]).when(&unsave).then([unsaved(HELLO)]);
        given::<Saved>(&BOB, [there, unsaved(HELLO)]).when(&unsave).nothing();
    }
}
