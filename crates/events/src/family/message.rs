//! `message-{id}`: one message and all that happens to it. Every fact carries its conversation,
//! so it can be routed and authorised without looking anything up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, FileId, MessageId, StreamName, UserId};

/// Facts of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum MessageEvent {
    /// Somebody said something.
    #[serde(rename = "MessagePosted.v1")]
    MessagePosted {
        /// Where.
        conversation: ConversationId,
        /// Who.
        author: UserId,
        /// What.
        text: String,
        /// The message this one answers, when it stands in a thread.
        thread: Option<MessageId>,
        /// What is attached.
        files: Vec<FileId>,
        /// Whether an answer stands in the channel too.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        in_channel: bool,
        /// Who wrote the message that this one answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<UserId>,
        /// The message that this one passes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        forwards: Option<MessageId>,
    },
    /// The text is another one now.
    #[serde(rename = "MessageEdited.v1")]
    MessageEdited {
        /// Where.
        conversation: ConversationId,
        /// The new text.
        text: String,
        /// Those whom it names and no text of the message named before; its author is not among them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<UserId>,
    },
    /// The message is gone.
    #[serde(rename = "MessageDeleted.v1")]
    MessageDeleted {
        /// Where.
        conversation: ConversationId,
    },
    /// Somebody reacted.
    #[serde(rename = "ReactionAdded.v1")]
    ReactionAdded {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// With what.
        emoji: String,
        /// Who wrote the message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        author: Option<UserId>,
    },
    /// Somebody took a reaction back.
    #[serde(rename = "ReactionRemoved.v1")]
    ReactionRemoved {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// Which one.
        emoji: String,
    },
    /// The message was pinned. Nothing writes this: pins are facts of `pins-{conversation}`.
    #[serde(rename = "MessagePinned.v1")]
    MessagePinned {
        /// Where.
        conversation: ConversationId,
        /// By whom.
        by: UserId,
    },
    /// The message is no longer pinned. Nothing writes this either.
    #[serde(rename = "MessageUnpinned.v1")]
    MessageUnpinned {
        /// Where.
        conversation: ConversationId,
        /// By whom.
        by: UserId,
    },
}

impl Family for MessageEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Message { message: stream.id().parse().ok()?, event })
    }
}
