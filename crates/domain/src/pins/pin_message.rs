//! A member pins a message for everybody in the conversation.

use events::PinsEvent;

use super::{Pins, Refusal, State};
use crate::Command;
use crate::conversation::Poster;
use crate::message::Living;

/// How much may be pinned in one conversation.
pub const MOST_PINS: usize = 100;

/// Pin a message.
#[derive(Debug, Clone, Copy)]
pub struct PinMessage {
    /// Who may post in the conversation.
    pub by: Poster,
    /// That the message is there.
    pub message: Living,
}

impl Command for PinMessage {
    type On = Pins;

    fn decide(&self, state: &State) -> Result<Vec<PinsEvent>, Refusal> {
        if self.message.conversation() != self.by.conversation() {
            return Err(Refusal::Elsewhere);
        }
        if state.messages.contains(&self.message.message()) {
            return Ok(vec![]);
        }
        if state.messages.len() >= MOST_PINS {
            return Err(Refusal::TooMany);
        }
        Ok(vec![PinsEvent::PinAdded { message: self.message.message(), by: self.by.user() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::message::samples::{HELLO, deleted, elsewhere, member, posted};
    use crate::message::{self, Message};
    use crate::spec::{ANN, BOB, given};
    use events::{MessageId, UserId};
    use uuid::Uuid;

    fn pinned(message: MessageId, by: UserId) -> PinsEvent {
        PinsEvent::PinAdded { message, by }
    }

    fn pin(by: Poster) -> PinMessage {
        PinMessage { by, message: given::<Message>(&HELLO, [posted("hello")]).state().living(HELLO).unwrap() }
    }

    #[test]
    fn a_member_pins_a_message_once() {
        given::<Pins>(&CHANNEL, []).when(&pin(member(BOB))).then([pinned(HELLO, BOB)]);
        given::<Pins>(&CHANNEL, [pinned(HELLO, ANN)]).when(&pin(member(BOB))).nothing();
        let again = [pinned(HELLO, ANN), PinsEvent::PinRemoved { message: HELLO, by: ANN }];
        given::<Pins>(&CHANNEL, again).when(&pin(member(BOB))).then([pinned(HELLO, BOB)]);
    }

    #[test]
    fn so_much_is_pinned_and_no_more() {
        let full = || (100..).take(MOST_PINS).map(|n| pinned(MessageId::new(Uuid::from_u128(n)), ANN));
        given::<Pins>(&CHANNEL, full()).when(&pin(member(BOB))).refused(Refusal::TooMany);
        given::<Pins>(&CHANNEL, full().skip(1)).when(&pin(member(BOB))).then([pinned(HELLO, BOB)]);
        given::<Pins>(&CHANNEL, full().skip(1).chain([pinned(HELLO, ANN)])).when(&pin(member(BOB))).nothing();
    }

    #[test]
    fn a_message_is_pinned_where_it_stands_and_while_it_is_there() {
        given::<Pins>(&CHANNEL, []).when(&pin(elsewhere(BOB))).refused(Refusal::Elsewhere);
        let gone = given::<Message>(&HELLO, [posted("hello"), deleted()]).state();
        assert_eq!(gone.living(HELLO), Err(message::Refusal::Deleted));
        assert_eq!(message::State::Missing.living(HELLO), Err(message::Refusal::Missing));
    }
}
