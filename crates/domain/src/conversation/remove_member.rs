//! Somebody is put out of a channel: by a member of a private one, by a manager of a public one.

use events::{ConversationEvent, ConversationId, UserId, Visibility};

use super::{Conversation, LeaveChannel, Refusal, State};
use crate::Command;
use crate::account::Actor;

/// Remove somebody from a channel. Removing oneself is leaving.
#[derive(Debug, Clone, Copy)]
pub struct RemoveMember {
    /// Who removes.
    pub by: Actor,
    /// Who has to go.
    pub user: UserId,
}

impl Command for RemoveMember {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        if self.user == self.by.user {
            return LeaveChannel { user: self.user }.decide(state);
        }
        let open = state.changed_by(self.by)?;
        if !open.members.contains(&self.user) {
            return Ok(vec![]);
        }
        if open.id == ConversationId::general() {
            return Err(Refusal::General);
        }
        if open.visibility == Visibility::Public && !open.is_managed_by(self.by) {
            return Err(Refusal::ManagersOnly);
        }
        Ok(vec![ConversationEvent::MemberRemoved { user: self.user, by: self.by.user }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, admin, created, direct, joined, member, private};
    use crate::spec::{ANN, BOB, CID, given};

    fn removed(user: UserId, by: UserId) -> ConversationEvent {
        ConversationEvent::MemberRemoved { user, by }
    }

    #[test]
    fn a_member_of_a_private_channel_removes_another_once() {
        let facts = || [private("secret"), joined(ANN), joined(BOB), joined(CID)];
        let remove = RemoveMember { by: member(BOB), user: CID };
        given::<Conversation>(&CHANNEL, facts()).when(&remove).then([removed(CID, BOB)]);
        let gone = facts().into_iter().chain([removed(CID, BOB)]);
        given::<Conversation>(&CHANNEL, gone).when(&remove).nothing();
    }

    #[test]
    fn in_a_public_channel_its_maker_and_admins_do() {
        let facts = || [created("cooking"), joined(ANN), joined(BOB), joined(CID)];
        let remove = |by| RemoveMember { by, user: CID };
        given::<Conversation>(&CHANNEL, facts()).when(&remove(member(ANN))).then([removed(CID, ANN)]);
        given::<Conversation>(&CHANNEL, facts()).when(&remove(admin(BOB))).then([removed(CID, BOB)]);
        given::<Conversation>(&CHANNEL, facts()).when(&remove(member(BOB))).refused(Refusal::ManagersOnly);
    }

    #[test]
    fn removing_oneself_is_leaving() {
        let left = ConversationEvent::MemberLeft { user: BOB };
        let remove = RemoveMember { by: member(BOB), user: BOB };
        given::<Conversation>(&CHANNEL, [created("cooking"), joined(BOB)]).when(&remove).then([left]);
    }

    #[test]
    fn nobody_is_removed_from_what_is_everybodys_or_hidden_or_fixed() {
        let remove = RemoveMember { by: admin(ANN), user: BOB };
        let general = [created("general"), joined(ANN), joined(BOB)];
        given::<Conversation>(&ConversationId::general(), general).when(&remove).refused(Refusal::General);
        given::<Conversation>(&CHANNEL, [private("secret"), joined(BOB)]).when(&remove).refused(Refusal::Private);
        given::<Conversation>(&CHANNEL, [direct(&[ANN, BOB])]).when(&remove).refused(Refusal::NotAChannel);
        given::<Conversation>(&CHANNEL, []).when(&remove).refused(Refusal::Missing);
        let archived = [created("cooking"), joined(BOB), ConversationEvent::Archived {}];
        given::<Conversation>(&CHANNEL, archived).when(&remove).refused(Refusal::Archived);
        let stranger = RemoveMember { by: member(CID), user: BOB };
        let cooking = [created("cooking"), joined(BOB)];
        given::<Conversation>(&CHANNEL, cooking).when(&stranger).refused(Refusal::MembersOnly);
    }
}
