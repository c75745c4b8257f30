//! `presence-{user}`: coarse presence, kept 30 days. Heartbeats and typing are never events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, StreamName, Timestamp};

/// Facts of presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum PresenceEvent {
    /// At least one of her sessions is in use.
    #[serde(rename = "CameOnline.v1")]
    CameOnline {},
    /// Her sessions are open, none is in use.
    #[serde(rename = "WentAway.v1")]
    WentAway {},
    /// None of her sessions is open.
    #[serde(rename = "WentOffline.v1")]
    WentOffline {},
    /// She wants no notifications for a while. Nothing writes this: it is a fact of `preference-{user}`.
    #[serde(rename = "DndSet.v1")]
    DndSet {
        /// Until when.
        until: Timestamp,
    },
    /// She wants notifications again. Nothing writes this either.
    #[serde(rename = "DndCleared.v1")]
    DndCleared {},
}

impl Family for PresenceEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Presence { user: stream.id().parse().ok()?, event })
    }
}
