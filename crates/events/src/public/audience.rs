//! Whom a public fact is for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, PresenceEvent, UserId};

/// Who a public fact is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Audience {
    /// The members of a conversation at the fact's own position; a joining or leaving member included.
    Conversation(ConversationId),
    /// Some members of a conversation, as far as they are members at the fact's own position.
    Members {
        /// Of which.
        conversation: ConversationId,
        /// Who, sorted.
        users: Vec<UserId>,
    },
    /// One person on all her devices.
    User(UserId),
    /// Somebody's receipt: for herself, and for those members of a conversation at the fact's own position who let others
    /// see theirs.
    Receipts {
        /// Where.
        conversation: ConversationId,
        /// Whose.
        of: UserId,
    },
    /// Everybody of the workspace.
    Everyone,
    /// Whoever watches this person right now. Sent as a `presence` frame and never replayed.
    Watchers(UserId),
}

impl Audience {
    /// The conversation whose members it is for, all or some of them.
    #[must_use]
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Conversation(conversation)
            | Self::Members { conversation, .. }
            | Self::Receipts { conversation, .. } => Some(*conversation),
            Self::User(_) | Self::Everyone | Self::Watchers(_) => None,
        }
    }
}

/// A person's coarse presence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// A session of hers is in use.
    Active,
    /// Sessions are open, none in use.
    Away,
    /// No session is open.
    #[default]
    Offline,
}

/// The state a presence fact leads to; `None` for do-not-disturb, which is nobody else's business.
#[must_use]
pub(crate) fn presence_state(event: &PresenceEvent) -> Option<PresenceState> {
    match event {
        PresenceEvent::CameOnline {} => Some(PresenceState::Active),
        PresenceEvent::WentAway {} => Some(PresenceState::Away),
        PresenceEvent::WentOffline {} => Some(PresenceState::Offline),
        PresenceEvent::DndSet { .. } | PresenceEvent::DndCleared {} => None,
    }
}
