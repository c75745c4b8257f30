//! Somebody leaves a channel. Nobody leaves the general one.

use events::public::ConversationKind;
use events::{ConversationEvent, ConversationId, UserId};

use super::{Conversation, Refusal, State};
use crate::Command;

/// Leave a channel.
#[derive(Debug, Clone, Copy)]
pub struct LeaveChannel {
    /// Who leaves.
    pub user: UserId,
}

impl Command for LeaveChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.seen_by(self.user)?;
        if !open.members.contains(&self.user) {
            return Ok(vec![]);
        }
        if open.kind != ConversationKind::Channel {
            return Err(Refusal::NotAChannel);
        }
        if open.id == ConversationId::general() {
            return Err(Refusal::General);
        }
        Ok(vec![ConversationEvent::MemberLeft { user: self.user }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, created, direct, joined};
    use crate::spec::{ANN, BOB, given};

    const BOB_LEAVES: LeaveChannel = LeaveChannel { user: BOB };

    #[test]
    fn a_member_leaves_once() {
        let left = ConversationEvent::MemberLeft { user: BOB };
        let facts = [created("cooking"), joined(BOB)];
        given::<Conversation>(&CHANNEL, facts.clone()).when(&BOB_LEAVES).then([left.clone()]);
        given::<Conversation>(&CHANNEL, facts.into_iter().chain([left])).when(&BOB_LEAVES).nothing();
    }

    #[test]
    fn an_archived_channel_can_be_left() {
        let facts = [created("cooking"), joined(BOB), ConversationEvent::Archived {}];
        let left = ConversationEvent::MemberLeft { user: BOB };
        given::<Conversation>(&CHANNEL, facts).when(&BOB_LEAVES).then([left]);
    }

    #[test]
    fn nobody_leaves_the_general_channel() {
        let facts = [created("general"), joined(BOB)];
        given::<Conversation>(&ConversationId::general(), facts).when(&BOB_LEAVES).refused(Refusal::General);
    }

    #[test]
    fn what_is_no_channel_or_not_hers_is_not_left() {
        given::<Conversation>(&CHANNEL, [direct(&[ANN, BOB])]).when(&BOB_LEAVES).refused(Refusal::NotAChannel);
        given::<Conversation>(&CHANNEL, [direct(&[ANN])]).when(&BOB_LEAVES).refused(Refusal::Private);
        given::<Conversation>(&CHANNEL, []).when(&BOB_LEAVES).refused(Refusal::Missing);
        let private = [created("cooking"), ConversationEvent::MadePrivate {}];
        given::<Conversation>(&CHANNEL, private).when(&BOB_LEAVES).refused(Refusal::Private);
    }
}
