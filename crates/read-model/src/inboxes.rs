//! The `inboxes` view: one document per person who has said something about all that she reads; of it, others learn only
//! whether she lets them see how far she is.

use events::{Category, Fact, InboxEvent, Position, Recorded, UserId};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Inboxes;

/// An inbox as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxDoc {
    /// Whose.
    pub user: UserId,
    /// Whether others are told how far she has read, and she of them.
    pub read_receipts: bool,
    /// Everything up to here is read, wherever it stands.
    pub read: Position,
}

impl InboxDoc {
    /// The inbox of somebody who has said nothing.
    #[must_use]
    pub const fn usual(user: UserId) -> Self {
        Self { user, read_receipts: true, read: Position::START }
    }
}

impl View for Inboxes {
    const COLLECTION: &'static str = "inboxes_v1";
    const CATEGORIES: &'static [Category] = &[Category::Inbox];
    type Key = UserId;
    type Doc = InboxDoc;

    fn keys(fact: &Fact) -> Vec<UserId> {
        match fact {
            Fact::Inbox { user, .. } => vec![*user],
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
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(user: UserId, doc: Option<InboxDoc>, recorded: &Recorded) -> Option<InboxDoc> {
        match recorded.event {
            Fact::Inbox {
                event:
                    InboxEvent::ReadReceiptsSet { read_receipts, read } | InboxEvent::AllReadUpTo { read_receipts, read },
                ..
            } => Some(InboxDoc { user, read_receipts, read }),
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
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => doc,
        }
    }
}
