//! Who a public fact is for.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, UserId};

/// Who a public fact is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Audience {
    /// The members of a conversation at the fact's own position; a joining or leaving member included.
    Conversation(ConversationId),
    /// One person on all her devices.
    User(UserId),
    /// Everybody of the workspace.
    Everyone,
    /// Whoever watches this person right now. Sent as a `presence` frame and never replayed.
    Watchers(UserId),
}
