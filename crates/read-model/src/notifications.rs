//! The `notifications` view: one document per part of a decision, so that it says of everybody whether a message
//! notified her, and why. Nobody is shown more of it than what was decided about herself.

use std::fmt;

use events::{
    Category, ConversationId, Decision, Fact, MessageId, NotificationEvent, NotificationPart, Position, Recorded,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Notifications;

/// The name of a part of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationKey {
    /// The message.
    pub message: MessageId,
    /// Which part.
    pub part: NotificationPart,
}

impl fmt::Display for NotificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.message, self.part)
    }
}

/// A part of a decision as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationDoc {
    /// The message.
    pub message: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Where the decision stands in the order of everything.
    pub position: Position,
    /// What was decided, for whom.
    pub decisions: Vec<Decision>,
}

impl View for Notifications {
    const COLLECTION: &'static str = "notifications_v1";
    const CATEGORIES: &'static [Category] = &[Category::Notification];
    type Key = NotificationKey;
    type Doc = NotificationDoc;

    fn keys(fact: &Fact) -> Vec<NotificationKey> {
        match fact {
            Fact::Notification { message, part, .. } => vec![NotificationKey { message: *message, part: *part }],
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

    fn evolve(key: NotificationKey, doc: Option<NotificationDoc>, recorded: &Recorded) -> Option<NotificationDoc> {
        let Fact::Notification { event, .. } = &recorded.event else { return doc };
        let NotificationEvent::NotificationsDecided { conversation, decisions } = event;
        let (message, position) = (key.message, recorded.position);
        Some(NotificationDoc { message, conversation: *conversation, position, decisions: decisions.clone() })
    }
}
