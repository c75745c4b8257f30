//! The one order of everything: the event store's commit position.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A commit position of the event store. Positions only ever grow and are compared, never added to:
/// there may be gaps between neighbours. Fits in a JavaScript number (below 2^53).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = u64)]
pub struct Position(pub u64);

impl Position {
    /// Before every event.
    pub const START: Self = Self(0);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
