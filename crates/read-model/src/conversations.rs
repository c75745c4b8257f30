//! The `conversations` view: one document per conversation, with what everybody who may see it sees alike.
//! It does not list the members of channels, which are many: those are the `memberships` view.

use events::public::{Card, ConversationKind};
use events::{
    Category, ConversationEvent, ConversationId, Fact, MOST_WITH_RECEIPTS, PostingPolicy, Recorded, UserId, Visibility,
    WorkspaceEvent,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Conversations;

/// A conversation as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationDoc {
    /// What it is.
    #[serde(flatten)]
    pub card: Card,
    /// How many people are in it.
    pub member_count: u32,
    /// Whether it is read-only.
    pub archived: bool,
    /// Who of its members may post.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub posting: PostingPolicy,
    /// Whether newcomers join it by themselves, besides the general channel.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// Whether a channel's members are to be told of each other's receipts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub receipts: bool,
}

impl ConversationDoc {
    /// Whether its members are told of each other's receipts: everywhere but in channels, and in those that want it.
    #[must_use]
    pub fn wants_receipts(&self) -> bool {
        match self.card.kind {
            ConversationKind::Direct | ConversationKind::Group => true,
            ConversationKind::Channel => self.receipts,
        }
    }

    /// Whether that is done: too many are not told of everybody.
    #[must_use]
    pub fn tells_of_receipts(&self) -> bool {
        let size = usize::try_from(self.member_count).unwrap_or(usize::MAX);
        self.wants_receipts() && (self.card.kind != ConversationKind::Channel || size <= MOST_WITH_RECEIPTS)
    }
}

fn is_usual(posting: &PostingPolicy) -> bool {
    *posting == PostingPolicy::default()
}

impl View for Conversations {
    const COLLECTION: &'static str = "conversations_v1";
    const CATEGORIES: &'static [Category] = &[Category::Conversation, Category::Workspace];
    type Key = ConversationId;
    type Doc = ConversationDoc;

    fn keys(fact: &Fact) -> Vec<ConversationId> {
        match fact {
            Fact::Conversation { conversation, .. } => vec![*conversation],
            Fact::Workspace { event } => default_channel(event).map(|(channel, _)| channel).into_iter().collect(),
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Message { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: ConversationId, doc: Option<ConversationDoc>, recorded: &Recorded) -> Option<ConversationDoc> {
        match &recorded.event {
            Fact::Conversation { event, .. } => match created(key, recorded, event) {
                Some(created) => Some(created),
                None => Some(changed(doc?, event)),
            },
            Fact::Workspace { event } => match default_channel(event) {
                Some((_, default)) => Some(ConversationDoc { default, ..doc? }),
                None => doc,
            },
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Message { .. }
            | Fact::Pins { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => doc,
        }
    }
}

/// What the workspace says of a channel: whether it is a default one from now on.
const fn default_channel(event: &WorkspaceEvent) -> Option<(ConversationId, bool)> {
    match event {
        WorkspaceEvent::WorkspaceFounded { .. } => None,
        WorkspaceEvent::DefaultChannelAdded { channel } => Some((*channel, true)),
        WorkspaceEvent::DefaultChannelRemoved { channel } => Some((*channel, false)),
    }
}

/// The document that a fact begins, if it begins one.
fn created(id: ConversationId, recorded: &Recorded, event: &ConversationEvent) -> Option<ConversationDoc> {
    let empty = |kind, visibility, creator| Card {
        id,
        kind,
        name: None,
        topic: None,
        description: None,
        visibility,
        members: None,
        created_by: creator,
        created_at: recorded.at,
    };
    let (card, member_count) = match event {
        ConversationEvent::ChannelCreated { name, visibility, topic, description, creator } => {
            let (name, topic, description) = (Some(name.clone()), topic.clone(), description.clone());
            let card = empty(ConversationKind::Channel, *visibility, *creator);
            (Card { name, topic, description, ..card }, 0)
        }
        ConversationEvent::GroupCreated { members, creator } => {
            with_members(empty(ConversationKind::Group, Visibility::Private, *creator), members)
        }
        ConversationEvent::DirectOpened { members, creator } => {
            with_members(empty(ConversationKind::Direct, Visibility::Private, *creator), members)
        }
        ConversationEvent::MemberJoined { .. }
        | ConversationEvent::MemberAdded { .. }
        | ConversationEvent::MemberLeft { .. }
        | ConversationEvent::MemberRemoved { .. }
        | ConversationEvent::Renamed { .. }
        | ConversationEvent::TopicChanged { .. }
        | ConversationEvent::DescriptionChanged { .. }
        | ConversationEvent::MadePrivate {}
        | ConversationEvent::Archived {}
        | ConversationEvent::Unarchived {}
        | ConversationEvent::PostingPolicySet { .. }
        | ConversationEvent::ReceiptsSet { .. }
        | ConversationEvent::ConvertedToChannel { .. } => return None,
    };
    let posting = PostingPolicy::default();
    Some(ConversationDoc { card, member_count, archived: false, posting, default: false, receipts: false })
}

fn with_members(card: Card, members: &[UserId]) -> (Card, u32) {
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    let count = size(&members);
    (Card { members: Some(members), ..card }, count)
}

fn changed(mut doc: ConversationDoc, event: &ConversationEvent) -> ConversationDoc {
    match event {
        ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. } => {
            joined(&mut doc, *user)
        }
        ConversationEvent::MemberLeft { user } | ConversationEvent::MemberRemoved { user, .. } => left(&mut doc, *user),
        ConversationEvent::Renamed { name } => doc.card.name = Some(name.clone()),
        ConversationEvent::TopicChanged { topic } => doc.card.topic.clone_from(topic),
        ConversationEvent::DescriptionChanged { description } => doc.card.description.clone_from(description),
        ConversationEvent::MadePrivate {} => doc.card.visibility = Visibility::Private,
        ConversationEvent::Archived {} => doc.archived = true,
        ConversationEvent::Unarchived {} => doc.archived = false,
        ConversationEvent::PostingPolicySet { policy } => doc.posting = *policy,
        ConversationEvent::ReceiptsSet { receipts } => doc.receipts = *receipts,
        ConversationEvent::ConvertedToChannel { name } => {
            let (kind, name) = (ConversationKind::Channel, Some(name.clone()));
            doc.card = Card { kind, name, members: None, ..doc.card };
        }
        ConversationEvent::ChannelCreated { .. }
        | ConversationEvent::GroupCreated { .. }
        | ConversationEvent::DirectOpened { .. } => {}
    }
    doc
}

/// A channel's members are counted; the rules of the write side let nobody join twice or leave twice.
fn joined(doc: &mut ConversationDoc, user: UserId) {
    let Some(members) = &mut doc.card.members else {
        doc.member_count = doc.member_count.saturating_add(1);
        return;
    };
    if let Err(place) = members.binary_search(&user) {
        members.insert(place, user);
    }
    doc.member_count = size(members);
}

fn left(doc: &mut ConversationDoc, user: UserId) {
    let Some(members) = &mut doc.card.members else {
        doc.member_count = doc.member_count.saturating_sub(1);
        return;
    };
    members.retain(|member| *member != user);
    doc.member_count = size(members);
}

fn size(members: &[UserId]) -> u32 {
    u32::try_from(members.len()).unwrap_or(u32::MAX)
}
