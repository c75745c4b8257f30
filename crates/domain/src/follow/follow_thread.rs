//! A member is to know what is answered in a thread: she says so, answers there, or is named in an answer. That counts
//! whatever she said before, and where she follows already it changes nothing.

use events::FollowEvent;

use super::{Follow, Refusal, State};
use crate::Command;
use crate::conversation::Reader;
use crate::message::Head;

/// Follow a thread.
#[derive(Debug, Clone, Copy)]
pub struct FollowThread {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// The thread.
    pub thread: Head,
}

impl Command for FollowThread {
    type On = Follow;

    fn decide(&self, state: &State) -> Result<Vec<FollowEvent>, Refusal> {
        if self.thread.conversation() != self.by.conversation() {
            return Err(Refusal::Elsewhere);
        }
        if state.following == Some(true) {
            return Ok(vec![]);
        }
        let (conversation, read, marked) = (self.by.conversation(), state.read, state.marked);
        Ok(vec![FollowEvent::ThreadFollowed { conversation, read, marked }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::follow::samples::{HERE, elsewhere, followed, head, marked, read, reader, unfollowed};
    use crate::spec::{BOB, given};
    use events::Position;

    #[test]
    fn a_thread_is_followed_once_and_what_was_read_stays_read() {
        let follow = FollowThread { by: reader(BOB), thread: head() };
        given::<Follow>(&HERE, []).when(&follow).then([followed(0)]);
        given::<Follow>(&HERE, [followed(0)]).when(&follow).nothing();
        given::<Follow>(&HERE, [followed(0), read(7, Some(true))]).when(&follow).nothing();
        given::<Follow>(&HERE, [read(7, None)]).when(&follow).then([followed(7)]);
        given::<Follow>(&HERE, [unfollowed(7)]).when(&follow).then([followed(7)]);
    }

    #[test]
    fn what_she_marked_unread_stays_so() {
        let follow = FollowThread { by: reader(BOB), thread: head() };
        let kept = FollowEvent::ThreadFollowed { conversation: CHANNEL, read: Position(4), marked: Some(Position(10)) };
        given::<Follow>(&HERE, [read(9, None), marked(4, None)]).when(&follow).then([kept]);
    }

    #[test]
    fn nobody_follows_from_another_conversation() {
        let smuggled = FollowThread { by: elsewhere(BOB), thread: head() };
        given::<Follow>(&HERE, []).when(&smuggled).refused(Refusal::Elsewhere);
    }
}
