//! How far one member has received and read one conversation, and how far others are told that she is. Only the newest
//! fact is kept, so each carries all of it.

mod mark_delivered;
mod mark_read;
mod mark_unread;

use events::{ConversationId, Pointers, ReceiptEvent, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use mark_delivered::MarkDelivered;
pub use mark_read::MarkRead;
pub use mark_unread::MarkUnread;

/// The aggregate of `receipt-{conversation}.{user}`.
#[derive(Debug)]
pub struct Receipt;

/// Why a receipt says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing has that position yet.
    #[error("the position is beyond the newest fact")]
    BeyondTheNewest,
}

impl Aggregate for Receipt {
    type Id = (ConversationId, UserId);
    type State = Pointers;
    type Event = ReceiptEvent;
    type Refusal = Refusal;

    fn stream((conversation, user): &(ConversationId, UserId)) -> StreamName {
        StreamName::receipt(*conversation, *user)
    }

    fn evolve(_: Pointers, fact: &Recorded<ReceiptEvent>) -> Pointers {
        fact.event.pointers_at(fact.position)
    }
}

#[cfg(test)]
pub(crate) mod samples;
