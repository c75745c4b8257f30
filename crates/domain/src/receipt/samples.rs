//! Receipts that specs begin with.

use events::{ConversationId, Pointers, Position, ReceiptEvent, Told, UserId};

use crate::conversation::samples::{CHANNEL, created, direct, joined};
use crate::conversation::{Conversation, Reader};
use crate::spec::{ANN, BOB, given};

pub(crate) const HERE: (ConversationId, UserId) = (CHANNEL, ANN);

/// Somebody who belongs to a channel, where receipts are nobody else's business.
pub(crate) fn quiet() -> Reader {
    given::<Conversation>(&CHANNEL, [created("cooking"), joined(ANN)]).state().reader(ANN).unwrap()
}

/// Somebody who belongs to a direct conversation, where they are told.
pub(crate) fn told() -> Reader {
    given::<Conversation>(&CHANNEL, [direct(&[ANN, BOB])]).state().reader(ANN).unwrap()
}

/// Pointers of which nobody else knows.
pub(crate) fn own(delivered: u64, read: u64) -> Pointers {
    let (delivered, read) = (Position(delivered), Position(read));
    Pointers { delivered, read, ..Pointers::default() }
}

/// Pointers of which others know so much; the fact tells them.
pub(crate) fn shared(delivered: u64, read: u64, told: (u64, u64)) -> Pointers {
    Pointers { shared: true, ..known(delivered, read, told) }
}

/// Pointers of which others know so much from before.
pub(crate) fn known(delivered: u64, read: u64, told: (u64, u64)) -> Pointers {
    let told = Told { delivered: Position(told.0), read: Position(told.1) };
    Pointers { told, ..own(delivered, read) }
}

pub(crate) fn read(pointers: Pointers) -> ReceiptEvent {
    ReceiptEvent::ReadUpTo(pointers)
}

pub(crate) fn delivered(pointers: Pointers) -> ReceiptEvent {
    ReceiptEvent::DeliveredUpTo(pointers)
}
