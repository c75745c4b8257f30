//! A device of a member's has received everything up to a message. That is for others to know: where nobody is told of
//! receipts nothing is kept. Pointers only move forward, and never beyond what exists.

use events::{Pointers, Position, ReceiptEvent, Told};

use super::{Receipt, Refusal};
use crate::Command;
use crate::conversation::Reader;

/// Mark a conversation as received up to a position.
#[derive(Debug, Clone, Copy)]
pub struct MarkDelivered {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// Position of the newest message received.
    pub up_to: Position,
    /// Position of the newest fact there is.
    pub newest: Position,
}

impl Command for MarkDelivered {
    type On = Receipt;

    fn decide(&self, state: &Pointers) -> Result<Vec<ReceiptEvent>, Refusal> {
        if self.up_to > self.newest {
            return Err(Refusal::BeyondTheNewest);
        }
        if !self.by.tells() || self.up_to <= state.told.delivered {
            return Ok(vec![]);
        }
        let told = Told { delivered: self.up_to, ..state.told };
        let delivered = state.delivered.max(self.up_to);
        Ok(vec![ReceiptEvent::DeliveredUpTo(Pointers { delivered, told, shared: true, ..*state })])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::samples::{HERE, delivered, known, own, quiet, read, shared, told};
    use crate::spec::given;
    use proptest::prelude::*;

    fn received(up_to: u64) -> MarkDelivered {
        MarkDelivered { by: told(), up_to: Position(up_to), newest: Position(100) }
    }

    #[test]
    fn e05_what_was_received_is_told_once_and_never_goes_back() {
        given::<Receipt>(&HERE, []).when(&received(7)).then([delivered(shared(7, 0, (7, 0)))]);
        let facts = || [delivered(shared(7, 0, (7, 0)))];
        for up_to in [6, 7] {
            given::<Receipt>(&HERE, facts()).when(&received(up_to)).nothing();
        }
        given::<Receipt>(&HERE, facts()).when(&received(8)).then([delivered(shared(8, 0, (8, 0)))]);
    }

    #[test]
    fn what_was_read_was_received() {
        given::<Receipt>(&HERE, [read(shared(7, 7, (7, 7)))]).when(&received(7)).nothing();
        let after = delivered(shared(8, 7, (8, 7)));
        given::<Receipt>(&HERE, [read(shared(7, 7, (7, 7)))]).when(&received(8)).then([after]);
    }

    #[test]
    fn what_was_read_in_private_is_told_as_received_when_a_device_says_so() {
        given::<Receipt>(&HERE, [read(own(7, 7))]).when(&received(7)).then([delivered(shared(7, 7, (7, 0)))]);
        given::<Receipt>(&HERE, [read(own(7, 7))]).when(&received(5)).then([delivered(shared(7, 7, (5, 0)))]);
        given::<Receipt>(&HERE, [read(known(7, 7, (5, 0)))]).when(&received(5)).nothing();
    }

    #[test]
    fn where_nobody_is_told_nothing_is_kept() {
        given::<Receipt>(&HERE, []).when(&MarkDelivered { by: quiet(), ..received(7) }).nothing();
    }

    #[test]
    fn nobody_receives_what_does_not_exist() {
        for by in [quiet(), told()] {
            let beyond = MarkDelivered { by, ..received(101) };
            given::<Receipt>(&HERE, []).when(&beyond).refused(Refusal::BeyondTheNewest);
        }
    }

    proptest! {
        /// Whatever order devices report in, others are told of the furthest, and each time of something further.
        #[test]
        fn the_order_of_reports_does_not_matter(reports in proptest::collection::vec(0_u64..=100, 0..20)) {
            let mut facts = Vec::new();
            for up_to in &reports {
                let state = given::<Receipt>(&HERE, facts.clone()).state();
                let told = received(*up_to).decide(&state).unwrap();
                prop_assert!(told.iter().all(|fact| fact.pointers_at(Position(0)).told.delivered > state.told.delivered));
                facts.extend(told);
            }
            let furthest = Position(reports.iter().copied().max().unwrap_or_default());
            prop_assert_eq!(given::<Receipt>(&HERE, facts).state().told.delivered, furthest);
        }
    }
}
