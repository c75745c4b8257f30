//! The `drafts` view: one document per person and place in which she has, or once had, begun to write. It is for nobody
//! but herself.

use std::fmt;

use events::{
    Category, ConversationId, DraftEvent, DraftPlace, Fact, MessageId, Position, Recorded, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Drafts;

/// The name of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftKey {
    /// Whose.
    pub user: UserId,
    /// Where it would be sent.
    pub place: DraftPlace,
}

impl fmt::Display for DraftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DraftPlace { conversation, thread } = self.place;
        write!(f, "{}.{conversation}", self.user)?;
        thread.map_or(Ok(()), |thread| write!(f, ".{thread}"))
    }
}

/// A draft as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftDoc {
    /// Whose.
    pub user: UserId,
    /// Where it would be sent.
    pub conversation: ConversationId,
    /// In which thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<MessageId>,
    /// The text so far; empty when there is none any more.
    pub text: String,
    /// When that was saved.
    pub saved_at: Timestamp,
    /// Where its saving stands in the order of everything.
    pub position: Position,
}

impl View for Drafts {
    const COLLECTION: &'static str = "drafts_v1";
    const CATEGORIES: &'static [Category] = &[Category::Draft];
    type Key = DraftKey;
    type Doc = DraftDoc;

    fn keys(fact: &Fact) -> Vec<DraftKey> {
        match fact {
            Fact::Draft { user, event: DraftEvent::DraftSaved { conversation, thread, .. } } => {
                let place = DraftPlace { conversation: *conversation, thread: *thread };
                vec![DraftKey { user: *user, place }]
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
            | Fact::Saved { .. }
            | Fact::Inbox { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: DraftKey, doc: Option<DraftDoc>, recorded: &Recorded) -> Option<DraftDoc> {
        let Fact::Draft { event: DraftEvent::DraftSaved { text, .. }, .. } = &recorded.event else { return doc };
        let DraftKey { user, place: DraftPlace { conversation, thread } } = key;
        let (text, saved_at, position) = (text.clone(), recorded.at, recorded.position);
        Some(DraftDoc { user, conversation, thread, text, saved_at, position })
    }
}
