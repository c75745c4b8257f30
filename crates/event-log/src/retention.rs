//! How long a stream keeps its events: the stream's metadata, as every EventStoreDB server reads it. It is written
//! once; what stands there is never changed from here.

use std::time::Duration;

use events::StreamName;
use eventstore::EventData;
use serde_json::{Value, json};

use crate::append::{Appended, Expected};
use crate::connection::{EventLog, LogError};

/// What a stream keeps. The rest can no longer be read, and is gone when the store cleans up; revisions go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// So many of its newest events.
    Newest(u64),
    /// What is not older than this, in whole seconds. A stream of which nothing is left reads as one that does not
    /// exist, yet it does: [`Expected::NoStream`] conflicts.
    For(Duration),
}

impl Retention {
    /// Written here since the client's own builder gives `$maxAge` in milliseconds, where servers read seconds.
    fn metadata(self) -> Value {
        match self {
            Self::Newest(count) => json!({ "$maxCount": count }),
            Self::For(age) => json!({ "$maxAge": age.as_secs() }),
        }
    }
}

impl EventLog {
    /// Says what a stream keeps, unless that has been said before. The stream need not exist yet.
    ///
    /// # Errors
    /// As [`EventLog::append`].
    pub async fn retain(&self, stream: &StreamName, retention: Retention) -> Result<(), LogError> {
        let event = EventData::json("$metadata", &retention.metadata());
        let event = event.map_err(|error| LogError::Refused(error.to_string()))?;
        let metadata = StreamName::stored(format!("$${stream}"));
        match self.append_encoded(&metadata, Expected::NoStream, vec![event]).await? {
            Appended::At(_) | Appended::Conflict => Ok(()),
        }
    }
}
