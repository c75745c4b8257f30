//! The `activity` view: what concerned people. One document per occurrence and kind, with everybody whom it concerned:
//! speaking to a thousand people writes one document and not a thousand. Whether they may still see it, and whether
//! its message is still there, is joined at read.

use std::fmt;

use events::{
    Category, ConversationEvent, ConversationId, Decision, Fact, MessageEvent, MessageId, NotificationEvent,
    NotificationPart, NotificationReason, Position, Recorded, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Activity;

/// How something concerns somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// A message speaks to her, by name or as one of many.
    Mention,
    /// A message has one of her keywords.
    Keyword,
    /// Somebody answered in a thread that she follows.
    ThreadReply,
    /// Somebody reacted to a message of hers.
    Reaction,
    /// Somebody added her to a conversation.
    Invitation,
}

impl ActivityKind {
    /// Every kind that a decision about a message leads to.
    const DECIDED: [Self; 3] = [Self::Mention, Self::Keyword, Self::ThreadReply];

    /// What people look back at; nothing for what they find where it was said.
    const fn of(reason: NotificationReason) -> Option<Self> {
        match reason {
            NotificationReason::Mention | NotificationReason::ChannelMention | NotificationReason::HereMention => {
                Some(Self::Mention)
            }
            NotificationReason::Keyword => Some(Self::Keyword),
            NotificationReason::ThreadReply => Some(Self::ThreadReply),
            NotificationReason::DirectMessage | NotificationReason::GroupMessage | NotificationReason::AllMessages => {
                None
            }
        }
    }

    /// Its word, as stored and on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Keyword => "keyword",
            Self::ThreadReply => "thread_reply",
            Self::Reaction => "reaction",
            Self::Invitation => "invitation",
        }
    }
}

/// The name of an occurrence. Emoji are many, so their name is a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActivityKey {
    /// A message concerns people.
    Decided {
        /// Which.
        message: MessageId,
        /// Which part of the decision.
        part: NotificationPart,
        /// How.
        kind: ActivityKind,
    },
    /// Somebody reacted.
    Reaction {
        /// To what.
        message: MessageId,
        /// Who.
        by: UserId,
        /// UUIDv5 of the emoji.
        emoji: Uuid,
    },
    /// Somebody was added.
    Invitation {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
    },
}

impl ActivityKey {
    fn reaction(message: MessageId, by: UserId, emoji: &str) -> Self {
        Self::Reaction { message, by, emoji: Uuid::new_v5(&EMOJI, emoji.as_bytes()) }
    }
}

/// The namespace of the hashes of emoji. Never changes: documents are named after them.
const EMOJI: Uuid = Uuid::from_u128(0x2e8b_90d4_17f3_4c6a_a5d0_4f92_6b1c_e837);

impl fmt::Display for ActivityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decided { message, part, kind } => write!(f, "{}.{message}.{part}", kind.word()),
            Self::Reaction { message, by, emoji } => write!(f, "reaction.{message}.{by}.{emoji}"),
            Self::Invitation { conversation, user } => write!(f, "invitation.{conversation}.{user}"),
        }
    }
}

/// An occurrence as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityDoc {
    /// How it concerns them.
    pub kind: ActivityKind,
    /// Whom.
    pub users: Vec<UserId>,
    /// Where.
    pub conversation: ConversationId,
    /// Its place in the order of everything.
    pub position: Position,
    /// When.
    pub at: Timestamp,
    /// Of which message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Who reacted, or added her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// With what she reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// Whether it was taken back.
    pub gone: bool,
}

impl View for Activity {
    const COLLECTION: &'static str = "activity_v1";
    const CATEGORIES: &'static [Category] = &[Category::Notification, Category::Message, Category::Conversation];
    type Key = ActivityKey;
    type Doc = ActivityDoc;

    fn keys(fact: &Fact) -> Vec<ActivityKey> {
        match fact {
            Fact::Notification { message, part, event } => {
                let named = |kind| ActivityKey::Decided { message: *message, part: *part, kind };
                let concerned = |kind: &ActivityKind| concerned(event, *kind).next().is_some();
                ActivityKind::DECIDED.into_iter().filter(concerned).map(named).collect()
            }
            Fact::Message {
                message,
                event:
                    MessageEvent::ReactionAdded { user, emoji, .. } | MessageEvent::ReactionRemoved { user, emoji, .. },
            } => vec![ActivityKey::reaction(*message, *user, emoji)],
            Fact::Conversation { conversation, event: ConversationEvent::MemberAdded { user, .. } } => {
                vec![ActivityKey::Invitation { conversation: *conversation, user: *user }]
            }
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Conversation { .. }
            | Fact::Message { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: ActivityKey, doc: Option<ActivityDoc>, recorded: &Recorded) -> Option<ActivityDoc> {
        match (key, &recorded.event) {
            (ActivityKey::Decided { message, kind, .. }, Fact::Notification { event, .. }) => {
                let NotificationEvent::NotificationsDecided { conversation, .. } = event;
                let users: Vec<UserId> = concerned(event, kind).flat_map(|decision| &decision.users).copied().collect();
                Some(ActivityDoc { message: Some(message), ..occurrence(kind, users, *conversation, recorded) })
            }
            (ActivityKey::Reaction { message, by, .. }, Fact::Message { event, .. }) => {
                reaction(doc, message, by, event, recorded)
            }
            (
                ActivityKey::Invitation { conversation, user },
                Fact::Conversation { event: ConversationEvent::MemberAdded { by, .. }, .. },
            ) => {
                let invitation = occurrence(ActivityKind::Invitation, vec![user], conversation, recorded);
                Some(ActivityDoc { by: Some(*by), ..invitation })
            }
            (ActivityKey::Decided { .. } | ActivityKey::Reaction { .. } | ActivityKey::Invitation { .. }, _) => doc,
        }
    }
}

/// The decisions that concern people in this way.
fn concerned(event: &NotificationEvent, kind: ActivityKind) -> impl Iterator<Item = &Decision> {
    let NotificationEvent::NotificationsDecided { decisions, .. } = event;
    decisions.iter().filter(move |decision| ActivityKind::of(decision.reason) == Some(kind))
}

/// A reaction concerns whom it is a reaction to: nobody else, and not herself. Older facts do not say who that is.
fn reaction(
    doc: Option<ActivityDoc>,
    message: MessageId,
    by: UserId,
    event: &MessageEvent,
    recorded: &Recorded,
) -> Option<ActivityDoc> {
    match event {
        MessageEvent::ReactionAdded { conversation, emoji, author, .. } => {
            let Some(author) = author.filter(|author| *author != by) else { return doc };
            Some(ActivityDoc {
                message: Some(message),
                by: Some(by),
                emoji: Some(emoji.clone()),
                ..occurrence(ActivityKind::Reaction, vec![author], *conversation, recorded)
            })
        }
        MessageEvent::ReactionRemoved { .. } => doc.map(|doc| ActivityDoc { gone: true, ..doc }),
        MessageEvent::MessagePosted { .. }
        | MessageEvent::MessageEdited { .. }
        | MessageEvent::MessageDeleted { .. }
        | MessageEvent::MessagePinned { .. }
        | MessageEvent::MessageUnpinned { .. } => doc,
    }
}

fn occurrence(
    kind: ActivityKind,
    users: Vec<UserId>,
    conversation: ConversationId,
    recorded: &Recorded,
) -> ActivityDoc {
    let (position, at) = (recorded.position, recorded.at);
    ActivityDoc { kind, users, conversation, position, at, message: None, by: None, emoji: None, gone: false }
}
