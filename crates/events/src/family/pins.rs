//! `pins-{conversation}`: what is pinned in one conversation. All of it stands in one stream, so that the cap can never
//! be raced.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, MessageId, StreamName, UserId};

/// Facts of a conversation's pins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum PinsEvent {
    /// A message was pinned.
    #[serde(rename = "PinAdded.v1")]
    PinAdded {
        /// Which.
        message: MessageId,
        /// By whom.
        by: UserId,
    },
    /// A message is no longer pinned.
    #[serde(rename = "PinRemoved.v1")]
    PinRemoved {
        /// Which.
        message: MessageId,
        /// By whom.
        by: UserId,
    },
}

impl Family for PinsEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Pins { conversation: stream.id().parse().ok()?, event })
    }
}
