//! The `saved` view: one document per person and message that she saved or once saved. The message itself, and whether
//! she may see it, are joined at read.

use std::fmt;

use events::{Category, Fact, MessageId, Position, Recorded, SavedEvent, SavedState, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Saved;

/// The name of what a person says about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SavedKey {
    /// Who.
    pub user: UserId,
    /// Which message.
    pub message: MessageId,
}

impl fmt::Display for SavedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.user, self.message)
    }
}

/// A saved message as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedDoc {
    /// Who saved it.
    pub user: UserId,
    /// Which message.
    pub message: MessageId,
    /// Whether it is still saved.
    pub saved: bool,
    /// How far she has come with it.
    pub state: SavedState,
    /// When she wants to be reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<Timestamp>,
    /// When she saved it.
    pub saved_at: Timestamp,
    /// Where her saving it stands in the order of everything.
    pub position: Position,
}

impl View for Saved {
    const COLLECTION: &'static str = "saved_v1";
    const CATEGORIES: &'static [Category] = &[Category::Saved];
    type Key = SavedKey;
    type Doc = SavedDoc;

    fn keys(fact: &Fact) -> Vec<SavedKey> {
        match fact {
            Fact::Saved { user, event: SavedEvent::MessageSaved { message, .. } } => {
                vec![SavedKey { user: *user, message: *message }]
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
            | Fact::Preference { .. }
            | Fact::Draft { .. }
            | Fact::Inbox { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: SavedKey, doc: Option<SavedDoc>, recorded: &Recorded) -> Option<SavedDoc> {
        let Fact::Saved { event, .. } = &recorded.event else { return doc };
        let SavedEvent::MessageSaved { saved, state, remind_at, .. } = *event;
        let SavedKey { user, message } = key;
        // What is moved or gets another reminder keeps its place; what is saved again gets a new one.
        let kept = doc.filter(|doc| doc.saved).map(|doc| (doc.saved_at, doc.position));
        let (saved_at, position) = kept.unwrap_or((recorded.at, recorded.position));
        Some(SavedDoc { user, message, saved, state, remind_at, saved_at, position })
    }
}
