//! A group becomes a private channel: the same people, all that they said, and a name.

use events::public::ConversationKind;
use events::{ConversationEvent, UserId};

use super::{ChannelName, Conversation, Refusal, State};
use crate::Command;

/// Convert a group to a channel under a name that was claimed for it before. May be repeated.
#[derive(Debug, Clone)]
pub struct ConvertToChannel {
    /// Who does it.
    pub by: UserId,
    /// The channel's name.
    pub name: ChannelName,
}

impl Command for ConvertToChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.seen_by(self.by)?;
        match open.kind {
            ConversationKind::Group => {
                Ok(vec![ConversationEvent::ConvertedToChannel { name: self.name.as_str().to_owned() }])
            }
            ConversationKind::Channel if open.name.as_deref() == Some(self.name.as_str()) => Ok(vec![]),
            ConversationKind::Channel | ConversationKind::Direct => Err(Refusal::NotAGroup),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, created, direct, group};
    use crate::spec::{ANN, BOB, CID, given};

    const STRANGER: UserId = UserId::new(uuid::Uuid::from_u128(0xE));

    fn convert(by: UserId) -> ConvertToChannel {
        ConvertToChannel { by, name: ChannelName::parse("cooking").unwrap() }
    }

    #[test]
    fn a_member_converts_a_group_once() {
        let converted = ConversationEvent::ConvertedToChannel { name: "cooking".into() };
        let facts = [group(&[ANN, BOB, CID])];
        given::<Conversation>(&CHANNEL, facts.clone()).when(&convert(BOB)).then([converted.clone()]);
        given::<Conversation>(&CHANNEL, facts.into_iter().chain([converted])).when(&convert(BOB)).nothing();
    }

    #[test]
    fn nothing_else_is_converted_and_by_nobody_else() {
        given::<Conversation>(&CHANNEL, [group(&[ANN, BOB, CID])]).when(&convert(STRANGER)).refused(Refusal::Private);
        given::<Conversation>(&CHANNEL, [direct(&[ANN, BOB])]).when(&convert(ANN)).refused(Refusal::NotAGroup);
        given::<Conversation>(&CHANNEL, [created("other")]).when(&convert(ANN)).refused(Refusal::NotAGroup);
        given::<Conversation>(&CHANNEL, []).when(&convert(ANN)).refused(Refusal::Missing);
    }
}
