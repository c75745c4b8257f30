//! Two people, or one with herself, get a place to talk. The same people always get the same place.

use events::public::ConversationKind;
use events::{ConversationEvent, ConversationId, UserId};

use super::{Conversation, Refusal, State};
use crate::Command;
use crate::account::Registered;

/// Open a direct conversation; whoever opens it second finds it open.
#[derive(Debug, Clone, Copy)]
pub struct OpenDirect {
    /// Who wants to talk.
    pub by: UserId,
    /// With whom; she herself for notes to self.
    pub with: Registered,
}

impl OpenDirect {
    /// The id of the conversation to open.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        ConversationId::direct(&self.members())
    }

    fn members(&self) -> Vec<UserId> {
        let mut members = vec![self.by, self.with.user()];
        members.sort_unstable();
        members.dedup();
        members
    }
}

impl Command for OpenDirect {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        match state {
            State::Missing => Ok(vec![ConversationEvent::DirectOpened { members: self.members(), creator: self.by }]),
            State::Open(open) if open.kind == ConversationKind::Direct => Ok(vec![]),
            State::Open(_) => Err(Refusal::AlreadyExists),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{created, direct, registered};
    use crate::spec::{ANN, BOB, given};

    fn open(by: UserId, with: UserId) -> OpenDirect {
        OpenDirect { by, with: registered(with) }
    }

    #[test]
    fn b04_two_people_get_one_conversation_whoever_opens_it() {
        let (ann, bob) = (open(ANN, BOB), open(BOB, ANN));
        assert_eq!(ann.conversation(), bob.conversation());
        given::<Conversation>(&ann.conversation(), []).when(&ann).then([direct(&[ANN, BOB])]);
        given::<Conversation>(&ann.conversation(), [direct(&[ANN, BOB])]).when(&bob).nothing();
    }

    #[test]
    fn b02_one_may_keep_notes_to_herself() {
        let notes = open(ANN, ANN);
        given::<Conversation>(&notes.conversation(), []).when(&notes).then([direct(&[ANN])]);
    }

    #[test]
    fn a_channel_is_not_opened_as_a_direct_conversation() {
        let command = open(ANN, BOB);
        given::<Conversation>(&command.conversation(), [created("cooking")])
            .when(&command)
            .refused(Refusal::AlreadyExists);
    }
}
