//! The `activity_reads` view: how far each person has looked through her activity; for nobody but herself.

use events::{ActivityEvent, Category, Fact, Position, Recorded, UserId};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct ActivityReads;

/// How far somebody has looked, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityReadDoc {
    /// Who.
    pub user: UserId,
    /// Position of the newest entry she has seen.
    pub read: Position,
}

impl View for ActivityReads {
    const COLLECTION: &'static str = "activity_reads_v1";
    const CATEGORIES: &'static [Category] = &[Category::Activity];
    type Key = UserId;
    type Doc = ActivityReadDoc;

    fn keys(fact: &Fact) -> Vec<UserId> {
        match fact {
            Fact::Activity { user, .. } => vec![*user],
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
            | Fact::Notification { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(user: UserId, doc: Option<ActivityReadDoc>, recorded: &Recorded) -> Option<ActivityReadDoc> {
        let Fact::Activity { event: ActivityEvent::ActivityReadUpTo { read }, .. } = recorded.event else { return doc };
        Some(ActivityReadDoc { user, read })
    }
}
