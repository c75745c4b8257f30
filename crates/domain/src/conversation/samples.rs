//! Conversations that specs begin with.

use events::{ConversationEvent, ConversationId, UserId, Visibility};
use uuid::Uuid;

use super::{Open, State};
use crate::spec::ANN;

pub(crate) const CHANNEL: ConversationId = ConversationId::new(Uuid::from_u128(0xC0));

pub(crate) fn created(name: &str) -> ConversationEvent {
    ConversationEvent::ChannelCreated {
        name: name.into(),
        visibility: Visibility::Public,
        topic: None,
        description: None,
        creator: ANN,
    }
}

pub(crate) fn joined(user: UserId) -> ConversationEvent {
    ConversationEvent::MemberJoined { user }
}

pub(crate) fn direct(members: &[UserId]) -> ConversationEvent {
    ConversationEvent::DirectOpened { members: members.to_vec(), creator: ANN }
}

pub(crate) fn group(members: &[UserId]) -> ConversationEvent {
    ConversationEvent::GroupCreated { members: members.to_vec(), creator: ANN }
}

pub(crate) fn open(state: State) -> Open {
    match state {
        State::Open(open) => open,
        State::Missing => panic!("the conversation exists"),
    }
}
