//! A member wants to come back to a message: from there on all is unread to her again. What others were told that she has
//! seen stays seen. Marking what is unread already changes nothing.

use events::{Pointers, Position, ReceiptEvent};

use super::{Receipt, Refusal};
use crate::Command;
use crate::conversation::Reader;

/// Mark a conversation as unread from a message on.
#[derive(Debug, Clone, Copy)]
pub struct MarkUnread {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// Position of the message, which stands in the conversation's own list.
    pub from: Position,
    /// Everything up to here is read, wherever it stands.
    pub all_read: Position,
}

impl Command for MarkUnread {
    type On = Receipt;

    fn decide(&self, state: &Pointers) -> Result<Vec<ReceiptEvent>, Refusal> {
        let before = Position(self.from.0.saturating_sub(1));
        if state.read_with(self.all_read) <= before {
            return Ok(vec![]);
        }
        Ok(vec![ReceiptEvent::MarkedUnread(Pointers { read: before, shared: false, marked: None, ..*state })])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::MarkRead;
    use crate::receipt::samples::{HERE, known, own, read, shared, told};
    use crate::spec::given;
    use proptest::prelude::*;

    fn unread(from: u64) -> MarkUnread {
        MarkUnread { by: told(), from: Position(from), all_read: Position(0) }
    }

    fn marked(pointers: Pointers) -> ReceiptEvent {
        ReceiptEvent::MarkedUnread(pointers)
    }

    #[test]
    fn it_goes_back_to_before_the_message_and_others_keep_what_they_know() {
        let facts = || [read(shared(9, 9, (9, 9)))];
        given::<Receipt>(&HERE, facts()).when(&unread(5)).then([marked(known(9, 4, (9, 9)))]);
        let again = facts().into_iter().chain([marked(known(9, 4, (9, 9)))]);
        given::<Receipt>(&HERE, again).when(&unread(5)).nothing();
    }

    #[test]
    fn what_is_unread_stays_so() {
        given::<Receipt>(&HERE, []).when(&unread(5)).nothing();
        given::<Receipt>(&HERE, [read(own(4, 4))]).when(&unread(5)).nothing();
    }

    #[test]
    fn what_was_read_with_everything_is_marked_too() {
        let all = MarkUnread { all_read: Position(8), ..unread(5) };
        given::<Receipt>(&HERE, []).when(&all).then([marked(own(0, 4))]);
        let later = Pointers { marked: Some(Position(9)), ..own(0, 2) };
        given::<Receipt>(&HERE, [read(later)]).when(&all).nothing();
    }

    #[test]
    fn reading_it_again_tells_nobody_anew() {
        let facts = || [read(shared(9, 9, (9, 9))), marked(known(9, 4, (9, 9)))];
        let reading = |up_to| MarkRead {
            by: told(),
            up_to: Position(up_to),
            newest: Position(100),
            read_receipts: true,
            known: None,
        };
        let at = Some(Position(10));
        let again = Pointers { marked: at, ..known(9, 9, (9, 9)) };
        given::<Receipt>(&HERE, facts()).when(&reading(9)).then([read(again)]);
        let further = Pointers { marked: at, ..shared(12, 12, (12, 12)) };
        given::<Receipt>(&HERE, facts()).when(&reading(12)).then([read(further)]);
    }

    proptest! {
        /// Whatever comes when: reports that know nothing of the mark change nothing, and of those that do the furthest
        /// counts.
        #[test]
        fn the_order_of_reports_after_a_mark_does_not_matter(
            reports in proptest::collection::vec((0_u64..90, any::<bool>()), 0..20)
        ) {
            let mut state = Pointers { marked: Some(Position(95)), ..own(90, 20) };
            for (up_to, heard) in &reports {
                let known = Some(Position(if *heard { 95 } else { 94 }));
                let (up_to, newest) = (Position(*up_to), Position(100));
                let report = MarkRead { by: told(), up_to, newest, read_receipts: false, known };
                if let Some(fact) = report.decide(&state).unwrap().first() {
                    state = fact.pointers_at(Position(99));
                }
            }
            let heard = reports.iter().filter(|(_, heard)| *heard).map(|(up_to, _)| *up_to);
            prop_assert_eq!(state.read, Position(heard.chain([20]).max().unwrap_or_default()));
        }
    }
}
