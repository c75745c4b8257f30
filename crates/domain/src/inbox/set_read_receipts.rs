//! Somebody lets others know how far she has read, or does so no longer.

use events::InboxEvent;

use super::{Inbox, Refusal, State};
use crate::Command;

/// Say whether others are told how far one has read.
#[derive(Debug, Clone, Copy)]
pub struct SetReadReceipts {
    /// Whether they are.
    pub read_receipts: bool,
}

impl Command for SetReadReceipts {
    type On = Inbox;

    fn decide(&self, state: &State) -> Result<Vec<InboxEvent>, Refusal> {
        let read_receipts = self.read_receipts;
        if state.read_receipts == read_receipts {
            return Ok(vec![]);
        }
        Ok(vec![InboxEvent::ReadReceiptsSet { read_receipts, read: state.read }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};
    use events::Position;

    fn set(read_receipts: bool, read: u64) -> InboxEvent {
        InboxEvent::ReadReceiptsSet { read_receipts, read: Position(read) }
    }

    #[test]
    fn e05_others_are_told_until_one_says_otherwise() {
        let (on, off) = (SetReadReceipts { read_receipts: true }, SetReadReceipts { read_receipts: false });
        given::<Inbox>(&ANN, []).when(&on).nothing();
        given::<Inbox>(&ANN, []).when(&off).then([set(false, 0)]);
        given::<Inbox>(&ANN, [set(false, 0)]).when(&off).nothing();
        given::<Inbox>(&ANN, [set(false, 0)]).when(&on).then([set(true, 0)]);
        let all_read = InboxEvent::AllReadUpTo { read_receipts: true, read: Position(7) };
        given::<Inbox>(&ANN, [all_read]).when(&off).then([set(false, 7)]);
    }
}
