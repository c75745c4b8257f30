//! `conversation-{id}`: a conversation's settings and members.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, StreamName, UserId};

/// Who may find and read a conversation without being its member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody of the workspace.
    Public,
    /// Nobody.
    Private,
}

/// Who may post in a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostingPolicy {
    /// Every member.
    #[default]
    Everyone,
    /// Admins of the workspace, and whoever made the channel.
    Admins,
}

/// Most people of a channel whose members are told of each other's receipts: everybody's receipts go to everybody, so the
/// cost of one message grows with the square of this.
pub const MOST_WITH_RECEIPTS: usize = 50;

/// Facts of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum ConversationEvent {
    /// A channel exists. Its creator joins by a fact of her own.
    #[serde(rename = "ChannelCreated.v1")]
    ChannelCreated {
        /// Unique among channels.
        name: String,
        /// Who may find it.
        visibility: Visibility,
        /// What it is about right now.
        topic: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Who made it.
        creator: UserId,
    },
    /// A private group of several people exists.
    #[serde(rename = "GroupCreated.v1")]
    GroupCreated {
        /// Everybody in it, the creator included.
        members: Vec<UserId>,
        /// Who made it.
        creator: UserId,
    },
    /// Two people, or one with herself, can talk directly.
    #[serde(rename = "DirectOpened.v1")]
    DirectOpened {
        /// Both of them, or the one, sorted.
        members: Vec<UserId>,
        /// Who opened it first.
        creator: UserId,
    },
    /// Somebody joined by herself.
    #[serde(rename = "MemberJoined.v1")]
    MemberJoined {
        /// Who.
        user: UserId,
    },
    /// Somebody was added.
    #[serde(rename = "MemberAdded.v1")]
    MemberAdded {
        /// Who.
        user: UserId,
        /// By whom.
        by: UserId,
    },
    /// Somebody left by herself.
    #[serde(rename = "MemberLeft.v1")]
    MemberLeft {
        /// Who.
        user: UserId,
    },
    /// Somebody was removed.
    #[serde(rename = "MemberRemoved.v1")]
    MemberRemoved {
        /// Who.
        user: UserId,
        /// By whom.
        by: UserId,
    },
    /// The channel has another name.
    #[serde(rename = "Renamed.v1")]
    Renamed {
        /// The new one.
        name: String,
    },
    /// The topic is another one, or none.
    #[serde(rename = "TopicChanged.v1")]
    TopicChanged {
        /// The new one.
        topic: Option<String>,
    },
    /// The description is another one, or none.
    #[serde(rename = "DescriptionChanged.v1")]
    DescriptionChanged {
        /// The new one.
        description: Option<String>,
    },
    /// A public channel became private, for good.
    #[serde(rename = "MadePrivate.v1")]
    MadePrivate {},
    /// The conversation is read-only from now on.
    #[serde(rename = "Archived.v1")]
    Archived {},
    /// The conversation can be written to again.
    #[serde(rename = "Unarchived.v1")]
    Unarchived {},
    /// Others may post in the channel than before.
    #[serde(rename = "PostingPolicySet.v1")]
    PostingPolicySet {
        /// Who may.
        policy: PostingPolicy,
    },
    /// The members of the channel are told how far each of them is, or are no longer.
    #[serde(rename = "ReceiptsSet.v1")]
    ReceiptsSet {
        /// Whether they are.
        receipts: bool,
    },
    /// A group became a private channel, with its people and all that they said.
    #[serde(rename = "ConvertedToChannel.v1")]
    ConvertedToChannel {
        /// Unique among channels.
        name: String,
    },
}

impl Family for ConversationEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Conversation { conversation: stream.id().parse().ok()?, event })
    }
}
