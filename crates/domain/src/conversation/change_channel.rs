//! A channel gets another name, topic, description or posting policy, tells of receipts, or becomes private.

use events::{ConversationEvent, ConversationId, PostingPolicy, Visibility};

use super::{ChannelName, Conversation, Open, Purpose, Refusal, State};
use crate::Command;
use crate::account::Actor;

/// Change a channel. What is not given stays as it is; a new name was claimed for it before.
#[derive(Debug, Clone)]
pub struct ChangeChannel {
    /// Who changes it.
    pub by: Actor,
    /// Its new name.
    pub name: Option<ChannelName>,
    /// Its new topic, or that there is none any more.
    pub topic: Option<Option<Purpose>>,
    /// Its new description, or that there is none any more.
    pub description: Option<Option<Purpose>>,
    /// Who may find it from now on.
    pub visibility: Option<Visibility>,
    /// Who may post from now on.
    pub posting: Option<PostingPolicy>,
    /// Whether its members are told of each other's receipts from now on.
    pub receipts: Option<bool>,
}

impl Command for ChangeChannel {
    type On = Conversation;

    fn decide(&self, state: &State) -> Result<Vec<ConversationEvent>, Refusal> {
        let open = state.changed_by(self.by)?;
        let changes = [
            self.renamed(open),
            self.topic_changed(open),
            self.description_changed(open),
            self.posting_set(open)?,
            self.receipts_set(open)?,
            self.made_private(open)?,
        ];
        Ok(changes.into_iter().flatten().collect())
    }
}

impl ChangeChannel {
    fn renamed(&self, open: &Open) -> Option<ConversationEvent> {
        let name = self.name.as_ref()?.as_str();
        (open.name.as_deref() != Some(name)).then(|| ConversationEvent::Renamed { name: name.to_owned() })
    }

    fn topic_changed(&self, open: &Open) -> Option<ConversationEvent> {
        let topic = text(self.topic.as_ref()?);
        (open.topic != topic).then_some(ConversationEvent::TopicChanged { topic })
    }

    fn description_changed(&self, open: &Open) -> Option<ConversationEvent> {
        let description = text(self.description.as_ref()?);
        (open.description != description).then_some(ConversationEvent::DescriptionChanged { description })
    }

    fn posting_set(&self, open: &Open) -> Result<Option<ConversationEvent>, Refusal> {
        let Some(policy) = self.posting.filter(|policy| *policy != open.posting) else { return Ok(None) };
        if open.is_managed_by(self.by) {
            Ok(Some(ConversationEvent::PostingPolicySet { policy }))
        } else {
            Err(Refusal::ManagersOnly)
        }
    }

    fn receipts_set(&self, open: &Open) -> Result<Option<ConversationEvent>, Refusal> {
        match self.receipts.filter(|receipts| *receipts != open.receipts) {
            None => Ok(None),
            Some(_) if !open.is_managed_by(self.by) => Err(Refusal::ManagersOnly),
            Some(true) if !open.has_room_for_receipts() => Err(Refusal::TooManyForReceipts),
            Some(receipts) => Ok(Some(ConversationEvent::ReceiptsSet { receipts })),
        }
    }

    fn made_private(&self, open: &Open) -> Result<Option<ConversationEvent>, Refusal> {
        match self.visibility.filter(|visibility| *visibility != open.visibility) {
            None => Ok(None),
            Some(Visibility::Public) => Err(Refusal::StaysPrivate),
            Some(Visibility::Private) if open.id == ConversationId::general() => Err(Refusal::General),
            Some(Visibility::Private) if !open.is_managed_by(self.by) => Err(Refusal::ManagersOnly),
            Some(Visibility::Private) => Ok(Some(ConversationEvent::MadePrivate {})),
        }
    }
}

