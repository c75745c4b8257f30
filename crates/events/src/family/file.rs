//! `file-{id}`: an uploaded file. Its bytes lie in the object store under their hash.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fact, Family, StreamName, UserId};

/// Facts of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum FileEvent {
    /// The bytes are stored.
    #[serde(rename = "FileUploaded.v1")]
    FileUploaded {
        /// The name it was given.
        file_name: String,
        /// Bytes.
        size: u64,
        /// What its content was found to be.
        media_type: String,
        /// SHA-256 of the content, in hex.
        sha256: String,
        /// Pixels, for pictures and videos.
        width: Option<u32>,
        /// Pixels, for pictures and videos.
        height: Option<u32>,
        /// Who uploaded it.
        uploader: UserId,
    },
    /// A smaller picture of it exists.
    #[serde(rename = "PreviewMade.v1")]
    PreviewMade {
        /// Longest side in pixels.
        longest_side: u32,
    },
    /// It is gone.
    #[serde(rename = "FileDeleted.v1")]
    FileDeleted {},
}

impl Family for FileEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        Some(Fact::File { file: stream.id().parse().ok()?, event })
    }
}
