//! The public forms of what happens to conversations.

use super::audience::Audience;
use super::event::PublicEvent;
use super::resource::{Card, ConversationKind};
use crate::{ConversationEvent, ConversationId, Timestamp, UserId, Visibility, WorkspaceEvent};

pub(super) fn conversation_form(at: Timestamp, id: ConversationId, event: &ConversationEvent) -> PublicEvent {
    let private = |kind, creator: &UserId, members: &[UserId]| Card {
        members: Some(members.to_vec()),
        ..card(id, kind, Visibility::Private, *creator, at)
    };
    match event {
        ConversationEvent::ChannelCreated { name, visibility, topic, description, creator } => {
            let (name, topic, description) = (Some(name.clone()), topic.clone(), description.clone());
            let card = card(id, ConversationKind::Channel, *visibility, *creator, at);
            PublicEvent::ChannelCreated { conversation: Card { name, topic, description, ..card } }
        }
        ConversationEvent::GroupCreated { members, creator } => {
            PublicEvent::GroupCreated { conversation: private(ConversationKind::Group, creator, members) }
        }
        ConversationEvent::DirectOpened { members, creator } => {
            PublicEvent::DirectOpened { conversation: private(ConversationKind::Direct, creator, members) }
        }
        ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. } => {
            PublicEvent::MemberJoined { conversation: id, user: *user }
        }
        ConversationEvent::MemberLeft { user } | ConversationEvent::MemberRemoved { user, .. } => {
            PublicEvent::MemberLeft { conversation: id, user: *user }
        }
        ConversationEvent::Renamed { name } => PublicEvent::ChannelRenamed { conversation: id, name: name.clone() },
        ConversationEvent::TopicChanged { topic } => {
            PublicEvent::TopicChanged { conversation: id, topic: topic.clone() }
        }
        ConversationEvent::DescriptionChanged { description } => {
            PublicEvent::DescriptionChanged { conversation: id, description: description.clone() }
        }
        ConversationEvent::MadePrivate {} => PublicEvent::MadePrivate { conversation: id },
        ConversationEvent::Archived {} => PublicEvent::ChannelArchived { conversation: id },
        ConversationEvent::Unarchived {} => PublicEvent::ChannelUnarchived { conversation: id },
        ConversationEvent::PostingPolicySet { policy } => {
            PublicEvent::PostingPolicySet { conversation: id, policy: *policy }
        }
        ConversationEvent::ReceiptsSet { receipts } => {
            PublicEvent::ReceiptsSet { conversation: id, receipts: *receipts }
        }
        ConversationEvent::ConvertedToChannel { name } => {
            PublicEvent::ConvertedToChannel { conversation: id, name: name.clone() }
        }
    }
}

/// What the workspace says of a channel is for the channel's members.
pub(super) fn workspace_form(event: &WorkspaceEvent) -> Option<(Audience, PublicEvent)> {
    let (conversation, default) = match event {
        WorkspaceEvent::WorkspaceFounded { .. } => return None,
        WorkspaceEvent::DefaultChannelAdded { channel } => (*channel, true),
        WorkspaceEvent::DefaultChannelRemoved { channel } => (*channel, false),
    };
    Some((Audience::Conversation(conversation), PublicEvent::DefaultChannelChanged { conversation, default }))
}

const fn card(
    id: ConversationId,
    kind: ConversationKind,
    visibility: Visibility,
    creator: UserId,
    created_at: Timestamp,
) -> Card {
    let (name, topic, description, members) = (None, None, None, None);
    Card { id, kind, name, topic, description, visibility, members, created_by: creator, created_at }
}
