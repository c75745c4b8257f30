//! What holds for all that one person reads. Only the newest fact is kept, so each carries all of it.

mod mark_all_read;
mod set_read_receipts;

use events::{InboxEvent, Position, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use mark_all_read::MarkAllRead;
pub use set_read_receipts::SetReadReceipts;

/// The aggregate of `inbox-{user}`.
#[derive(Debug)]
pub struct Inbox;

/// An inbox as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether others are told how far she has read; they are, as long as she has not said otherwise.
    pub read_receipts: bool,
    /// Everything up to here is read.
    pub read: Position,
}

impl Default for State {
    fn default() -> Self {
        Self { read_receipts: true, read: Position::START }
    }
}

/// Why an inbox says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing has that position yet.
    #[error("the position is beyond the newest fact")]
    BeyondTheNewest,
}

impl Aggregate for Inbox {
    type Id = UserId;
    type State = State;
    type Event = InboxEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::inbox(*id)
    }

    fn evolve(_: State, fact: &Recorded<InboxEvent>) -> State {
        match fact.event {
            InboxEvent::ReadReceiptsSet { read_receipts, read } | InboxEvent::AllReadUpTo { read_receipts, read } => {
                State { read_receipts, read }
            }
        }
    }
}
