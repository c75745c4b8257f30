//! What is pinned in one conversation. One stream for all of it: a cap that is decided in many streams can be raced.

mod pin_message;
mod unpin_message;

use std::collections::BTreeSet;

use events::{ConversationId, MessageId, PinsEvent, Recorded, StreamName};

use crate::Aggregate;

pub use pin_message::{MOST_PINS, PinMessage};
pub use unpin_message::UnpinMessage;

/// The aggregate of `pins-{conversation}`.
#[derive(Debug)]
pub struct Pins;

/// What is pinned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Which messages.
    pub messages: BTreeSet<MessageId>,
}

/// Why pins say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The message stands in another conversation.
    #[error("the message stands elsewhere")]
    Elsewhere,
    /// Enough is pinned.
    #[error("the conversation has too many pins")]
    TooMany,
}

impl Aggregate for Pins {
    type Id = ConversationId;
    type State = State;
    type Event = PinsEvent;
    type Refusal = Refusal;

    fn stream(id: &ConversationId) -> StreamName {
        StreamName::pins(*id)
    }

    fn evolve(mut state: State, fact: &Recorded<PinsEvent>) -> State {
        match &fact.event {
            PinsEvent::PinAdded { message, .. } => state.messages.insert(*message),
            PinsEvent::PinRemoved { message, .. } => state.messages.remove(message),
        };
        state
    }
}
