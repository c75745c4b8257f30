//! `email-{digest}`, `phone-{digest}`, `channelname-{digest}`: who owns a name that only one may have.
//! The expected revision of the claim is what makes it unique.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Fact, Family, StreamName};

/// Facts of a unique name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum IdentifierEvent {
    /// Somebody, or some channel, has taken the name.
    #[serde(rename = "IdentifierClaimed.v1")]
    IdentifierClaimed {
        /// The user or conversation that owns it.
        owner: Uuid,
    },
    /// The name is free again.
    #[serde(rename = "IdentifierReleased.v1")]
    IdentifierReleased {},
}

impl Family for IdentifierEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let digest = stream.id().to_owned();
        Some(Fact::Identifier { category: stream.category()?, digest, event })
    }
}
