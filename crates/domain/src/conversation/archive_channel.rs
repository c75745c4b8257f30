//! A channel becomes read-only. The general one stays open.

use events::{ConversationEvent, ConversationId};

use super::{Conversation, Refusal, State};
use crate::Command;
use crate::account::Actor;

/// Archive a channel.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveChannel {
    /// Who does it.
    pub by: Actor,
}

impl Command for ArchiveChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.kept_by(self.by)?;
        if open.id == ConversationId::general() {
            return Err(Refusal::General);
        }
        Ok(if open.archived { vec![] } else { vec![ConversationEvent::Archived {}] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, admin, created, direct, joined, member, private};
    use crate::spec::{BOB, CID, given};

    #[test]
    fn a_member_archives_a_channel_once() {
        let facts = || [created("cooking"), joined(BOB)];
        let archive = ArchiveChannel { by: member(BOB) };
        given::<Conversation>(&CHANNEL, facts()).when(&archive).then([ConversationEvent::Archived {}]);
        let archived = facts().into_iter().chain([ConversationEvent::Archived {}]);
        given::<Conversation>(&CHANNEL, archived).when(&archive).nothing();
    }

    #[test]
    fn an_admin_archives_any_public_channel() {
        let archive = ArchiveChannel { by: admin(CID) };
        given::<Conversation>(&CHANNEL, [created("cooking")]).when(&archive).then([ConversationEvent::Archived {}]);
        given::<Conversation>(&CHANNEL, [private("secret")]).when(&archive).refused(Refusal::Private);
    }

    #[test]
    fn strangers_and_what_is_no_channel_of_theirs_are_refused() {
        let archive = ArchiveChannel { by: member(CID) };
        given::<Conversation>(&CHANNEL, [created("cooking")]).when(&archive).refused(Refusal::MembersOnly);
        given::<Conversation>(&CHANNEL, [direct(&[BOB, CID])]).when(&archive).refused(Refusal::NotAChannel);
        given::<Conversation>(&CHANNEL, []).when(&archive).refused(Refusal::Missing);
    }

    #[test]
    fn the_general_channel_is_not_archived() {
        let archive = ArchiveChannel { by: admin(CID) };
        given::<Conversation>(&ConversationId::general(), [created("general")])
            .when(&archive)
            .refused(Refusal::General);
    }
}
