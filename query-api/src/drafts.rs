//! What one person has begun to write, as far as she may still see where.

use events::{ConversationId, MessageId, Position, Timestamp, UserId};
use mongodb::bson::{Document, doc};
use read_model::{ConversationDoc, Conversations, DraftDoc, MembershipDoc, Memberships, View, may_see};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reading::joined;

/// More than one person has.
const MOST: i64 = 200;

/// What you have begun to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct SavedDraft {
    /// Where it would be sent.
    conversation: ConversationId,
    /// The message it would answer in a thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thread: Option<MessageId>,
    /// The text so far.
    text: String,
    /// When you wrote that.
    saved_at: Timestamp,
    /// Where its saving stands in the order of everything.
    position: Position,
}

/// What the aggregation gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    #[serde(flatten)]
    draft: DraftDoc,
    place: Option<ConversationDoc>,
    membership: Option<MembershipDoc>,
}

impl Found {
    /// The draft, if this person may still see where it would be sent.
    pub(crate) fn seen(self) -> Option<SavedDraft> {
        let visible = may_see(self.place.as_ref()?, self.membership.as_ref());
        let DraftDoc { conversation, thread, text, saved_at, position, .. } = self.draft;
        visible.then_some(SavedDraft { conversation, thread, text, saved_at, position })
    }
}

/// Her drafts, the newest first.
pub(crate) fn stages(viewer: UserId) -> Vec<Document> {
    let viewer = viewer.to_string();
    let hers = vec![doc! { "$match": { "user": &viewer } }];
    vec![
        doc! { "$match": { "user": &viewer, "text": { "$gt": "" } } },
        doc! { "$sort": { "position": -1 } },
        doc! { "$limit": MOST },
        joined(Memberships::COLLECTION, "conversation", "conversation", "membership", hers),
        joined(Conversations::COLLECTION, "conversation", "_id", "place", Vec::new()),
        doc! { "$set": { "membership": { "$first": "$membership" }, "place": { "$first": "$place" } } },
    ]
}
