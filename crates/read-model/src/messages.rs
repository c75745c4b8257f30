//! The `messages` view: one document per message, in the form in which it goes out. A deleted message stays as an
//! empty shell, so that its place in the order and its thread keep their meaning.

use events::public::{Message, Reaction};
use events::{Category, Fact, MessageEvent, MessageId, Recorded, UserId};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Messages;

/// A message as stored: nothing in it is private to anybody who may see it.
pub type MessageDoc = Message;

impl View for Messages {
    const COLLECTION: &'static str = "messages_v1";
    const CATEGORIES: &'static [Category] = &[Category::Message];
    type Key = MessageId;
    type Doc = MessageDoc;

    fn keys(fact: &Fact) -> Vec<MessageId> {
        match fact {
            Fact::Message { message, event: MessageEvent::MessagePosted { thread: Some(thread), .. } } => {
                vec![*message, *thread]
            }
            Fact::Message { message, .. } => vec![*message],
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Conversation { .. }
            | Fact::Receipt { .. }
            | Fact::Preference { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: MessageId, doc: Option<MessageDoc>, recorded: &Recorded) -> Option<MessageDoc> {
        let Fact::Message { message, event } = &recorded.event else { return doc };
        if *message == key { itself(key, doc, recorded, event) } else { Some(answered(doc?, event)) }
    }
}

/// The message after a fact of its own stream.
fn itself(id: MessageId, doc: Option<Message>, recorded: &Recorded, event: &MessageEvent) -> Option<Message> {
    match event {
        MessageEvent::MessagePosted { conversation, author, text, thread, files } => Some(doc.unwrap_or(Message {
            id,
            conversation: *conversation,
            author: *author,
            position: recorded.position,
            text: text.clone(),
            posted_at: recorded.at,
            edited_at: None,
            deleted: false,
            thread: *thread,
            reply_count: 0,
            reactions: Vec::new(),
            files: files.clone(),
        })),
        MessageEvent::MessageEdited { text, .. } => {
            let edited_at = Some(recorded.at);
            doc.map(|doc| if doc.deleted { doc } else { Message { text: text.clone(), edited_at, ..doc } })
        }
        MessageEvent::MessageDeleted { .. } => {
            let (text, reactions, files) = (String::new(), Vec::new(), Vec::new());
            Some(Message { deleted: true, text, reactions, files, ..doc? })
        }
        MessageEvent::ReactionAdded { user, emoji, .. } => doc.map(|doc| reacted(doc, *user, emoji)),
        MessageEvent::ReactionRemoved { user, emoji, .. } => doc.map(|doc| unreacted(doc, *user, emoji)),
        MessageEvent::MessagePinned { .. } | MessageEvent::MessageUnpinned { .. } => doc,
    }
}

/// A message at the head of a thread after an answer to it. Answers that were deleted still count: they stay in
/// the thread as empty shells. An answer from another conversation is none.
fn answered(doc: Message, event: &MessageEvent) -> Message {
    match event {
        MessageEvent::MessagePosted { conversation, .. } if *conversation == doc.conversation => {
            Message { reply_count: doc.reply_count.saturating_add(1), ..doc }
        }
        MessageEvent::MessagePosted { .. }
        | MessageEvent::MessageEdited { .. }
        | MessageEvent::MessageDeleted { .. }
        | MessageEvent::ReactionAdded { .. }
        | MessageEvent::ReactionRemoved { .. }
        | MessageEvent::MessagePinned { .. }
        | MessageEvent::MessageUnpinned { .. } => doc,
    }
}

fn reacted(mut doc: Message, user: UserId, emoji: &str) -> Message {
    if doc.deleted {
        return doc;
    }
    match doc.reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) if reaction.users.contains(&user) => {}
        Some(reaction) => reaction.users.push(user),
        None => doc.reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] }),
    }
    doc
}

fn unreacted(mut doc: Message, user: UserId, emoji: &str) -> Message {
    for reaction in doc.reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
        reaction.users.retain(|reactor| *reactor != user);
    }
    doc.reactions.retain(|reaction| !reaction.users.is_empty());
    doc
}
