//! Saved messages that specs begin with.

use events::{MessageId, SavedEvent, SavedState, Timestamp};

use crate::conversation::samples::CHANNEL;

pub(crate) fn saved(message: MessageId, state: SavedState, remind_at: Option<Timestamp>) -> SavedEvent {
    SavedEvent::MessageSaved { message, conversation: Some(CHANNEL), saved: true, state, remind_at }
}

pub(crate) fn unsaved(message: MessageId) -> SavedEvent {
    SavedEvent::MessageSaved {
        message,
        conversation: Some(CHANNEL),
        saved: false,
        state: SavedState::InProgress,
        remind_at: None,
    }
}
