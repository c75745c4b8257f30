//! A member brings others into a channel.

use events::ConversationEvent;

use super::{Conversation, Refusal, State};
use crate::Command;
use crate::account::{Actor, Registered};

/// Add people to a channel. Whoever is in it already stays in it.
#[derive(Debug, Clone)]
pub struct AddMembers {
    /// Who brings them.
    pub by: Actor,
    /// Who is brought.
    pub users: Vec<Registered>,
}

impl Command for AddMembers {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.changed_by(self.by)?;
        let mut members = open.members.clone();
        let fresh = self.users.iter().map(|user| user.user()).filter(|user| members.insert(*user));
        Ok(fresh.map(|user| ConversationEvent::MemberAdded { user, by: self.by.user }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, admin, created, direct, joined, member, private, registered};
    use crate::spec::{ANN, BOB, CID, given};
    use events::UserId;

    fn add(by: Actor, users: &[UserId]) -> AddMembers {
        AddMembers { by, users: users.iter().copied().map(registered).collect() }
    }

    fn added(user: UserId) -> ConversationEvent {
        ConversationEvent::MemberAdded { user, by: ANN }
    }

    #[test]
    fn a07_a_member_adds_people_each_once() {
        let facts = || [created("cooking"), joined(ANN)];
        given::<Conversation>(&CHANNEL, facts())
            .when(&add(member(ANN), &[BOB, CID, BOB, ANN]))
            .then([added(BOB), added(CID)]);
        given::<Conversation>(&CHANNEL, facts().into_iter().chain([added(BOB)]))
            .when(&add(member(ANN), &[BOB]))
            .nothing();
        given::<Conversation>(&CHANNEL, [private("secret"), joined(ANN)])
            .when(&add(member(ANN), &[BOB]))
            .then([added(BOB)]);
    }

    #[test]
    fn an_admin_adds_people_to_any_public_channel() {
        let by_cid = ConversationEvent::MemberAdded { user: BOB, by: CID };
        given::<Conversation>(&CHANNEL, [created("cooking")]).when(&add(admin(CID), &[BOB])).then([by_cid]);
    }

    #[test]
    fn nobody_adds_to_what_is_not_hers_to_change() {
        let bring = add(member(CID), &[BOB]);
        given::<Conversation>(&CHANNEL, [created("cooking")]).when(&bring).refused(Refusal::MembersOnly);
        given::<Conversation>(&CHANNEL, [private("secret")]).when(&bring).refused(Refusal::Private);
        given::<Conversation>(&CHANNEL, [private("secret")]).when(&add(admin(CID), &[CID])).refused(Refusal::Private);
        given::<Conversation>(&CHANNEL, []).when(&bring).refused(Refusal::Missing);
        given::<Conversation>(&CHANNEL, [direct(&[ANN, CID])]).when(&bring).refused(Refusal::NotAChannel);
        let archived = [created("cooking"), joined(CID), ConversationEvent::Archived {}];
        given::<Conversation>(&CHANNEL, archived).when(&bring).refused(Refusal::Archived);
    }
}
