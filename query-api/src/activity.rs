//! What concerned one person: one aggregation over the occurrences that name her, joined with what she may see now.

use events::public::Message;
use events::{ConversationId, Position, Timestamp, UserId};
use mongodb::bson::{Document, doc};
use read_model::{ActivityKind, ConversationDoc, Conversations, MembershipDoc, Memberships, Messages, View, may_see};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reading::{joined, number};

/// Unread entries are counted so far.
pub(crate) const UNREAD_AT_MOST: usize = 100;

/// Something that concerned you.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ActivityEntry {
    /// How it concerns you.
    kind: ActivityKind,
    /// Its place in the order of everything.
    position: Position,
    /// When.
    at: Timestamp,
    /// Where.
    conversation: ConversationId,
    /// The message that concerns you; with a reaction, yours. An invitation has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<Message>,
    /// Who reacted, or added you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    /// With what somebody reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
}

/// A page of what concerned you, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ActivityPage {
    /// What stands on it; fewer than asked for, where some may not be seen any more.
    pub(crate) items: Vec<ActivityEntry>,
    /// Give this as `before` for older entries; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Position>,
    /// Entries after this position are new to you.
    pub(crate) read_position: Position,
    /// How many entries of any kind are new to you, counted to 100 at most.
    pub(crate) unread_count: usize,
}

/// Which entries are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) after: Position,
    pub(crate) before: Option<Position>,
    pub(crate) kind: Option<ActivityKind>,
    pub(crate) limit: usize,
}

/// What the aggregation gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    kind: ActivityKind,
    pub(crate) position: Position,
    at: Timestamp,
    conversation: ConversationId,
    of_message: Option<Message>,
    /// Whether it is about a message at all.
    about_message: bool,
    by: Option<UserId>,
    emoji: Option<String>,
    place: Option<ConversationDoc>,
    membership: Option<MembershipDoc>,
}

impl Found {
    /// The entry, if this person may see it and what it is about is still there.
    pub(crate) fn seen(self) -> Option<ActivityEntry> {
        let there = !self.about_message || self.of_message.as_ref().is_some_and(|message| !message.deleted);
        let visible = there && may_see(self.place.as_ref()?, self.membership.as_ref());
        let Self { kind, position, at, conversation, of_message: message, by, emoji, .. } = self;
        visible.then_some(ActivityEntry { kind, position, at, conversation, message, by, emoji })
    }
}

/// Her entries, the newest first, and one more than asked for.
pub(crate) fn stages(viewer: UserId, stretch: Stretch) -> Vec<Document> {
    let one_more = i64::try_from(stretch.limit + 1).unwrap_or(i64::MAX);
    let viewer = viewer.to_string();
    let range = doc! { "$gt": number(stretch.after), "$lt": stretch.before.map_or(i64::MAX, number) };
    let mut hers = doc! { "users": &viewer, "position": range, "gone": false };
    if let Some(kind) = stretch.kind {
        hers.insert("kind", kind.word());
    }
    let membership = vec![doc! { "$match": { "user": &viewer } }];
    vec![
        doc! { "$match": hers },
        doc! { "$sort": { "position": -1 } },
        doc! { "$limit": one_more },
        doc! { "$unset": "users" },
        joined(Messages::COLLECTION, "message", "_id", "of_message", vec![doc! { "$unset": "former" }]),
        joined(Memberships::COLLECTION, "conversation", "conversation", "membership", membership),
        joined(Conversations::COLLECTION, "conversation", "_id", "place", Vec::new()),
        doc! { "$set": {
            "of_message": { "$first": "$of_message" },
            "about_message": { "$eq": [{ "$type": "$message" }, "string"] },
            "membership": { "$first": "$membership" },
            "place": { "$first": "$place" },
        } },
    ]
}
