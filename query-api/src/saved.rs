//! What one person saved for later: one aggregation, whose cost grows with what is asked for.

use events::public::Message;
use events::{Position, SavedState, Timestamp, UserId};
use mongodb::bson::{Document, doc, serialize_to_bson};
use read_model::{ConversationDoc, Conversations, MembershipDoc, Memberships, Messages, View, may_see};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reading::{joined, number};

/// A message that you saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct SavedMessage {
    /// The message; what was deleted is an empty shell.
    pub(crate) message: Message,
    /// How far you have come with it.
    state: SavedState,
    /// When you want to be reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remind_at: Option<Timestamp>,
    /// When you saved it.
    saved_at: Timestamp,
    /// Where that stands in the order of everything.
    position: Position,
}

/// What the aggregation gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    body: Option<Message>,
    place: Option<ConversationDoc>,
    membership: Option<MembershipDoc>,
    state: SavedState,
    remind_at: Option<Timestamp>,
    saved_at: Timestamp,
    pub(crate) position: Position,
}

impl Found {
    /// The message, if this person may still see it.
    pub(crate) fn seen(self) -> Option<SavedMessage> {
        let Self { state, remind_at, saved_at, position, .. } = self;
        let visible = may_see(self.place.as_ref()?, self.membership.as_ref());
        let message = self.body.filter(|_| visible)?;
        Some(SavedMessage { message, state, remind_at, saved_at, position })
    }
}

/// What she saved, the newest first, and one more than asked for.
pub(crate) fn stages(
    viewer: UserId,
    state: Option<SavedState>,
    before: Option<Position>,
    limit: usize,
) -> Vec<Document> {
    let before = before.map_or(i64::MAX, number);
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let viewer = viewer.to_string();
    let mut saved = doc! { "user": &viewer, "saved": true, "position": { "$lt": before } };
    if let Some(state) = state.and_then(|state| serialize_to_bson(&state).ok()) {
        saved.insert("state", state);
    }
    let hers = vec![doc! { "$match": { "user": &viewer } }];
    vec![
        doc! { "$match": saved },
        doc! { "$sort": { "position": -1 } },
        doc! { "$limit": one_more },
        joined(Messages::COLLECTION, "message", "_id", "body", vec![doc! { "$unset": "former" }]),
        doc! { "$set": { "body": { "$first": "$body" } } },
        joined(Memberships::COLLECTION, "body.conversation", "conversation", "membership", hers),
        joined(Conversations::COLLECTION, "body.conversation", "_id", "place", Vec::new()),
        doc! { "$set": { "membership": { "$first": "$membership" }, "place": { "$first": "$place" } } },
    ]
}
