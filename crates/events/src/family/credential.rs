//! `credential-{user}`: the password hash, newest only (`$maxCount` 1). Never relayed, exported or shown.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, StreamName};

/// Facts of a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum CredentialEvent {
    /// A password was chosen.
    #[serde(rename = "PasswordSet.v1")]
    PasswordSet {
        /// Its argon2id hash in PHC string form.
        phc: String,
    },
}

/// Keeps the hash out of every log.
impl fmt::Debug for CredentialEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordSet { .. }")
    }
}

impl Family for CredentialEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Credential { user: stream.id().parse().ok()?, event })
    }
}
