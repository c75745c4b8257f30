//! A member wants to come back to an answer that stands in a thread alone: from there on the thread is unread to her
//! again. Marking anew what she has marked, and not read since, changes nothing.

use events::{FollowEvent, Position};

use super::{Follow, Refusal, State};
use crate::Command;
use crate::conversation::Reader;
use crate::message::Head;

/// Mark a thread as unread from an answer on.
#[derive(Debug, Clone, Copy)]
pub struct MarkThreadUnread {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// The thread.
    pub thread: Head,
    /// Position of the answer.
    pub from: Position,
    /// Everything up to here is read, wherever it stands.
    pub all_read: Position,
}

impl Command for MarkThreadUnread {
    type On = Follow;

    fn decide(&self, state: &State) -> Result<Vec<FollowEvent>, Refusal> {
        if self.thread.conversation() != self.by.conversation() {
            return Err(Refusal::Elsewhere);
        }
        let before = Position(self.from.0.saturating_sub(1));
        // Without a mark that counts, what she has read may be more than she has said: her own answers are.
        if state.marked.is_some_and(|marked| marked > self.all_read) && state.read <= before {
            return Ok(vec![]);
        }
        let (conversation, read, following) = (self.by.conversation(), before, state.following);
        Ok(vec![FollowEvent::ThreadMarkedUnread { conversation, read, following }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow::samples::{HERE, elsewhere, followed, head, marked, read, reader, unfollowed};
    use crate::spec::{BOB, given};

    fn unread(from: u64) -> MarkThreadUnread {
        MarkThreadUnread { by: reader(BOB), thread: head(), from: Position(from), all_read: Position(0) }
    }

    #[test]
    fn the_pointer_goes_back_to_before_the_answer_and_following_stays_as_it_is() {
        given::<Follow>(&HERE, []).when(&unread(5)).then([marked(4, None)]);
        given::<Follow>(&HERE, [followed(0), read(9, Some(true))]).when(&unread(5)).then([marked(4, Some(true))]);
        given::<Follow>(&HERE, [unfollowed(9)]).when(&unread(5)).then([marked(4, Some(false))]);
    }

    #[test]
    fn what_is_marked_and_was_not_read_since_stays_so() {
        let facts = || [read(9, None), marked(4, None)];
        for from in [5, 6] {
            given::<Follow>(&HERE, facts()).when(&unread(from)).nothing();
        }
        given::<Follow>(&HERE, facts()).when(&unread(4)).then([marked(3, None)]);
        let left = [marked(4, Some(true)), unfollowed(4)];
        given::<Follow>(&HERE, left).when(&unread(5)).then([marked(4, Some(false))]);
    }

    #[test]
    fn what_was_read_with_everything_since_is_marked_anew() {
        let all = MarkThreadUnread { all_read: Position(50), ..unread(5) };
        given::<Follow>(&HERE, [read(9, None), marked(4, None)]).when(&all).then([marked(4, None)]);
    }

    #[test]
    fn nobody_marks_what_stands_elsewhere() {
        let smuggled = MarkThreadUnread { by: elsewhere(BOB), ..unread(5) };
        given::<Follow>(&HERE, []).when(&smuggled).refused(Refusal::Elsewhere);
    }
}
