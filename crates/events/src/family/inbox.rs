//! `inbox-{user}`: what holds for all that one person reads. Only the newest is kept (`$maxCount`), so each fact carries
//! all of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, Position, StreamName};

/// Facts of an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum InboxEvent {
    /// Others are told how far she has read, or are no longer, and she is told of them or not.
    #[serde(rename = "ReadReceiptsSet.v1")]
    ReadReceiptsSet {
        /// Whether they are.
        read_receipts: bool,
        /// Everything up to here is read.
        read: Position,
    },
    /// Everything up to here is read, wherever it stands.
    #[serde(rename = "AllReadUpTo.v1")]
    AllReadUpTo {
        /// Whether others are told how far she has read.
        read_receipts: bool,
        /// Everything up to here is read.
        read: Position,
    },
}

impl Family for InboxEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Inbox { user: stream.id().parse().ok()?, event })
    }
}
