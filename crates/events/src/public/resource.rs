//! The things that frames and HTTP answers speak of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::mrkdwn::Block;
use crate::{ConversationId, FileId, MessageId, Position, Timestamp, UserId, Visibility};

/// A person as everybody of the workspace sees her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Her id.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// What others call her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What she does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What she is up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// When she registered.
    pub joined_at: Timestamp,
}

/// What somebody says she is up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// One emoji.
    pub emoji: String,
    /// At most 100 characters; empty when the emoji says all.
    pub text: String,
    /// From when on it is to be taken for cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The kinds of conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Has a name and can be joined.
    Channel,
    /// Several people, no name.
    Group,
    /// Two people, or one with herself.
    Direct,
}

/// What a conversation is, without anything that depends on who looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// Its id.
    pub id: ConversationId,
    /// Its kind.
    pub kind: ConversationKind,
    /// A channel's name, without `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about right now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who may find it.
    pub visibility: Visibility,
    /// Everybody in it; groups and direct conversations only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<UserId>>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// A message as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Its id, chosen by the sender's client.
    pub id: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub author: UserId,
    /// Its place in the order of everything.
    pub position: Position,
    /// What it says, as it was typed; empty once deleted.
    pub text: String,
    /// What that means, from top to bottom; absent when it is text and no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Block>,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// When its text was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Whether it is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The message it answers, when it stands in a thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<MessageId>,
    /// Whether an answer stands in the channel too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_channel: bool,
    /// The message that it passes on; who may not see that one gets nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwards: Option<MessageId>,
    /// That message, as far as you may see it; only in answers to reading, never in live events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// How many answers its own thread has; deleted ones count, for they stand there as empty shells.
    pub reply_count: u32,
    /// When the newest of them was posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_reply_at: Option<Timestamp>,
    /// Who answered, the newest first; five at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repliers: Vec<UserId>,
    /// Who reacted with what.
    pub reactions: Vec<Reaction>,
    /// Who pinned it, if it is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Pin>,
    /// What is attached.
    pub files: Vec<FileId>,
}

/// A message that another one passes on, for one reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Forwarded {
    /// She may see it.
    Seen(Box<Quote>),
    /// It is not for her to see.
    Unavailable {
        /// Always true.
        unavailable: bool,
    },
}

/// What a message says, where another one passes it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// Its id.
    pub id: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub author: UserId,
    /// Its place in the order of everything.
    pub position: Position,
    /// What it says now; empty once deleted.
    pub text: String,
    /// What that means; absent when it is text and no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Block>,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// When its text was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Whether it is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl From<Message> for Quote {
    fn from(message: Message) -> Self {
        let Message { id, conversation, author, position, text, content, posted_at, edited_at, deleted, .. } = message;
        Self { id, conversation, author, position, text, content, posted_at, edited_at, deleted }
    }
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// Who, in the order of reacting.
    pub users: Vec<UserId>,
}

/// That a message is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pin {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Where its pinning stands in the order of everything.
    pub position: Position,
}
