//! Conversations that specs begin with.

use events::{AccountEvent, ConversationEvent, ConversationId, Role, UserId, Visibility};
use uuid::Uuid;

use super::{Open, State};
use crate::account::{Account, Actor, Registered};
use crate::spec::{ANN, given};

pub(crate) const CHANNEL: ConversationId = ConversationId::new(Uuid::from_u128(0xC0));

pub(crate) fn created(name: &str) -> ConversationEvent {
    channel(name, Visibility::Public)
}

pub(crate) fn private(name: &str) -> ConversationEvent {
    channel(name, Visibility::Private)
}

fn channel(name: &str, visibility: Visibility) -> ConversationEvent {
    ConversationEvent::ChannelCreated { name: name.into(), visibility, topic: None, description: None, creator: ANN }
}

pub(crate) fn member(user: UserId) -> Actor {
    Actor { user, role: Role::Member }
}

pub(crate) fn admin(user: UserId) -> Actor {
    Actor { user, role: Role::Admin }
}

pub(crate) fn registered(user: UserId) -> Registered {
    let event = AccountEvent::AccountRegistered { email: None, phone: None, role: Role::Member };
    given::<Account>(&user, [event]).state().registered(user).unwrap()
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
