//! Whoever gives a command, with her right in the workspace.

use events::{Role, UserId};

/// A person and her role. As old as whatever vouched for the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// What she may do in the workspace.
    pub role: Role,
}

impl Actor {
    /// Whether she may manage people and channels.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        self.role.is_admin()
    }
}
