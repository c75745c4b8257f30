//! A conversation as one person sees it: its card, her place in it, and what is new to her. All of it is one
//! aggregation, whose cost grows with the conversations asked for and never with their messages.

use events::public::Card;
use events::{Position, PostingPolicy, UserId};
use mongodb::bson::{Document, doc};
use read_model::{ConversationDoc, MembershipDoc, Memberships, Messages, View};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reading::number;

/// Unread messages are counted so far.
const UNREAD_AT_MOST: i64 = 100;

/// A conversation as you see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    /// What it is.
    #[serde(flatten)]
    pub card: Card,
    /// How many people are in it.
    pub member_count: u32,
    /// Whether it is read-only.
    pub archived: bool,
    /// Who of its members may post.
    pub posting: PostingPolicy,
    /// Whether newcomers join it by themselves, besides the general channel.
    pub default: bool,
    /// Whether its members are told how far each of them is, as long as it is no channel of more than 50 people.
    pub receipts: bool,
    /// Whether you are in it.
    pub is_member: bool,
    /// Position of its newest message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_position: Option<Position>,
    /// Position of the newest message that you have read.
    pub read_position: Position,
    /// How many messages of others are new to you, counted to 100 at most. Answers in threads do not count.
    pub unread_count: u32,
}

/// What the aggregation gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Seen {
    #[serde(flatten)]
    pub(crate) conversation: ConversationDoc,
    #[serde(default)]
    pub(crate) membership: Option<MembershipDoc>,
    #[serde(default)]
    last_position: Option<Position>,
    #[serde(default)]
    unread_count: u32,
}

impl Conversation {
    /// As she sees it who has read everything up to `all_read`.
    pub(crate) fn of(seen: Seen, all_read: Position) -> Self {
        let receipts = seen.conversation.wants_receipts();
        let ConversationDoc { card, member_count, archived, posting, default, .. } = seen.conversation;
        let (last_position, unread_count) = (seen.last_position, seen.unread_count);
        let is_member = seen.membership.as_ref().is_some_and(|membership| membership.member);
        let read_position = seen.membership.map_or(Position::START, |membership| membership.read_with(all_read));
        Self {
            card,
            member_count,
            archived,
            posting,
            default,
            receipts,
            is_member,
            last_position,
            read_position,
            unread_count,
        }
    }
}

/// The stages after those that select conversations: her membership, the newest message, what is new to her after a
/// position.
pub(crate) fn stages(viewer: UserId, all_read: Position, after: Position) -> Vec<Document> {
    let viewer = viewer.to_string();
    let membership = doc! { "$lookup": {
        "from": Memberships::COLLECTION,
        "localField": "_id",
        "foreignField": "conversation",
        "pipeline": [{ "$match": { "user": &viewer } }],
        "as": "membership",
    } };
    // To somebody who is not a member nothing is new.
    let new_after = doc! { "$cond": [
        "$membership.member",
        { "$max": [
            "$membership.read",
            { "$last": "$membership.intervals.joined" },
            read_with_all(all_read),
            number(after),
        ] },
        i64::MAX,
    ] };
    let newest = vec![
        doc! { "$match": { "listed": true } },
        doc! { "$sort": { "position": -1 } },
        doc! { "$limit": 1 },
        doc! { "$project": { "position": 1 } },
    ];
    let unread = vec![
        doc! { "$match": {
            "listed": true,
            "$expr": { "$gt": ["$position", "$$after"] },
            "author": { "$ne": &viewer },
            "deleted": { "$ne": true },
        } },
        doc! { "$limit": UNREAD_AT_MOST },
        doc! { "$count": "messages" },
    ];
    vec![
        membership,
        doc! { "$set": { "membership": { "$first": "$membership" } } },
        doc! { "$set": { "new_after": new_after } },
        messages(newest, "newest"),
        messages(unread, "unread"),
        doc! { "$set": {
            "last_position": { "$first": "$newest.position" },
            "unread_count": { "$ifNull": [{ "$first": "$unread.messages" }, 0] },
        } },
        doc! { "$unset": ["newest", "unread", "new_after"] },
    ]
}

/// What she marked unread after having read everything stays so.
fn read_with_all(all_read: Position) -> Document {
    let all_read = number(all_read);
    let marked = doc! { "$ifNull": ["$membership.marked", 0_i64] };
    doc! { "$cond": [{ "$gt": [marked, all_read] }, 0_i64, all_read] }
}

fn messages(pipeline: Vec<Document>, name: &str) -> Document {
    doc! { "$lookup": {
        "from": Messages::COLLECTION,
        "localField": "_id",
        "foreignField": "conversation",
        "let": { "after": "$new_after" },
        "pipeline": pipeline,
        "as": name,
    } }
}
