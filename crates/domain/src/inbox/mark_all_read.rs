//! Somebody has read everything up to a position, wherever it stands: one fact, however many conversations she is in. It
//! only moves forward, never beyond what exists, and tells nobody else that she has seen anything.

use events::{InboxEvent, Position};

use super::{Inbox, Refusal, State};
use crate::Command;

/// Mark everything as read up to a position.
#[derive(Debug, Clone, Copy)]
pub struct MarkAllRead {
    /// Position of the newest fact she has heard of.
    pub up_to: Position,
    /// Position of the newest fact there is.
    pub newest: Position,
}

impl Command for MarkAllRead {
    type On = Inbox;

    fn decide(&self, state: &State) -> Result<Vec<InboxEvent>, Refusal> {
        if self.up_to > self.newest {
            return Err(Refusal::BeyondTheNewest);
        }
        if self.up_to <= state.read {
            return Ok(vec![]);
        }
        Ok(vec![InboxEvent::AllReadUpTo { read_receipts: state.read_receipts, read: self.up_to }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    fn all_read(up_to: u64) -> MarkAllRead {
        MarkAllRead { up_to: Position(up_to), newest: Position(100) }
    }

    fn fact(read_receipts: bool, read: u64) -> InboxEvent {
        InboxEvent::AllReadUpTo { read_receipts, read: Position(read) }
    }

    #[test]
    fn everything_is_read_once_and_it_only_goes_forward() {
        given::<Inbox>(&ANN, []).when(&all_read(7)).then([fact(true, 7)]);
        for up_to in [6, 7] {
            given::<Inbox>(&ANN, [fact(true, 7)]).when(&all_read(up_to)).nothing();
        }
        let private = InboxEvent::ReadReceiptsSet { read_receipts: false, read: Position(7) };
        given::<Inbox>(&ANN, [private]).when(&all_read(8)).then([fact(false, 8)]);
    }

    #[test]
    fn nobody_reads_what_does_not_exist() {
        given::<Inbox>(&ANN, []).when(&all_read(101)).refused(Refusal::BeyondTheNewest);
    }
}
