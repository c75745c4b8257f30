//! The `follows` view: one document per person and thread that she takes part in or has said something about. Who
//! answers or is named in an answer follows by a fact of her own; the author of what is answered does by being answered,
//! unless she says otherwise. So does who answered in times when no fact said it. A thread's other facts are joined at
//! read: an answer touches two of these documents, however many follow.

use std::fmt;

use events::{
    Category, ConversationId, Fact, FollowEvent, MessageEvent, MessageId, Pointers, Position, Recorded, ThreadPlace,
    UserId,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Follows;

/// The name of a person's place in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FollowKey {
    /// The message at the head of the thread.
    pub root: MessageId,
    /// Who.
    pub user: UserId,
}

impl fmt::Display for FollowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.root, self.user)
    }
}

/// A person's place in a thread as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowDoc {
    /// The message at the head of the thread.
    pub root: MessageId,
    /// Who.
    pub user: UserId,
    /// Where the thread stands.
    pub conversation: ConversationId,
    /// Whether she takes part.
    pub takes_part: bool,
    /// What she has said about following.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<bool>,
    /// Whether she follows: as she has said, else because she takes part.
    pub following: bool,
    /// Answers after this position are new to her.
    pub read: Position,
    /// Position of the fact by which she last marked the thread unread, unless she left it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<Position>,
}

impl FollowDoc {
    /// How far she has read, where everything up to `all_read` is read; what she marked unread after that stays so.
    #[must_use]
    pub fn read_with(&self, all_read: Position) -> Position {
        Pointers { read: self.read, marked: self.marked, ..Pointers::default() }.read_with(all_read)
    }
}

impl View for Follows {
    const COLLECTION: &'static str = "follows_v1";
    const CATEGORIES: &'static [Category] = &[Category::Message, Category::Follow];
    type Key = FollowKey;
    type Doc = FollowDoc;

    fn keys(fact: &Fact) -> Vec<FollowKey> {
        match fact {
            Fact::Message {
                event: MessageEvent::MessagePosted { thread: Some(root), author, answers, .. }, ..
            } => {
                let others = answers.filter(|answered| answered != author);
                [Some(*author), others].into_iter().flatten().map(|user| FollowKey { root: *root, user }).collect()
            }
            Fact::Follow { root, user, .. } => vec![FollowKey { root: *root, user: *user }],
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
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: FollowKey, doc: Option<FollowDoc>, recorded: &Recorded) -> Option<FollowDoc> {
        match &recorded.event {
            Fact::Message { event: MessageEvent::MessagePosted { conversation, author, .. }, .. } => {
                Some(takes_part(key, doc, *conversation, *author, recorded.position))
            }
            Fact::Follow { event, .. } => Some(said(key, doc, event, recorded.position)),
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
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => doc,
        }
    }
}

/// Somebody answered, or was answered. Who comes into a thread by answering has seen what stands there; to whom it was
/// her own message that is answered, the first answer is new.
fn takes_part(
    key: FollowKey,
    doc: Option<FollowDoc>,
    conversation: ConversationId,
    author: UserId,
    at: Position,
) -> FollowDoc {
    let read = if author == key.user { at } else { Position::START };
    let doc = doc.unwrap_or_else(|| empty(key, conversation, read));
    following(FollowDoc { takes_part: true, ..doc })
}

/// She said something about following, has read on, or wants to come back. To who begins to follow only what comes from
/// now on is new, but for what she marked; a mark that was not heard of yet is where she is.
fn said(key: FollowKey, doc: Option<FollowDoc>, event: &FollowEvent, at: Position) -> FollowDoc {
    let ThreadPlace { conversation, read, following: said, marked } = event.place_at(at);
    let begins = matches!(event, FollowEvent::ThreadFollowed { .. }) && !doc.as_ref().is_some_and(|doc| doc.following);
    let doc = doc.unwrap_or_else(|| empty(key, conversation, read));
    let read = match marked {
        Some(_) if marked != doc.marked => read,
        None if begins => at,
        Some(_) | None => doc.read.max(read),
    };
    following(FollowDoc { said, read, marked, ..doc })
}

fn empty(key: FollowKey, conversation: ConversationId, read: Position) -> FollowDoc {
    let FollowKey { root, user } = key;
    FollowDoc { root, user, conversation, takes_part: false, said: None, following: false, read, marked: None }
}

fn following(doc: FollowDoc) -> FollowDoc {
    FollowDoc { following: doc.said.unwrap_or(doc.takes_part), ..doc }
}
