//! A member has read up to a message. Pointers only move forward, and never beyond what exists. Others are told where the
//! conversation tells of receipts and she lets them know; nobody is told twice, or of anything that was read before.

use events::{Pointers, Position, ReceiptEvent, Told};

use super::{Receipt, Refusal};
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
    /// Whether she lets others know.
    pub read_receipts: bool,
    /// How far her device has heard of everything, as far as it says so.
    pub known: Option<Position>,
}

impl Command for MarkRead {
    type On = Receipt;

    fn decide(&self, state: &Pointers) -> Result<Vec<ReceiptEvent>, Refusal> {
        if self.up_to > self.newest {
            return Err(Refusal::BeyondTheNewest);
        }
        if self.up_to <= state.read || self.is_overtaken(state) {
            return Ok(vec![]);
        }
        let (delivered, read) = (state.delivered.max(self.up_to), self.up_to);
        let shared = self.by.tells() && self.read_receipts && read > state.told.read;
        let told = if shared { Told { delivered: state.told.delivered.max(read), read } } else { state.told };
        Ok(vec![ReceiptEvent::ReadUpTo(Pointers { delivered, read, told, shared, ..*state })])
    }
}

impl MarkRead {
    /// Whether this was said before she marked something unread, on a device that had not heard of that.
    fn is_overtaken(&self, state: &Pointers) -> bool {
        let unheard = |marked| self.up_to < marked && self.known.is_some_and(|known| known < marked);
        state.marked.is_some_and(unheard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::samples::{HERE, delivered, known, own, quiet, read, shared, told};
    use crate::spec::given;
    use proptest::prelude::*;

    fn read_to(up_to: u64) -> MarkRead {
        MarkRead { by: quiet(), up_to: Position(up_to), newest: Position(100), read_receipts: true, known: None }
    }

    fn told_to(up_to: u64) -> MarkRead {
        MarkRead { by: told(), ..read_to(up_to) }
    }

    #[test]
    fn reading_moves_both_pointers_forward() {
        given::<Receipt>(&HERE, []).when(&read_to(7)).then([read(own(7, 7))]);
        given::<Receipt>(&HERE, [delivered(own(9, 2))]).when(&read_to(7)).then([read(own(9, 7))]);
    }

    #[test]
    fn reading_what_is_read_changes_nothing() {
        for up_to in [6, 7] {
            given::<Receipt>(&HERE, [read(own(7, 7))]).when(&read_to(up_to)).nothing();
            given::<Receipt>(&HERE, [read(own(7, 7))]).when(&told_to(up_to)).nothing();
        }
    }

    #[test]
    fn nobody_reads_what_does_not_exist() {
        given::<Receipt>(&HERE, []).when(&read_to(100)).then([read(own(100, 100))]);
        given::<Receipt>(&HERE, []).when(&read_to(101)).refused(Refusal::BeyondTheNewest);
    }

    #[test]
    fn a_report_from_before_something_was_marked_unread_changes_nothing() {
        let marked = || [read(Pointers { marked: Some(Position(50)), ..own(40, 10) })];
        let report = |up_to, known: u64| MarkRead { known: Some(Position(known)), ..read_to(up_to) };
        given::<Receipt>(&HERE, marked()).when(&report(40, 45)).nothing();
        let again = read(Pointers { marked: Some(Position(50)), ..own(40, 40) });
        given::<Receipt>(&HERE, marked()).when(&report(40, 50)).then([again.clone()]);
        given::<Receipt>(&HERE, marked()).when(&read_to(40)).then([again]);
        let beyond = read(Pointers { marked: Some(Position(50)), ..own(60, 60) });
        given::<Receipt>(&HERE, marked()).when(&report(60, 45)).then([beyond]);
    }

    #[test]
    fn e05_others_are_told_where_the_conversation_tells() {
        given::<Receipt>(&HERE, []).when(&told_to(7)).then([read(shared(7, 7, (7, 7)))]);
        let received = [delivered(shared(9, 0, (9, 0)))];
        given::<Receipt>(&HERE, received).when(&told_to(7)).then([read(shared(9, 7, (9, 7)))]);
    }

    #[test]
    fn e05_who_reads_in_private_tells_nobody_and_others_keep_what_they_know() {
        let private = |up_to| MarkRead { read_receipts: false, ..told_to(up_to) };
        given::<Receipt>(&HERE, []).when(&private(7)).then([read(own(7, 7))]);
        let facts = || [read(shared(5, 5, (5, 5)))];
        given::<Receipt>(&HERE, facts()).when(&private(7)).then([read(known(7, 7, (5, 5)))]);
        let back = [read(known(7, 7, (5, 5)))];
        given::<Receipt>(&HERE, back).when(&told_to(8)).then([read(shared(8, 8, (8, 8)))]);
    }

    proptest! {
        /// Whatever order two devices report in, the pointer ends at the furthest.
        #[test]
        fn the_order_of_reports_does_not_matter(reports in proptest::collection::vec(0_u64..=100, 0..20)) {
            let mut facts = Vec::new();
            for up_to in &reports {
                let state = given::<Receipt>(&HERE, facts.clone()).state();
                facts.extend(told_to(*up_to).decide(&state).unwrap());
            }
            let furthest = Position(reports.iter().copied().max().unwrap_or_default());
            let state = given::<Receipt>(&HERE, facts).state();
            prop_assert_eq!((state.read, state.told.read), (furthest, furthest));
        }
    }
}
