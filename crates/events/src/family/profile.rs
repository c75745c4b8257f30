//! `profile-{user}`: what a person shows of herself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, FileId, StreamName, Timestamp};

/// Facts of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum ProfileEvent {
    /// The person has a name now.
    #[serde(rename = "ProfileCreated.v1")]
    ProfileCreated {
        /// Full name.
        name: String,
    },
    /// The whole profile as it is from now on.
    #[serde(rename = "ProfileChanged.v1")]
    ProfileChanged {
        /// Full name.
        name: String,
        /// What others call her.
        display_name: Option<String>,
        /// What she does.
        title: Option<String>,
        /// How to speak of her.
        pronouns: Option<String>,
        /// IANA time zone.
        time_zone: Option<String>,
    },
    /// Another picture, or none.
    #[serde(rename = "AvatarChanged.v1")]
    AvatarChanged {
        /// The picture's file.
        file: Option<FileId>,
    },
    /// A status line was set.
    #[serde(rename = "StatusSet.v1")]
    StatusSet {
        /// One emoji.
        emoji: String,
        /// At most 100 characters.
        text: String,
        /// When it clears by itself.
        until: Option<Timestamp>,
    },
    /// The status line is gone.
    #[serde(rename = "StatusCleared.v1")]
    StatusCleared {},
}

impl Family for ProfileEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::Profile { user: stream.id().parse().ok()?, event })
    }
}
