//! Three to nine people get a place to talk. The same people always get the same place, as long as it is a group.

use events::public::ConversationKind;
use events::{ConversationEvent, ConversationId, UserId};

use super::{Conversation, Refusal, State};
use crate::Command;
use crate::account::Registered;

/// Fewest people of a group.
const FEWEST: usize = 3;
/// Most people of a group.
const MOST: usize = 9;

/// Open a group; whoever opens it later finds it open. A group's people never change: with more people it is another.
#[derive(Debug, Clone)]
pub struct OpenGroup {
    /// Who wants to talk.
    pub by: UserId,
    /// With whom.
    pub with: Vec<Registered>,
    /// Which group of these people: those before it became channels.
    pub nth: u32,
}

impl OpenGroup {
    /// The id of the conversation to open.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        ConversationId::group(&self.members(), self.nth)
    }

    /// Everybody in it, each once.
    #[must_use]
    pub fn members(&self) -> Vec<UserId> {
        let mut members: Vec<UserId> = self.with.iter().map(|user| user.user()).chain([self.by]).collect();
        members.sort_unstable();
        members.dedup();
        members
    }
}

impl Command for OpenGroup {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let members = self.members();
        match (members.len(), state) {
            (..FEWEST, _) => Err(Refusal::TooFewMembers),
            (count, _) if count > MOST => Err(Refusal::TooManyMembers),
            (_, State::Missing) => Ok(vec![ConversationEvent::GroupCreated { members, creator: self.by }]),
            (_, State::Open(open)) if open.kind == ConversationKind::Group => Ok(vec![]),
            (_, State::Open(_)) => Err(Refusal::AlreadyExists),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{group, registered};
    use crate::spec::{ANN, BOB, CID, given};
    use uuid::Uuid;

    fn open(by: UserId, with: &[UserId]) -> OpenGroup {
        OpenGroup { by, with: with.iter().copied().map(registered).collect(), nth: 0 }
    }

    #[test]
    fn e03_the_same_people_get_one_group_whoever_opens_it() {
        let (ann, bob) = (open(ANN, &[BOB, CID, BOB]), open(BOB, &[CID, ANN, BOB]));
        assert_eq!(ann.conversation(), bob.conversation());
        given::<Conversation>(&ann.conversation(), []).when(&ann).then([group(&[ANN, BOB, CID])]);
        given::<Conversation>(&ann.conversation(), [group(&[ANN, BOB, CID])]).when(&bob).nothing();
    }

    #[test]
    fn a_group_that_became_a_channel_leaves_its_place_to_the_next() {
        let first = open(ANN, &[BOB, CID]);
        let facts = [group(&[ANN, BOB, CID]), ConversationEvent::ConvertedToChannel { name: "cooking".into() }];
        given::<Conversation>(&first.conversation(), facts).when(&first).refused(Refusal::AlreadyExists);
        assert_ne!(first.conversation(), OpenGroup { nth: 1, ..first.clone() }.conversation());
    }

    #[test]
    fn a_group_has_three_to_nine_people() {
        let people = |n: u128| (0..n).map(|n| UserId::new(Uuid::from_u128(0x100 + n))).collect::<Vec<_>>();
        let size = |n| open(ANN, &people(n));
        let outcome = |command: &OpenGroup| given::<Conversation>(&command.conversation(), []).when(command);
        outcome(&open(ANN, &[BOB, ANN])).refused(Refusal::TooFewMembers);
        outcome(&size(9)).refused(Refusal::TooManyMembers);
        let nine = size(8);
        let event = ConversationEvent::GroupCreated { members: nine.members(), creator: ANN };
        outcome(&nine).then([event]);
    }
}
