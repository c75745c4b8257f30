//! The `messages` view: one document per message, with what it said before. A deleted message stays as an empty shell,
//! so that its place in the order and its thread keep their meaning; nothing of what it said is left in it.

use events::mrkdwn::parse;
use events::public::{Message, Pin, Reaction};
use events::{Category, Fact, MessageEvent, MessageId, PinsEvent, Position, Recorded, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::View;

/// How many of those who answered are shown.
const MOST_REPLIERS: usize = 5;

/// The view.
#[derive(Debug)]
pub struct Messages;

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageDoc {
    /// As everybody who may see it sees it.
    #[serde(flatten)]
    pub message: Message,
    /// Whether it stands in its conversation's own list, and not in a thread alone.
    pub listed: bool,
    /// Position of the newest answer in its own thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_reply: Option<Position>,
    /// What it said before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Version>,
}

/// What a message said, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What it said.
    pub text: String,
    /// When that was written.
    pub at: Timestamp,
}

impl MessageDoc {
    /// Everything it ever said, oldest first; nothing once it is deleted.
    #[must_use]
    pub fn versions(self) -> Vec<Version> {
        if self.message.deleted {
            return Vec::new();
        }
        let at = self.message.edited_at.unwrap_or(self.message.posted_at);
        let now = Version { text: self.message.text, at };
        self.former.into_iter().chain([now]).collect()
    }
}

impl View for Messages {
    const COLLECTION: &'static str = "messages_v2";
    const CATEGORIES: &'static [Category] = &[Category::Message, Category::Pins];
    type Key = MessageId;
    type Doc = MessageDoc;

    fn keys(fact: &Fact) -> Vec<MessageId> {
        match fact {
            Fact::Message { message, event: MessageEvent::MessagePosted { thread: Some(thread), .. } } => {
                vec![*message, *thread]
            }
            Fact::Message { message, .. } => vec![*message],
            Fact::Pins {
                event: PinsEvent::PinAdded { message, .. } | PinsEvent::PinRemoved { message, .. }, ..
            } => {
                vec![*message]
            }
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Conversation { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: MessageId, doc: Option<MessageDoc>, recorded: &Recorded) -> Option<MessageDoc> {
        match &recorded.event {
            Fact::Message { message, event } if *message == key => itself(key, doc, recorded, event),
            Fact::Message { event, .. } => Some(answered(doc?, recorded, event)),
            Fact::Pins { event, .. } => Some(pinned(doc?, recorded, event)),
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Conversation { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => doc,
        }
    }
}

/// The message after a fact of its own stream.
fn itself(id: MessageId, doc: Option<MessageDoc>, recorded: &Recorded, event: &MessageEvent) -> Option<MessageDoc> {
    let Some(doc) = doc else {
        let message = Message::posted(recorded, id, event)?;
        let listed = message.thread.is_none() || message.in_channel;
        return Some(MessageDoc { message, listed, last_reply: None, former: Vec::new() });
    };
    if doc.message.deleted {
        return Some(doc);
    }
    Some(match event {
        MessageEvent::MessageEdited { text, .. } => edited(doc, text, recorded.at),
        MessageEvent::MessageDeleted { .. } => emptied(doc),
        MessageEvent::ReactionAdded { user, emoji, .. } => reacted(doc, *user, emoji),
        MessageEvent::ReactionRemoved { user, emoji, .. } => unreacted(doc, *user, emoji),
        MessageEvent::MessagePosted { .. }
        | MessageEvent::MessagePinned { .. }
        | MessageEvent::MessageUnpinned { .. } => doc,
    })
}

fn edited(mut doc: MessageDoc, text: &str, at: Timestamp) -> MessageDoc {
    let since = doc.message.edited_at.unwrap_or(doc.message.posted_at);
    let before = std::mem::replace(&mut doc.message.text, text.to_owned());
    doc.former.push(Version { text: before, at: since });
    doc.message.content = parse(text);
    doc.message.edited_at = Some(at);
    doc
}

/// What is left of a deleted message: that it was here, and its thread.
fn emptied(doc: MessageDoc) -> MessageDoc {
    let message = Message {
        deleted: true,
        text: String::new(),
        content: Vec::new(),
        edited_at: None,
        forwards: None,
        reactions: Vec::new(),
        pinned: None,
        files: Vec::new(),
        ..doc.message
    };
    MessageDoc { message, former: Vec::new(), ..doc }
}

/// A message at the head of a thread after an answer to it. Answers that were deleted still count: they stay in
/// the thread as empty shells. An answer from another conversation is none.
fn answered(mut doc: MessageDoc, recorded: &Recorded, event: &MessageEvent) -> MessageDoc {
    match event {
        MessageEvent::MessagePosted { conversation, author, .. } if *conversation == doc.message.conversation => {
            doc.last_reply = Some(recorded.position);
            let head = &mut doc.message;
            head.reply_count = head.reply_count.saturating_add(1);
            head.last_reply_at = Some(recorded.at);
            head.repliers.retain(|replier| replier != author);
            head.repliers.insert(0, *author);
            head.repliers.truncate(MOST_REPLIERS);
        }
        MessageEvent::MessagePosted { .. }
        | MessageEvent::MessageEdited { .. }
        | MessageEvent::MessageDeleted { .. }
        | MessageEvent::ReactionAdded { .. }
        | MessageEvent::ReactionRemoved { .. }
        | MessageEvent::MessagePinned { .. }
        | MessageEvent::MessageUnpinned { .. } => {}
    }
    doc
}

fn pinned(mut doc: MessageDoc, recorded: &Recorded, event: &PinsEvent) -> MessageDoc {
    doc.message.pinned = match *event {
        PinsEvent::PinAdded { by, .. } if !doc.message.deleted => {
            Some(Pin { by, at: recorded.at, position: recorded.position })
        }
        PinsEvent::PinAdded { .. } | PinsEvent::PinRemoved { .. } => None,
    };
    doc
}

fn reacted(mut doc: MessageDoc, user: UserId, emoji: &str) -> MessageDoc {
    let reactions = &mut doc.message.reactions;
    match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) if reaction.users.contains(&user) => {}
        Some(reaction) => reaction.users.push(user),
        None => reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] }),
    }
    doc
}

fn unreacted(mut doc: MessageDoc, user: UserId, emoji: &str) -> MessageDoc {
    let reactions = &mut doc.message.reactions;
    for reaction in reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
        reaction.users.retain(|reactor| *reactor != user);
    }
    reactions.retain(|reaction| !reaction.users.is_empty());
    doc
}
