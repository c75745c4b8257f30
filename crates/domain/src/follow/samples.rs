//! Places in threads that specs begin with.

use events::{FollowEvent, MessageId, Position, UserId};

use crate::conversation::samples::{CHANNEL, created, joined};
use crate::conversation::{Conversation, Reader};
use crate::message::samples::{HELLO, posted};
use crate::message::{Head, Message};
use crate::spec::{ANN, BOB, given};

pub(crate) const HERE: (MessageId, UserId) = (HELLO, BOB);

pub(crate) fn reader(user: UserId) -> Reader {
    given::<Conversation>(&CHANNEL, [created("cooking"), joined(ANN), joined(BOB)]).state().reader(user).unwrap()
}

/// A member of another channel.
pub(crate) fn elsewhere(user: UserId) -> Reader {
    let other = events::ConversationId::new(uuid::Uuid::from_u128(0xC1));
    given::<Conversation>(&other, [created("baking"), joined(user)]).state().reader(user).unwrap()
}

pub(crate) fn head() -> Head {
    given::<Message>(&HELLO, [posted("hello")]).state().head(HELLO).unwrap()
}

pub(crate) fn followed(read: u64) -> FollowEvent {
    FollowEvent::ThreadFollowed { conversation: CHANNEL, read: Position(read), marked: None }
}

pub(crate) fn unfollowed(read: u64) -> FollowEvent {
    FollowEvent::ThreadUnfollowed { conversation: CHANNEL, read: Position(read) }
}

pub(crate) fn read(read: u64, following: Option<bool>) -> FollowEvent {
    FollowEvent::ThreadReadUpTo { conversation: CHANNEL, read: Position(read), following, marked: None }
}

pub(crate) fn marked(read: u64, following: Option<bool>) -> FollowEvent {
    FollowEvent::ThreadMarkedUnread { conversation: CHANNEL, read: Position(read), following }
}
