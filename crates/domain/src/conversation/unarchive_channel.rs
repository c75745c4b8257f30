//! An archived channel can be written to again, by the members it had.

use events::ConversationEvent;

use super::{Conversation, Refusal, State};
use crate::Command;
use crate::account::Actor;

/// Unarchive a channel.
#[derive(Debug, Clone, Copy)]
pub struct UnarchiveChannel {
    /// Who does it.
    pub by: Actor,
}

impl Command for UnarchiveChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.kept_by(self.by)?;
        Ok(if open.archived { vec![ConversationEvent::Unarchived {}] } else { vec![] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, admin, created, direct, joined, member, private};
    use crate::spec::{BOB, CID, given};

    #[test]
    fn a_member_unarchives_a_channel_once() {
        let facts = || [created("cooking"), joined(BOB), ConversationEvent::Archived {}];
        let unarchive = UnarchiveChannel { by: member(BOB) };
        given::<Conversation>(&CHANNEL, facts()).when(&unarchive).then([ConversationEvent::Unarchived {}]);
        let open = facts().into_iter().chain([ConversationEvent::Unarchived {}]);
        given::<Conversation>(&CHANNEL, open).when(&unarchive).nothing();
    }

    #[test]
    fn strangers_and_what_is_no_channel_of_theirs_are_refused() {
        let unarchive = UnarchiveChannel { by: member(CID) };
        let archived = |event| [event, ConversationEvent::Archived {}];
        given::<Conversation>(&CHANNEL, archived(created("cooking"))).when(&unarchive).refused(Refusal::MembersOnly);
        given::<Conversation>(&CHANNEL, archived(private("secret"))).when(&unarchive).refused(Refusal::Private);
        given::<Conversation>(&CHANNEL, [direct(&[BOB, CID])]).when(&unarchive).refused(Refusal::NotAChannel);
        given::<Conversation>(&CHANNEL, []).when(&unarchive).refused(Refusal::Missing);
    }

    #[test]
    fn an_admin_unarchives_any_public_channel() {
        let facts = [created("cooking"), ConversationEvent::Archived {}];
        let unarchive = UnarchiveChannel { by: admin(CID) };
        given::<Conversation>(&CHANNEL, facts).when(&unarchive).then([ConversationEvent::Unarchived {}]);
    }
}
