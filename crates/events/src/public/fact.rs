//! A public event as it is told: with its place in the order of everything.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::PublicEvent;
use crate::{Position, Timestamp, UserId};

/// A public event with its place, time and actor: the `event` of a websocket frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublicFact {
    /// Its place in the order of everything; also the cursor of its frame.
    pub position: Position,
    /// When the store accepted it.
    pub at: Timestamp,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// What happened.
    #[serde(flatten)]
    pub event: PublicEvent,
}
