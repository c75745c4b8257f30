//! Somebody puts away what she saved, is done with it, or takes it up again.

use events::{MessageId, SavedEvent, SavedState};

use super::{Place, Refusal, Saved, State};
use crate::Command;

/// Say how far one has come with a saved message.
#[derive(Debug, Clone, Copy)]
pub struct SetSavedState {
    /// Which message.
    pub message: MessageId,
    /// How far.
    pub state: SavedState,
}

impl Command for SetSavedState {
    type On = Saved;

    fn decide(&self, known: &State) -> Result<Vec<SavedEvent>, Refusal> {
        match known.messages.get(&self.message) {
            None => Err(Refusal::NotSaved),
            Some(place) if place.state == self.state => Ok(vec![]),
            Some(place) => Ok(vec![Place { state: self.state, ..*place }.of(self.message)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::samples::HELLO;
    use crate::saved::samples::{saved, unsaved};
    use crate::spec::{BOB, given};
    use events::Timestamp;

    fn set(state: SavedState) -> SetSavedState {
        SetSavedState { message: HELLO, state }
    }

    #[test]
    fn what_is_saved_is_put_away_and_done_and_keeps_its_reminder() {
        let at = Some(Timestamp::from_unix_ms(5));
        let to_do = || saved(HELLO, SavedState::InProgress, at);
        for state in [SavedState::Archived, SavedState::Completed] {
            given::<Saved>(&BOB, [to_do()]).when(&set(state)).then([saved(HELLO, state, at)]);
            given::<Saved>(&BOB, [to_do(), saved(HELLO, state, at)]).when(&set(state)).nothing();
            given::<Saved>(&BOB, [saved(HELLO, state, at)]).when(&set(SavedState::InProgress)).then([to_do()]);
        }
    }

    #[test]
    fn what_is_not_saved_has_no_state() {
        given::<Saved>(&BOB, []).when(&set(SavedState::Completed)).refused(Refusal::NotSaved);
        let gone = [saved(HELLO, SavedState::InProgress, None), unsaved(HELLO)];
        given::<Saved>(&BOB, gone).when(&set(SavedState::InProgress)).refused(Refusal::NotSaved);
    }
}
