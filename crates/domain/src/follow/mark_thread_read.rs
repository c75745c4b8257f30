//! A member has read a thread up to an answer. Pointers only move forward, and never beyond what exists.

use events::{FollowEvent, Position};

use super::{Follow, Refusal, State};
use crate::Command;
use crate::conversation::Reader;
use crate::message::Head;

/// Mark a thread as read up to a position.
#[derive(Debug, Clone, Copy)]
pub struct MarkThreadRead {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// The thread.
    pub thread: Head,
    /// Position of the newest answer she has read.
    pub up_to: Position,
    /// Position of the newest fact there is.
    pub newest: Position,
    /// How far her device has heard of everything, as far as it says so.
    pub known: Option<Position>,
}

impl Command for MarkThreadRead {
    type On = Follow;

    fn decide(&self, state: &State) -> Result<Vec<FollowEvent>, Refusal> {
        if self.thread.conversation() != self.by.conversation() {
            return Err(Refusal::Elsewhere);
        }
        if self.up_to > self.newest {
            return Err(Refusal::BeyondTheNewest);
        }
        if self.up_to <= state.read || self.is_overtaken(state) {
            return Ok(vec![]);
        }
        let State { following, marked, .. } = *state;
        Ok(vec![FollowEvent::ThreadReadUpTo {
            conversation: self.by.conversation(),
            read: self.up_to,
            following,
            marked,
        }])
    }
}

impl MarkThreadRead {
    /// Whether this was said before she marked the thread unread, on a device that had not heard of that.
    fn is_overtaken(&self, state: &State) -> bool {
        let unheard = |marked| self.up_to < marked && self.known.is_some_and(|known| known < marked);
        state.marked.is_some_and(unheard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::follow::samples::{HERE, elsewhere, followed, head, marked, read, reader};
    use crate::spec::{BOB, given};

    fn read_to(up_to: u64) -> MarkThreadRead {
        MarkThreadRead { by: reader(BOB), thread: head(), up_to: Position(up_to), newest: Position(100), known: None }
    }

    #[test]
    fn reading_moves_forward_and_says_nothing_about_following() {
        given::<Follow>(&HERE, []).when(&read_to(7)).then([read(7, None)]);
        given::<Follow>(&HERE, [followed(3)]).when(&read_to(7)).then([read(7, Some(true))]);
        for up_to in [6, 7] {
            given::<Follow>(&HERE, [read(7, None)]).when(&read_to(up_to)).nothing();
        }
    }

    #[test]
    fn a_report_from_before_the_thread_was_marked_unread_changes_nothing() {
        let facts = || [followed(0), marked(4, Some(true))];
        let at = given::<Follow>(&HERE, facts()).state().marked;
        let report = |known| MarkThreadRead { known, ..read_to(7) };
        let again =
            FollowEvent::ThreadReadUpTo { conversation: CHANNEL, read: Position(7), following: Some(true), marked: at };
        given::<Follow>(&HERE, facts()).when(&report(at.map(|at| Position(at.0 - 1)))).nothing();
        given::<Follow>(&HERE, facts()).when(&report(at)).then([again.clone()]);
        given::<Follow>(&HERE, facts()).when(&report(None)).then([again]);
    }

    #[test]
    fn nobody_reads_what_does_not_exist_or_stands_elsewhere() {
        given::<Follow>(&HERE, []).when(&read_to(101)).refused(Refusal::BeyondTheNewest);
        let smuggled = MarkThreadRead { by: elsewhere(BOB), ..read_to(7) };
        given::<Follow>(&HERE, []).when(&smuggled).refused(Refusal::Elsewhere);
    }
}
