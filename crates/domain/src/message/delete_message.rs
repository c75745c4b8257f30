//! A message is taken away: by its author, or by whoever looks after the workspace. An empty shell stays in its place.

use events::MessageEvent;

use super::{Message, Refusal, State};
use crate::Command;
use crate::account::Moderator;
use crate::conversation::Participant;

/// Delete a message.
#[derive(Debug, Clone, Copy)]
pub struct DeleteMessage {
    /// Who may take part where it stands.
    pub by: Participant,
    /// That she looks after the workspace, if she does.
    pub moderator: Option<Moderator>,
}

impl DeleteMessage {
    fn may_delete_what_others_said(&self) -> bool {
        self.moderator.is_some_and(|moderator| moderator.user() == self.by.user())
    }
}

impl Command for DeleteMessage {
    type On = Message;

    fn decide(&self, state: &State) -> Result<Vec<MessageEvent>, Refusal> {
        let posted = state.within_reach_of(self.by)?;
        if posted.first.author != self.by.user() && !self.may_delete_what_others_said() {
            return Err(Refusal::NotTheAuthor);
        }
        if posted.deleted {
            return Ok(vec![]);
        }
        Ok(vec![MessageEvent::MessageDeleted { conversation: posted.first.conversation }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account;
    use crate::message::samples::{HELLO, deleted, elsewhere, member, posted};
    use crate::spec::{ANN, BOB, CID, given};
    use events::{Role, UserId};

    fn delete(by: Participant) -> DeleteMessage {
        DeleteMessage { by, moderator: None }
    }

    fn moderator(user: UserId) -> Option<Moderator> {
        let state = account::State::Registered { email: None, phone: None, role: Role::Admin, active: true };
        state.moderator(user)
    }

    #[test]
    fn an_author_deletes_her_message_once() {
        given::<Message>(&HELLO, [posted("hello")]).when(&delete(member(ANN).into())).then([deleted()]);
        given::<Message>(&HELLO, [posted("hello"), deleted()]).when(&delete(member(ANN).into())).nothing();
    }

    #[test]
    fn a_moderator_deletes_what_others_said() {
        let command = DeleteMessage { moderator: moderator(BOB), ..delete(member(BOB).into()) };
        given::<Message>(&HELLO, [posted("hello")]).when(&command).then([deleted()]);
    }

    #[test]
    fn nobody_else_does_and_nobody_borrows_a_moderators_proof() {
        given::<Message>(&HELLO, [posted("hello")]).when(&delete(member(BOB).into())).refused(Refusal::NotTheAuthor);
        let gone = given::<Message>(&HELLO, [posted("hello"), deleted()]);
        gone.when(&delete(member(BOB).into())).refused(Refusal::NotTheAuthor);
        let borrowed = DeleteMessage { moderator: moderator(CID), ..delete(member(BOB).into()) };
        given::<Message>(&HELLO, [posted("hello")]).when(&borrowed).refused(Refusal::NotTheAuthor);
    }

    #[test]
    fn what_is_not_there_is_not_deleted() {
        given::<Message>(&HELLO, []).when(&delete(member(ANN).into())).refused(Refusal::Missing);
        given::<Message>(&HELLO, [posted("hello")]).when(&delete(elsewhere(ANN).into())).refused(Refusal::Missing);
    }
}
