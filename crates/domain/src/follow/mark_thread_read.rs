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
        if self.up_to <= state.read {
            return Ok(vec![]);
        }
        let (conversation, read, following) = (self.by.conversation(), self.up_to, state.following);
        Ok(vec![FollowEvent::ThreadReadUpTo { conversation, read, following }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow::samples::{HERE, elsewhere, followed, head, read, reader};
    use crate::spec::{BOB, given};

    fn read_to(up_to: u64) -> MarkThreadRead {
        MarkThreadRead { by: reader(BOB), thread: head(), up_to: Position(up_to), newest: Position(100) }
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
    fn nobody_reads_what_does_not_exist_or_stands_elsewhere() {
        given::<Follow>(&HERE, []).when(&read_to(101)).refused(Refusal::BeyondTheNewest);
        let smuggled = MarkThreadRead { by: elsewhere(BOB), ..read_to(7) };
        given::<Follow>(&HERE, []).when(&smuggled).refused(Refusal::Elsewhere);
    }
}
