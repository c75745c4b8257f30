//! What is told of facts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audience::PresenceState;
use super::preference::SidebarSection;
use super::resource::{Card, Message, Person, Status};
use crate::mrkdwn::Block;
use crate::{
    ConversationId, MessageId, NotificationLevel, Position, PostingPolicy, QuietHours, SavedState, Timestamp, UserId,
};

/// What happened, as told to the outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PublicEvent {
    /// Somebody said something.
    MessagePosted {
        /// The message.
        message: Message,
    },
    /// A message's text is another one now.
    MessageEdited {
        /// Which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// The new text.
        text: String,
        /// What that means; absent when it is text and no more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        content: Vec<Block>,
    },
    /// A message is gone.
    MessageDeleted {
        /// Which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
    },
    /// Somebody reacted to a message.
    ReactionAdded {
        /// To which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// With what.
        emoji: String,
    },
    /// Somebody took a reaction back.
    ReactionRemoved {
        /// From which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// Which one.
        emoji: String,
    },
    /// A message was pinned.
    MessagePinned {
        /// Which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// By whom.
        by: UserId,
    },
    /// A message is no longer pinned.
    MessageUnpinned {
        /// Which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// By whom.
        by: UserId,
    },
    /// A channel exists.
    ChannelCreated {
        /// The channel.
        conversation: Card,
    },
    /// Two people can talk directly.
    DirectOpened {
        /// Their conversation.
        conversation: Card,
    },
    /// Several people can talk in a group.
    GroupCreated {
        /// Their conversation.
        conversation: Card,
    },
    /// Somebody became a member; when it is you, fetch the conversation.
    MemberJoined {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
    },
    /// Somebody is no longer a member.
    MemberLeft {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
    },
    /// A channel has another name.
    ChannelRenamed {
        /// Which.
        conversation: ConversationId,
        /// Its new name.
        name: String,
    },
    /// A channel has another topic, or none.
    TopicChanged {
        /// Where.
        conversation: ConversationId,
        /// The new one; absent when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
    },
    /// A channel has another description, or none.
    DescriptionChanged {
        /// Where.
        conversation: ConversationId,
        /// The new one; absent when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// A public channel became private.
    MadePrivate {
        /// Which.
        conversation: ConversationId,
    },
    /// A channel is read-only from now on.
    ChannelArchived {
        /// Which.
        conversation: ConversationId,
    },
    /// A channel can be written to again.
    ChannelUnarchived {
        /// Which.
        conversation: ConversationId,
    },
    /// Others may post in a channel than before.
    PostingPolicySet {
        /// Where.
        conversation: ConversationId,
        /// Who may.
        policy: PostingPolicy,
    },
    /// The members of a channel are told how far each of them is, or are no longer.
    ReceiptsSet {
        /// Where.
        conversation: ConversationId,
        /// Whether they are.
        receipts: bool,
    },
    /// A group became a private channel, which tells of no receipts until it is set so.
    ConvertedToChannel {
        /// Which.
        conversation: ConversationId,
        /// Its name.
        name: String,
    },
    /// New people join a channel by themselves, or no longer.
    DefaultChannelChanged {
        /// Which.
        conversation: ConversationId,
        /// Whether they do.
        default: bool,
    },
    /// You starred a conversation, or do so no longer.
    ConversationStarred {
        /// Which.
        conversation: ConversationId,
        /// How it is now.
        starred: bool,
    },
    /// You muted a conversation, or do so no longer.
    ConversationMuted {
        /// Which.
        conversation: ConversationId,
        /// How it is now.
        muted: bool,
    },
    /// You said which messages of a conversation notify you.
    NotificationLevelSet {
        /// Which conversation.
        conversation: ConversationId,
        /// Which messages.
        level: NotificationLevel,
    },
    /// You arranged your sidebar anew.
    SidebarChanged {
        /// Its sections, in order.
        sections: Vec<SidebarSection>,
    },
    /// You want no notifications for a while, or want them again.
    DndChanged {
        /// Until when you want none; absent when you want them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// You want no notifications at certain hours of the week, or at none.
    QuietHoursChanged {
        /// The hours; absent when there are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet_hours: Option<QuietHours>,
    },
    /// You want to hear of other words than before.
    KeywordsChanged {
        /// All of them.
        keywords: Vec<String>,
    },
    /// You saved a message for later, moved it among what you saved, or took it away.
    MessageSaved {
        /// Which.
        id: MessageId,
        /// Where it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
        /// How it is now.
        saved: bool,
        /// How far you have come with it.
        state: SavedState,
        /// When you want to be reminded of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind_at: Option<Timestamp>,
    },
    /// You have begun to write something.
    DraftSaved {
        /// Where it would be sent.
        conversation: ConversationId,
        /// In which thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<MessageId>,
        /// The text so far; empty when there is no draft any more.
        text: String,
    },
    /// A device of somebody's has everything up to here.
    DeliveredUpTo {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// Position of the newest message received.
        delivered_position: Position,
    },
    /// Somebody has read a conversation up to here: you, on one of your devices, or another member who says so.
    ReadUpTo {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// Position of the newest message read.
        read_position: Position,
    },
    /// You marked something unread, on one of your devices: what stands after this position is new to you again.
    MarkedUnread {
        /// Where.
        conversation: ConversationId,
        /// You.
        user: UserId,
        /// Position of the newest message that counts as read.
        read_position: Position,
    },
    /// You have read everything up to here, wherever it stands, but for what you marked unread after this position.
    AllReadUpTo {
        /// You.
        user: UserId,
        /// Everything up to here is read.
        read_position: Position,
    },
    /// You let others see how far you have read and see it of them, or do so no longer.
    ReadReceiptsSet {
        /// You.
        user: UserId,
        /// Whether you do.
        read_receipts: bool,
    },
    /// You follow a thread now: you said so on one of your devices, answered, or were named in an answer.
    ThreadFollowed {
        /// The message at its head.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// You.
        user: UserId,
    },
    /// You do not follow a thread any more.
    ThreadUnfollowed {
        /// The message at its head.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// You.
        user: UserId,
    },
    /// You have read a thread up to here, on one of your devices.
    ThreadReadUpTo {
        /// The message at its head.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// You.
        user: UserId,
        /// Position of the newest answer read.
        read_position: Position,
    },
    /// You marked an answer unread, on one of your devices: what stands in its thread after this position is new to you
    /// again.
    ThreadMarkedUnread {
        /// The message at its head.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// You.
        user: UserId,
        /// Position of the newest answer that counts as read.
        read_position: Position,
    },
    /// A message notifies you. `GET /v1/messages/{message}/notifications` says why.
    Notified {
        /// Which message.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
    },
    /// You have looked through your activity up to here, on one of your devices.
    ActivityReadUpTo {
        /// Position of the newest entry that you have seen.
        read_position: Position,
    },
    /// Somebody new is here.
    ProfileCreated {
        /// Who.
        user: Person,
    },
    /// Somebody is up to something else.
    StatusChanged {
        /// Who.
        user: UserId,
        /// What she is up to; absent when she does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<Status>,
    },
    /// Somebody came, went, or fell idle.
    PresenceChanged {
        /// Who.
        user: UserId,
        /// How she is now.
        state: PresenceState,
    },
}
