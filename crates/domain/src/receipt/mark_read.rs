//! A member has read up to a message. Pointers only move forward, and never beyond what exists.

use events::{Position, ReceiptEvent};

use super::{Receipt, Refusal, State};
use crate::Command;
use crate::conversation::Reader;

/// Mark a conversation as read up to a position.
#[derive(Debug, Clone, Copy)]
pub struct MarkRead {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// Position of the newest message she has read.
    pub up_to: Position,
    /// Position of the newest fact there is.
    pub newest: Position,
}

impl Command for MarkRead {
    type On = Receipt;

    fn decide(&self, state: &State) -> Result<Vec<ReceiptEvent>, Refusal> {
        if self.up_to > self.newest {
            return Err(Refusal::BeyondTheNewest);
        }
        if self.up_to <= state.read {
            return Ok(vec![]);
        }
        Ok(vec![ReceiptEvent::ReadUpTo { delivered: state.delivered.max(self.up_to), read: self.up_to }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversation;
    use crate::conversation::samples::{CHANNEL, created, joined};
    use crate::spec::{ANN, given};
    use proptest::prelude::*;

    fn read_to(up_to: u64) -> MarkRead {
        let state = given::<Conversation>(&CHANNEL, [created("cooking"), joined(ANN)]).state();
        MarkRead { by: state.reader(ANN).unwrap(), up_to: Position(up_to), newest: Position(100) }
    }

    fn read(delivered: u64, read: u64) -> ReceiptEvent {
        ReceiptEvent::ReadUpTo { delivered: Position(delivered), read: Position(read) }
    }

    const HERE: (events::ConversationId, events::UserId) = (CHANNEL, ANN);

    #[test]
    fn reading_moves_both_pointers_forward() {
        given::<Receipt>(&HERE, []).when(&read_to(7)).then([read(7, 7)]);
        let delivered = ReceiptEvent::DeliveredUpTo { delivered: Position(9), read: Position(2) };
        given::<Receipt>(&HERE, [delivered]).when(&read_to(7)).then([read(9, 7)]);
    }

    #[test]
    fn reading_what_is_read_changes_nothing() {
        for up_to in [6, 7] {
            given::<Receipt>(&HERE, [read(7, 7)]).when(&read_to(up_to)).nothing();
        }
    }

    #[test]
    fn nobody_reads_what_does_not_exist() {
        given::<Receipt>(&HERE, []).when(&read_to(100)).then([read(100, 100)]);
        given::<Receipt>(&HERE, []).when(&read_to(101)).refused(Refusal::BeyondTheNewest);
    }

    proptest! {
        /// Whatever order two devices report in, the pointer ends at the furthest.
        #[test]
        fn the_order_of_reports_does_not_matter(reports in proptest::collection::vec(0_u64..=100, 0..20)) {
            let mut facts = Vec::new();
            for up_to in &reports {
                let state = given::<Receipt>(&HERE, facts.clone()).state();
                facts.extend(read_to(*up_to).decide(&state).unwrap());
            }
            let furthest = reports.iter().copied().max().unwrap_or_default();
            prop_assert_eq!(given::<Receipt>(&HERE, facts).state().read, Position(furthest));
        }
    }
}
