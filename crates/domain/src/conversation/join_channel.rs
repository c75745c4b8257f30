//! Somebody joins a public channel.

use events::{ConversationEvent, UserId};

use super::{Conversation, Refusal, State};
use crate::Command;

/// Join a channel.
#[derive(Debug, Clone, Copy)]
pub struct JoinChannel {
    /// Who joins.
    pub user: UserId,
}

impl Command for JoinChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.seen_by(self.user)?;
        if open.members.contains(&self.user) {
            return Ok(vec![]);
        }
        if open.archived {
            return Err(Refusal::Archived);
        }
        Ok(vec![ConversationEvent::MemberJoined { user: self.user }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, created, direct, joined};
    use crate::spec::{ANN, BOB, given};

    const BOB_JOINS: JoinChannel = JoinChannel { user: BOB };

    #[test]
    fn d07_anybody_joins_a_public_channel_once() {
        given::<Conversation>(&CHANNEL, [created("cooking")]).when(&BOB_JOINS).then([joined(BOB)]);
        given::<Conversation>(&CHANNEL, [created("cooking"), joined(BOB)]).when(&BOB_JOINS).nothing();
    }

    #[test]
    fn whoever_left_may_come_back() {
        let facts = [created("cooking"), joined(BOB), ConversationEvent::MemberLeft { user: BOB }];
        given::<Conversation>(&CHANNEL, facts).when(&BOB_JOINS).then([joined(BOB)]);
    }

    #[test]
    fn private_archived_and_missing_channels_are_not_joined() {
        let private = [created("cooking"), ConversationEvent::MadePrivate {}];
        given::<Conversation>(&CHANNEL, private).when(&BOB_JOINS).refused(Refusal::Private);
        let archived = [created("cooking"), ConversationEvent::Archived {}];
        given::<Conversation>(&CHANNEL, archived).when(&BOB_JOINS).refused(Refusal::Archived);
        given::<Conversation>(&CHANNEL, []).when(&BOB_JOINS).refused(Refusal::Missing);
    }

    #[test]
    fn nobody_joins_other_peoples_direct_conversation() {
        given::<Conversation>(&CHANNEL, [direct(&[ANN])]).when(&BOB_JOINS).refused(Refusal::Private);
    }
}
