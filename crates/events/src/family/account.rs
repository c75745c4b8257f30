//! `account-{user}`: who has an account, and with which right. No secret stands here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, StreamName};

/// What an account may do in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Founded the workspace; may do everything.
    Owner,
    /// May manage people and channels.
    Admin,
    /// May talk.
    Member,
}

impl Role {
    /// Whether she may manage people and channels.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// Facts of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum AccountEvent {
    /// A person registered.
    #[serde(rename = "AccountRegistered.v1")]
    AccountRegistered {
        /// Normalised e-mail address.
        email: Option<String>,
        /// Normalised phone number, E.164.
        phone: Option<String>,
        /// The role she starts with.
        role: Role,
    },
    /// The e-mail address is another one now.
    #[serde(rename = "EmailChanged.v1")]
    EmailChanged {
        /// The new address, or none.
        email: Option<String>,
    },
    /// The phone number is another one now.
    #[serde(rename = "PhoneChanged.v1")]
    PhoneChanged {
        /// The new number, or none.
        phone: Option<String>,
    },
    /// The role is another one now.
    #[serde(rename = "RoleChanged.v1")]
    RoleChanged {
        /// The new role.
        role: Role,
    },
    /// The account may no longer sign in.
    #[serde(rename = "AccountDeactivated.v1")]
    AccountDeactivated {},
    /// The account may sign in again.
    #[serde(rename = "AccountReactivated.v1")]
    AccountReactivated {},
}

impl Family for AccountEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Account { user: stream.id().parse().ok()?, event })
    }
}
