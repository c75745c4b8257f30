//! How far one member has received and read one conversation. Only the newest fact is kept, so each carries both.

mod mark_read;

use events::{ConversationId, Position, ReceiptEvent, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use mark_read::MarkRead;

/// The aggregate of `receipt-{conversation}.{user}`.
#[derive(Debug)]
pub struct Receipt;

/// Both pointers of a member.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Position of the newest message received.
    pub delivered: Position,
    /// Position of the newest message read.
    pub read: Position,
}

/// Why a receipt says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing has that position yet.
    #[error("the position is beyond the newest fact")]
    BeyondTheNewest,
}

impl Aggregate for Receipt {
    type Id = (ConversationId, UserId);
    type State = State;
    type Event = ReceiptEvent;
    type Refusal = Refusal;

    fn stream((conversation, user): &(ConversationId, UserId)) -> StreamName {
        StreamName::receipt(*conversation, *user)
    }

    fn evolve(_: State, fact: &Recorded<ReceiptEvent>) -> State {
        match fact.event {
            ReceiptEvent::DeliveredUpTo { delivered, read } | ReceiptEvent::ReadUpTo { delivered, read } => {
                State { delivered, read }
            }
        }
    }
}
