//! What one person has saved for later, and how far she has come with it. One stream for all of it: a cap that is
//! decided in many streams can be raced.

mod save_message;
mod set_saved_state;
mod unsave_message;

use std::collections::BTreeMap;

use events::{ConversationId, MessageId, Recorded, SavedEvent, SavedState, StreamName, Timestamp, UserId};

use crate::Aggregate;

pub use save_message::{MOST_SAVED, SaveMessage};
pub use set_saved_state::SetSavedState;
pub use unsave_message::UnsaveMessage;

/// The aggregate of `saved-{user}`.
#[derive(Debug)]
pub struct Saved;

/// What is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Which messages.
    pub messages: BTreeMap<MessageId, Place>,
}

/// Where a message stands among what was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// In which conversation it stands.
    pub conversation: Option<ConversationId>,
    /// How far she has come with it.
    pub state: SavedState,
    /// When she wants to be reminded of it.
    pub remind_at: Option<Timestamp>,
}

impl Place {
    fn of(self, message: MessageId) -> SavedEvent {
        let Self { conversation, state, remind_at } = self;
        SavedEvent::MessageSaved { message, conversation, saved: true, state, remind_at }
    }
}

/// Why what is saved says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The message stands in another conversation.
    #[error("the message stands elsewhere")]
    Elsewhere,
    /// Enough is saved.
    #[error("too many messages are saved")]
    TooMany,
    /// She has not saved it.
    #[error("the message is not saved")]
    NotSaved,
}

impl Aggregate for Saved {
    type Id = UserId;
    type State = State;
    type Event = SavedEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::saved(*id)
    }

    fn evolve(mut known: State, fact: &Recorded<SavedEvent>) -> State {
        let SavedEvent::MessageSaved { message, conversation, saved, state, remind_at } = fact.event;
        if saved {
            known.messages.insert(message, Place { conversation, state, remind_at });
        } else {
            known.messages.remove(&message);
        }
        known
    }
}

#[cfg(test)]
pub(crate) mod samples;
