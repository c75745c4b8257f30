//! `workspace-main`: the workspace itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, StreamName, UserId};

/// Facts of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum WorkspaceEvent {
    /// The first person registered; she owns the workspace.
    #[serde(rename = "WorkspaceFounded.v1")]
    WorkspaceFounded {
        /// Who.
        owner: UserId,
    },
    /// Whoever registers from now on joins this channel.
    #[serde(rename = "DefaultChannelAdded.v1")]
    DefaultChannelAdded {
        /// Which.
        channel: ConversationId,
    },
    /// Whoever registers from now on no longer joins this channel.
    #[serde(rename = "DefaultChannelRemoved.v1")]
    DefaultChannelRemoved {
        /// Which.
        channel: ConversationId,
    },
}

impl Family for WorkspaceEvent {
    fn fact(_: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Workspace { event })
    }
}
