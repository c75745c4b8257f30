//! `receipt-{conversation}.{user}`: how far one member has received and read. Only the newest is kept
//! (`$maxCount`), so each fact carries both pointers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, Position, StreamName};

/// Facts of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum ReceiptEvent {
    /// A device of hers has everything up to here.
    #[serde(rename = "DeliveredUpTo.v1")]
    DeliveredUpTo {
        /// Position of the newest message received.
        delivered: Position,
        /// Position of the newest message read.
        read: Position,
    },
    /// She has read everything up to here; may move back when she marks something unread.
    #[serde(rename = "ReadUpTo.v1")]
    ReadUpTo {
        /// Position of the newest message received.
        delivered: Position,
        /// Position of the newest message read.
        read: Position,
    },
}

impl Family for ReceiptEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let (conversation, user) = stream.id().split_once('.')?;
        Some(Fact::Receipt { conversation: conversation.parse().ok()?, user: user.parse().ok()?, event })
    }
}
