//! `receipt-{conversation}.{user}`: how far one member has received and read. Only the newest is kept
//! (`$maxCount`), so each fact carries all of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, Position, StreamName};

/// How far a member is, and how far others are told that she is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pointers {
    /// Position of the newest message received.
    pub delivered: Position,
    /// Position of the newest message read.
    pub read: Position,
    /// What others have been told, this fact included.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    #[schema(inline)]
    pub told: Told,
    /// Whether this very fact is told to others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Position of the fact by which she last marked something unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<Position>,
}

/// How far others have been told that a member is. It never goes back: what was seen stays seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Told {
    /// Position of the newest message received.
    pub delivered: Position,
    /// Position of the newest message read.
    pub read: Position,
}

impl Pointers {
    /// How far she has read, where everything up to `all` is read; what she marked unread after that stays so.
    #[must_use]
    pub fn read_with(&self, all: Position) -> Position {
        if self.marked.is_some_and(|marked| marked > all) { self.read } else { self.read.max(all) }
    }
}

impl Told {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Facts of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum ReceiptEvent {
    /// A device of hers has everything up to here.
    #[serde(rename = "DeliveredUpTo.v1")]
    DeliveredUpTo(#[schema(inline)] Pointers),
    /// She has read everything up to here.
    #[serde(rename = "ReadUpTo.v1")]
    ReadUpTo(#[schema(inline)] Pointers),
    /// She wants to come back to something: from there on all is unread to her again, and to nobody else.
    #[serde(rename = "MarkedUnread.v1")]
    MarkedUnread(#[schema(inline)] Pointers),
}

impl ReceiptEvent {
    /// The pointers after this fact, which stands at `position`: only there is it known where she marked something.
    #[must_use]
    pub const fn pointers_at(&self, position: Position) -> Pointers {
        match self {
            Self::DeliveredUpTo(pointers) | Self::ReadUpTo(pointers) => *pointers,
            Self::MarkedUnread(pointers) => Pointers { marked: Some(position), ..*pointers },
        }
    }
}

impl Family for ReceiptEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let (conversation, user) = stream.id().split_once('.')?;
        Some(Fact::Receipt { conversation: conversation.parse().ok()?, user: user.parse().ok()?, event })
    }
}
