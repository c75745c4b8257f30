//! A member does not want to know what is answered in a thread, even if she takes part in it; until she answers or is
//! named there again.

use events::FollowEvent;

use super::{Follow, Refusal, State};
use crate::Command;
use crate::conversation::Reader;
use crate::message::Head;

/// Unfollow a thread.
#[derive(Debug, Clone, Copy)]
pub struct UnfollowThread {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// The thread.
    pub thread: Head,
}

impl Command for UnfollowThread {
    type On = Follow;

    fn decide(&self, state: &State) -> Result<Vec<FollowEvent>, Refusal> {
        if self.thread.conversation() != self.by.conversation() {
            return Err(Refusal::Elsewhere);
        }
        if state.following == Some(false) {
            return Ok(vec![]);
        }
        Ok(vec![FollowEvent::ThreadUnfollowed { conversation: self.by.conversation(), read: state.read }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow::samples::{HERE, elsewhere, followed, head, read, reader, unfollowed};
    use crate::spec::{BOB, given};

    #[test]
    fn a_thread_is_unfollowed_once_also_by_who_takes_part() {
        let unfollow = UnfollowThread { by: reader(BOB), thread: head() };
        given::<Follow>(&HERE, []).when(&unfollow).then([unfollowed(0)]);
        given::<Follow>(&HERE, [followed(0), read(7, Some(true))]).when(&unfollow).then([unfollowed(7)]);
        given::<Follow>(&HERE, [unfollowed(0)]).when(&unfollow).nothing();
        given::<Follow>(&HERE, [unfollowed(0), read(7, Some(false))]).when(&unfollow).nothing();
    }

    #[test]
    fn nobody_unfollows_from_another_conversation() {
        let smuggled = UnfollowThread { by: elsewhere(BOB), thread: head() };
        given::<Follow>(&HERE, []).when(&smuggled).refused(Refusal::Elsewhere);
    }
}