fn text(purpose: &Option<Purpose>) -> Option<String> {
    purpose.as_ref().map(|purpose| purpose.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, admin, created, group, joined, member, private};
    use crate::spec::{ANN, BOB, CID, given};

    fn nothing(by: Actor) -> ChangeChannel {
        ChangeChannel {
            by,
            name: None,
            topic: None,
            description: None,
            visibility: None,
            posting: None,
            receipts: None,
        }
    }

    fn rename(by: Actor) -> ChangeChannel {
        ChangeChannel { name: Some(ChannelName::parse("baking").unwrap()), ..nothing(by) }
    }

    fn everything(by: Actor) -> ChangeChannel {
        ChangeChannel {
            topic: Some(Purpose::parse("rye").unwrap()),
            description: Some(Purpose::parse("bread").unwrap()),
            visibility: Some(Visibility::Private),
            posting: Some(PostingPolicy::Admins),
            ..rename(by)
        }
    }

    fn cooking() -> [ConversationEvent; 3] {
        [created("cooking"), joined(ANN), joined(BOB)]
    }

    fn changed() -> [ConversationEvent; 5] {
        [
            ConversationEvent::Renamed { name: "baking".into() },
            ConversationEvent::TopicChanged { topic: Some("rye".into()) },
            ConversationEvent::DescriptionChanged { description: Some("bread".into()) },
            ConversationEvent::PostingPolicySet { policy: PostingPolicy::Admins },
            ConversationEvent::MadePrivate {},
        ]
    }

    #[test]
    fn its_maker_changes_everything_once() {
        given::<Conversation>(&CHANNEL, cooking()).when(&everything(member(ANN))).then(changed());
        let again = cooking().into_iter().chain(changed());
        given::<Conversation>(&CHANNEL, again).when(&everything(member(ANN))).nothing();
    }

    #[test]
    fn a_member_changes_name_topic_and_description() {
        let command = ChangeChannel { visibility: None, posting: None, ..everything(member(BOB)) };
        given::<Conversation>(&CHANNEL, cooking()).when(&command).then(changed().into_iter().take(3));
        given::<Conversation>(&CHANNEL, cooking()).when(&nothing(member(BOB))).nothing();
    }

    #[test]
    fn a_topic_is_taken_away_by_a_blank_one() {
        let facts = cooking().into_iter().chain(changed().into_iter().take(3));
        let command = ChangeChannel { topic: Some(None), ..nothing(member(BOB)) };
        given::<Conversation>(&CHANNEL, facts).when(&command).then([ConversationEvent::TopicChanged { topic: None }]);
    }

    #[test]
    fn who_may_find_it_and_who_may_post_is_for_managers_to_say() {
        let private = |by| ChangeChannel { visibility: Some(Visibility::Private), ..nothing(by) };
        let announce = |by| ChangeChannel { posting: Some(PostingPolicy::Admins), ..nothing(by) };
        let refused = Refusal::ManagersOnly;
        given::<Conversation>(&CHANNEL, cooking()).when(&private(member(BOB))).refused(refused);
        given::<Conversation>(&CHANNEL, cooking()).when(&announce(member(BOB))).refused(refused);
        let made_private = [ConversationEvent::MadePrivate {}];
        given::<Conversation>(&CHANNEL, cooking()).when(&private(admin(CID))).then(made_private);
        let set = [ConversationEvent::PostingPolicySet { policy: PostingPolicy::Admins }];
        given::<Conversation>(&CHANNEL, cooking()).when(&announce(admin(CID))).then(set);
    }

    #[test]
    fn e05_whether_receipts_are_told_is_for_managers_of_small_channels_to_say() {
        let tell = |by, receipts| ChangeChannel { receipts: Some(receipts), ..nothing(by) };
        let set = |receipts| ConversationEvent::ReceiptsSet { receipts };
        given::<Conversation>(&CHANNEL, cooking()).when(&tell(member(ANN), true)).then([set(true)]);
        given::<Conversation>(&CHANNEL, cooking()).when(&tell(member(ANN), false)).nothing();
        let refused = Refusal::ManagersOnly;
        given::<Conversation>(&CHANNEL, cooking()).when(&tell(member(BOB), true)).refused(refused);
        let crowd = (1..50_u128).map(|n| joined(events::UserId::new(uuid::Uuid::from_u128(n << 8))));
        let crowded = || cooking().into_iter().chain([set(true)]).chain(crowd.clone());
        given::<Conversation>(&CHANNEL, crowded()).when(&tell(member(ANN), false)).then([set(false)]);
        let off = crowded().chain([set(false)]);
        given::<Conversation>(&CHANNEL, off).when(&tell(member(ANN), true)).refused(Refusal::TooManyForReceipts);
    }

    #[test]
    fn what_is_private_stays_private_and_the_general_channel_public() {
        let public = ChangeChannel { visibility: Some(Visibility::Public), ..nothing(member(ANN)) };
        let secret = [private("secret"), joined(ANN)];
        given::<Conversation>(&CHANNEL, secret).when(&public).refused(Refusal::StaysPrivate);
        given::<Conversation>(&CHANNEL, cooking()).when(&public).nothing();
        let hide = ChangeChannel { visibility: Some(Visibility::Private), ..nothing(admin(ANN)) };
        given::<Conversation>(&ConversationId::general(), cooking()).when(&hide).refused(Refusal::General);
    }

    #[test]
    fn strangers_and_archives_change_nothing() {
        let refused = |facts: Vec<ConversationEvent>, by, refusal| {
            given::<Conversation>(&CHANNEL, facts).when(&rename(by)).refused(refusal);
        };
        refused(cooking().to_vec(), member(CID), Refusal::MembersOnly);
        refused(vec![private("secret"), joined(ANN)], admin(CID), Refusal::Private);
        refused(vec![group(&[ANN, BOB, CID])], member(ANN), Refusal::NotAChannel);
        refused(vec![], member(ANN), Refusal::Missing);
        let archived = cooking().into_iter().chain([ConversationEvent::Archived {}]);
        refused(archived.collect(), member(ANN), Refusal::Archived);
    }
}
