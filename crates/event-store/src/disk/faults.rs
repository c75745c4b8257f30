//! Bad days, as tests: a disk that fails, forgets, fills up or rots under a real store.

mod contents;
mod damage;
mod failing;
mod full;
mod history;
mod power;
mod random;
mod scavenging;
mod simulated;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tempfile::TempDir;
use uuid::Uuid;

use crate::append::{Append, Written};
use crate::error::{ReadError, Refusal};
use crate::event::{Event, Expected, Proposed};
use crate::reader::Direction;
use crate::store::{EventStore, Options};

/// In memory where that is possible: what these tests lose, they lose on purpose.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Files so small that a few appends fill one.
fn options(folder: &Path, segment_bytes: u64) -> Options {
    Options { segment_bytes, spare_bytes: 0, ..Options::new(folder) }
}

/// An event whose bytes follow from its id.
fn proposed(id: Uuid) -> Proposed {
    let data = Bytes::from(id.as_bytes().repeat(id.as_bytes()[0] as usize / 2));
    Proposed { id, kind: Arc::from("Tested.v1"), json: false, metadata: Bytes::new(), data }
}

async fn append(store: &EventStore, stream: &str, expected: Expected, ids: &[Uuid]) -> Result<Written, Refusal> {
    let events = ids.iter().copied().map(proposed).collect();
    store.write(Append { stream: Arc::from(stream), expected, events, deadline: None }).await
}

/// Everything, in order.
async fn all_events(store: &EventStore) -> Result<Vec<Event>, ReadError> {
    let (mut events, mut from) = (Vec::new(), 0);
    loop {
        let page = store.readers().all(Direction::Forwards, from, u64::MAX, None).await?;
        from = page.looked_at.unwrap_or(from);
        events.extend(page.events);
        if page.end {
            return Ok(events);
        }
    }
}

/// What the index finds of a stream, in order.
async fn stream_events(store: &EventStore, name: &Arc<str>) -> Result<Vec<Event>, ReadError> {
    let mut events: Vec<Event> = Vec::new();
    loop {
        let from = events.last().map_or(0, |event| event.revision + 1);
        let page = store.readers().stream(name.clone(), Direction::Forwards, from, u64::MAX).await?;
        let Some(page) = page else {
            return Ok(events);
        };
        events.extend(page.events);
        if page.end {
            return Ok(events);
        }
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it must come soon")
}

fn from_environment(name: &str) -> Option<u64> {
    Some(std::env::var(name).ok()?.parse().unwrap())
}
