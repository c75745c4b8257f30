//! A channel comes into being, with its creator as its first member.

use events::public::ConversationKind;
use events::{ConversationEvent, UserId, Visibility};

use super::{ChannelName, Conversation, Purpose, Refusal, State};
use crate::Command;

/// Create a channel under a name that was claimed for it before. May be repeated by its creator.
#[derive(Debug, Clone)]
pub struct CreateChannel {
    /// Who makes it.
    pub by: UserId,
    /// Its name.
    pub name: ChannelName,
    /// What it is about right now.
    pub topic: Option<Purpose>,
    /// What it is for.
    pub description: Option<Purpose>,
    /// Who may find it.
    pub visibility: Visibility,
}

impl Command for CreateChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        match state {
            State::Missing => Ok(vec![self.created(), ConversationEvent::MemberJoined { user: self.by }]),
            State::Open(open) => {
                let same = open.kind == ConversationKind::Channel
                    && open.creator == self.by
                    && open.name.as_deref() == Some(self.name.as_str());
                if same { Ok(vec![]) } else { Err(Refusal::AlreadyExists) }
            }
        }
    }
}

impl CreateChannel {
    fn created(&self) -> ConversationEvent {
        let text = |purpose: &Option<Purpose>| purpose.as_ref().map(|purpose| purpose.as_str().to_owned());
        ConversationEvent::ChannelCreated {
            name: self.name.as_str().to_owned(),
            visibility: self.visibility,
            topic: text(&self.topic),
            description: text(&self.description),
            creator: self.by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, created, direct, joined, private};
    use crate::spec::{ANN, BOB, given};

    fn create(by: UserId) -> CreateChannel {
        let name = ChannelName::parse("cooking").unwrap();
        CreateChannel { by, name, topic: None, description: None, visibility: Visibility::Public }
    }

    #[test]
    fn d07_a_channel_begins_with_its_creator_in_it() {
        given::<Conversation>(&CHANNEL, []).when(&create(ANN)).then([created("cooking"), joined(ANN)]);
    }

    #[test]
    fn d07_a_channel_may_be_private_from_the_start() {
        let command = CreateChannel { visibility: Visibility::Private, ..create(ANN) };
        given::<Conversation>(&CHANNEL, []).when(&command).then([private("cooking"), joined(ANN)]);
    }

    #[test]
    fn its_topic_and_description_are_kept() {
        let command = CreateChannel {
            topic: Purpose::parse("bread").unwrap(),
            description: Purpose::parse("food").unwrap(),
            ..create(ANN)
        };
        let channel = ConversationEvent::ChannelCreated {
            name: "cooking".into(),
            visibility: Visibility::Public,
            topic: Some("bread".into()),
            description: Some("food".into()),
            creator: ANN,
        };
        given::<Conversation>(&CHANNEL, []).when(&command).then([channel, joined(ANN)]);
    }

    #[test]
    fn creating_it_again_changes_nothing() {
        given::<Conversation>(&CHANNEL, [created("cooking"), joined(ANN)]).when(&create(ANN)).nothing();
    }

    #[test]
    fn an_id_that_is_something_else_is_refused() {
        let exists = [created("cooking"), joined(ANN)];
        given::<Conversation>(&CHANNEL, exists).when(&create(BOB)).refused(Refusal::AlreadyExists);
        given::<Conversation>(&CHANNEL, [created("other")]).when(&create(ANN)).refused(Refusal::AlreadyExists);
        given::<Conversation>(&CHANNEL, [direct(&[ANN])]).when(&create(ANN)).refused(Refusal::AlreadyExists);
    }
}
