//! The public forms of what happens to messages, and the one place that makes a message out of its first fact.

use super::audience::Audience;
use super::event::PublicEvent;
use super::resource::Message;
use crate::mrkdwn::parse;
use crate::{ConversationId, Fact, FollowEvent, MessageEvent, MessageId, PinsEvent, Recorded, UserId};

/// The public form of a fact of `message-{id}` and whom it is for.
pub(super) fn form(recorded: &Recorded<Fact>, id: MessageId, event: &MessageEvent) -> Option<(Audience, PublicEvent)> {
    let (conversation, public) = match event {
        MessageEvent::MessagePosted { conversation, .. } => {
            (*conversation, PublicEvent::MessagePosted { message: Message::posted(recorded, id, event)? })
        }
        MessageEvent::MessageEdited { conversation, text, .. } => {
            let public = PublicEvent::MessageEdited {
                id,
                conversation: *conversation,
                text: text.clone(),
                content: parse(text),
            };
            (*conversation, public)
        }
        MessageEvent::MessageDeleted { conversation } => {
            (*conversation, PublicEvent::MessageDeleted { id, conversation: *conversation })
        }
        MessageEvent::ReactionAdded { conversation, user, emoji, .. } => {
            let (conversation, user, emoji) = (*conversation, *user, emoji.clone());
            (conversation, PublicEvent::ReactionAdded { id, conversation, user, emoji })
        }
        MessageEvent::ReactionRemoved { conversation, user, emoji } => {
            let (conversation, user, emoji) = (*conversation, *user, emoji.clone());
            (conversation, PublicEvent::ReactionRemoved { id, conversation, user, emoji })
        }
        MessageEvent::MessagePinned { .. } | MessageEvent::MessageUnpinned { .. } => return None,
    };
    Some((Audience::Conversation(conversation), public))
}

/// The public form of a fact of `pins-{conversation}`.
pub(super) fn pins_form(conversation: ConversationId, event: &PinsEvent) -> PublicEvent {
    match *event {
        PinsEvent::PinAdded { message: id, by } => PublicEvent::MessagePinned { id, conversation, by },
        PinsEvent::PinRemoved { message: id, by } => PublicEvent::MessageUnpinned { id, conversation, by },
    }
}

/// The public form of a fact of `follow-{message}.{user}`.
pub(super) fn follow_form(id: MessageId, user: UserId, event: &FollowEvent) -> PublicEvent {
    match *event {
        FollowEvent::ThreadFollowed { conversation, .. } => PublicEvent::ThreadFollowed { id, conversation, user },
        FollowEvent::ThreadUnfollowed { conversation, .. } => PublicEvent::ThreadUnfollowed { id, conversation, user },
        FollowEvent::ThreadReadUpTo { conversation, read: read_position, .. } => {
            PublicEvent::ThreadReadUpTo { id, conversation, user, read_position }
        }
        FollowEvent::ThreadMarkedUnread { conversation, read: read_position, .. } => {
            PublicEvent::ThreadMarkedUnread { id, conversation, user, read_position }
        }
    }
}

impl Message {
    /// The message as its first fact makes it; `None` for any other fact.
    #[must_use]
    pub fn posted<E>(recorded: &Recorded<E>, id: MessageId, event: &MessageEvent) -> Option<Self> {
        let MessageEvent::MessagePosted { conversation, author, text, thread, files, in_channel, forwards, .. } = event
        else {
            return None;
        };
        Some(Self {
            id,
            conversation: *conversation,
            author: *author,
            position: recorded.position,
            text: text.clone(),
            content: parse(text),
            posted_at: recorded.at,
            edited_at: None,
            deleted: false,
            thread: *thread,
            in_channel: *in_channel,
            forwards: *forwards,
            forwarded: None,
            reply_count: 0,
            last_reply_at: None,
            repliers: Vec::new(),
            reactions: Vec::new(),
            pinned: None,
            files: files.clone(),
        })
    }
}
