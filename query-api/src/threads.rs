//! The threads that one person follows, with what is new in them: one aggregation, whose cost grows with the threads she
//! follows and never with their answers.

use events::public::Message;
use events::{Position, UserId};
use mongodb::bson::{Document, doc};
use read_model::{ConversationDoc, Conversations, MembershipDoc, Memberships, Messages, View, may_see};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reading::{joined, number};

/// Unread answers are counted so far.
const UNREAD_AT_MOST: i64 = 100;

/// A thread that you follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct FollowedThread {
    /// The message at its head.
    pub(crate) message: Message,
    /// Position of its newest answer; of the message itself, as long as there is none.
    last_position: Position,
    /// Answers after this position are new to you.
    read_position: Position,
    /// How many answers of others are new to you, counted to 100 at most.
    unread_count: u32,
}

/// What the aggregation gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    head: Option<Message>,
    pub(crate) last: Position,
    read: Position,
    place: Option<ConversationDoc>,
    membership: Option<MembershipDoc>,
    #[serde(default)]
    unread_count: u32,
}

impl FollowedThread {
    /// How much in it is new to her.
    pub(crate) fn unread(&self) -> usize {
        usize::try_from(self.unread_count).unwrap_or(usize::MAX)
    }
}

impl Found {
    /// The thread, if this person may see it.
    pub(crate) fn seen(self) -> Option<FollowedThread> {
        let visible = may_see(self.place.as_ref()?, self.membership.as_ref());
        visible.then_some(FollowedThread {
            message: self.head?,
            last_position: self.last,
            read_position: self.read,
            unread_count: self.unread_count,
        })
    }
}

/// Her threads, the one with the newest answer first, and one more than asked for.
pub(crate) fn stages(viewer: UserId, all_read: Position, before: Option<Position>, limit: usize) -> Vec<Document> {
    let before = before.map_or(i64::MAX, number);
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let viewer = viewer.to_string();
    let unread = vec![
        doc! { "$match": {
            "$expr": { "$gt": ["$position", "$$after"] },
            "author": { "$ne": &viewer },
            "deleted": { "$ne": true },
        } },
        doc! { "$limit": UNREAD_AT_MOST },
        doc! { "$count": "answers" },
    ];
    vec![
        doc! { "$match": { "user": &viewer, "following": true } },
        doc! { "$set": { "read": read_with(all_read) } },
        joined(Messages::COLLECTION, "root", "_id", "head", vec![doc! { "$unset": "former" }]),
        doc! { "$set": { "head": { "$first": "$head" } } },
        doc! { "$set": { "last": { "$ifNull": ["$head.last_reply", "$head.position"] } } },
        doc! { "$match": { "last": { "$lt": before } } },
        doc! { "$sort": { "last": -1 } },
        doc! { "$limit": one_more },
        joined(
            Memberships::COLLECTION,
            "conversation",
            "conversation",
            "membership",
            vec![doc! { "$match": { "user": &viewer } }],
        ),
        joined(Conversations::COLLECTION, "conversation", "_id", "place", Vec::new()),
        doc! { "$lookup": {
            "from": Messages::COLLECTION,
            "localField": "root",
            "foreignField": "thread",
            "let": { "after": "$read" },
            "pipeline": unread,
            "as": "unread",
        } },
        doc! { "$set": {
            "membership": { "$first": "$membership" },
            "place": { "$first": "$place" },
            "unread_count": { "$ifNull": [{ "$first": "$unread.answers" }, 0] },
        } },
    ]
}

/// How far she has read; what she marked unread after having read everything stays so.
fn read_with(all_read: Position) -> Document {
    let all_read = number(all_read);
    doc! { "$cond": [
        { "$gt": [{ "$ifNull": ["$marked", 0_i64] }, all_read] },
        "$read",
        { "$max": ["$read", all_read] },
    ] }
}
