//! Messages that specs begin with.

use events::{MessageEvent, MessageId, UserId};
use uuid::Uuid;

use crate::conversation::samples::{CHANNEL, created, joined, member as plain_member};
use crate::conversation::{Conversation, Poster};
use crate::spec::{ANN, BOB, CID, given};

pub(crate) const HELLO: MessageId = MessageId::new(Uuid::from_u128(0x1));
pub(crate) const ANSWER: MessageId = MessageId::new(Uuid::from_u128(0x2));

/// Ann says something in the channel.
pub(crate) fn posted(text: &str) -> MessageEvent {
    MessageEvent::MessagePosted {
        conversation: CHANNEL,
        author: ANN,
        text: text.into(),
        thread: None,
        files: vec![],
        in_channel: false,
        answers: None,
        forwards: None,
    }
}

/// Ann answers herself.
pub(crate) fn answered(text: &str, in_channel: bool) -> MessageEvent {
    MessageEvent::MessagePosted {
        conversation: CHANNEL,
        author: ANN,
        text: text.into(),
        thread: Some(HELLO),
        files: vec![],
        in_channel,
        answers: Some(ANN),
        forwards: None,
    }
}

/// Ann passes on what she said.
pub(crate) fn forwarded(text: &str) -> MessageEvent {
    MessageEvent::MessagePosted {
        conversation: CHANNEL,
        author: ANN,
        text: text.into(),
        thread: None,
        files: vec![],
        in_channel: false,
        answers: None,
        forwards: Some(HELLO),
    }
}

pub(crate) fn edited(text: &str) -> MessageEvent {
    MessageEvent::MessageEdited { conversation: CHANNEL, text: text.into(), mentions: vec![] }
}

pub(crate) fn deleted() -> MessageEvent {
    MessageEvent::MessageDeleted { conversation: CHANNEL }
}

pub(crate) fn reacted(user: UserId, emoji: &str) -> MessageEvent {
    MessageEvent::ReactionAdded { conversation: CHANNEL, user, emoji: emoji.into(), author: Some(ANN) }
}

pub(crate) fn unreacted(user: UserId, emoji: &str) -> MessageEvent {
    MessageEvent::ReactionRemoved { conversation: CHANNEL, user, emoji: emoji.into() }
}

/// A member of the channel.
pub(crate) fn member(user: UserId) -> Poster {
    let facts = [created("cooking"), joined(ANN), joined(BOB), joined(CID)];
    given::<Conversation>(&CHANNEL, facts).state().poster(plain_member(user)).unwrap()
}

/// A member of another one.
pub(crate) fn elsewhere(user: UserId) -> Poster {
    let other = events::ConversationId::new(Uuid::from_u128(0xC1));
    given::<Conversation>(&other, [created("baking"), joined(user)]).state().poster(plain_member(user)).unwrap()
}
