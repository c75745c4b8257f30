//! `activity-{user}`: how far a person has looked through what concerned her. Only the newest fact is kept
//! (`$maxCount`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, Position, StreamName};

/// Facts of a person's activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum ActivityEvent {
    /// She has looked at everything up to here.
    #[serde(rename = "ActivityReadUpTo.v1")]
    ActivityReadUpTo {
        /// Position of the newest entry she has seen.
        read: Position,
    },
}

impl Family for ActivityEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Activity { user: stream.id().parse().ok()?, event })
    }
}
