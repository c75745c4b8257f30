//! What is stored and what is asked to be stored. Knows neither files nor gRPC.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use uuid::Uuid;

/// One committed event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) position: u64,
    pub(crate) revision: u64,
    /// Its number among the events of its category.
    pub(crate) category_revision: Option<u64>,
    pub(crate) stream: Arc<str>,
    pub(crate) id: Uuid,
    pub(crate) kind: Arc<str>,
    /// Ticks of 100 ns since the Unix epoch, the unit official clients expect.
    pub(crate) created: i64,
    pub(crate) json: bool,
    pub(crate) metadata: Bytes,
    pub(crate) data: Bytes,
}

/// An event before it has a place.
#[derive(Debug, Clone)]
pub(crate) struct Proposed {
    pub(crate) id: Uuid,
    pub(crate) kind: Arc<str>,
    pub(crate) json: bool,
    pub(crate) metadata: Bytes,
    pub(crate) data: Bytes,
}

/// What the writer of an append believes about the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Any,
    /// It has events.
    Exists,
    /// It has no events.
    NoStream,
    /// Its last event has this revision.
    Revision(u64),
}

impl Proposed {
    /// Bytes that count against the append limit.
    pub(crate) fn size(&self) -> usize {
        self.kind.len() + self.metadata.len() + self.data.len()
    }
}

impl Event {
    /// Bytes this event holds in memory, roughly.
    pub(crate) fn weight(&self) -> usize {
        128 + self.kind.len() + self.metadata.len() + self.data.len()
    }
}

/// What a stream's name begins with, before its first dash. Names that begin with `$` are the store's
/// own and have no category.
pub(crate) fn category_of(stream: &str) -> Option<&str> {
    let (category, _) = stream.split_once('-')?;
    (!category.is_empty() && !category.starts_with('$')).then_some(category)
}

/// Bytes in the name of a stream or of an event type.
pub(crate) const NAME_BYTES: usize = 1_024;

/// Whether it can name a stream or an event type.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=NAME_BYTES).contains(&name.len())
}

/// Whether a stream is one that the store itself answers, and that nobody appends to.
pub(crate) fn is_reserved(stream: &str) -> bool {
    stream == "$all" || stream.starts_with("$ce-") || stream.starts_with("$$$$")
}

/// Now, in ticks of 100 ns since the Unix epoch.
pub(crate) fn now_ticks() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_nanos() / 100).unwrap_or(i64::MAX)
}
