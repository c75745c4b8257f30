//! A member takes a pin away. What is not pinned, or is gone, needs nothing.

use events::{MessageId, PinsEvent};

use super::{Pins, Refusal, State};
use crate::Command;
use crate::conversation::Participant;

/// Unpin a message.
#[derive(Debug, Clone, Copy)]
pub struct UnpinMessage {
    /// Who may take part in the conversation.
    pub by: Participant,
    /// Which message; it may be gone.
    pub message: MessageId,
}

impl Command for UnpinMessage {
    type On = Pins;

    fn decide(&self, state: &State) -> Result<Vec<PinsEvent>, Refusal> {
        if !state.messages.contains(&self.message) {
            return Ok(vec![]);
        }
        Ok(vec![PinsEvent::PinRemoved { message: self.message, by: self.by.user() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::message::samples::{HELLO, member};
    use crate::spec::{ANN, BOB, given};

    #[test]
    fn any_member_takes_a_pin_away_once() {
        let (added, removed) =
            (PinsEvent::PinAdded { message: HELLO, by: ANN }, PinsEvent::PinRemoved { message: HELLO, by: BOB });
        let unpin = UnpinMessage { by: member(BOB).into(), message: HELLO };
        given::<Pins>(&CHANNEL, [added.clone()]).when(&unpin).then([removed.clone()]);
        given::<Pins>(&CHANNEL, [added, removed]).when(&unpin).nothing();
        given::<Pins>(&CHANNEL, []).when(&unpin).nothing();
    }
}
