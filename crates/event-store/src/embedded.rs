//! The store in a program, without gRPC: the same queue, the same writer, the same promises. Its types
//! are its own, so that what lies on the disk may change without them.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use uuid::Uuid;

use crate::append::{Append, Written};
use crate::error::{AppendError, ReadError};
use crate::event::{Event, Expected, Proposed, is_name, is_reserved};
use crate::reader::Direction;
use crate::store::EventStore;
use crate::subscription::{Delivery, Source, Subscriber};

/// An event to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Not all zeros. With it a repeat is known (SPEC.md 2.6 and 2.7): keep it when you try again.
    pub id: Uuid,
    /// The event's type: 1 to 1,024 bytes.
    pub kind: Arc<str>,
    /// Whether `data` is JSON; nobody checks.
    pub json: bool,
    /// What is said about the event.
    pub metadata: Bytes,
    /// What happened.
    pub data: Bytes,
}

/// An event as it was appended, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its place in the store: greater than that of every event before it.
    pub position: u64,
    /// Its number in its stream.
    pub revision: u64,
    /// The stream's name.
    pub stream: Arc<str>,
    /// As it was given.
    pub id: Uuid,
    /// The event's type.
    pub kind: Arc<str>,
    /// When it was written.
    pub created: SystemTime,
    /// Whether `data` was said to be JSON.
    pub json: bool,
    /// What is said about the event.
    pub metadata: Bytes,
    /// What happened.
    pub data: Bytes,
}

impl NewEvent {
    /// An event of JSON with a new id and without metadata.
    pub fn json(kind: impl Into<Arc<str>>, data: impl Into<Bytes>) -> Self {
        Self { json: true, ..Self::binary(kind, data) }
    }

    /// An event of any bytes with a new id and without metadata.
    pub fn binary(kind: impl Into<Arc<str>>, data: impl Into<Bytes>) -> Self {
        Self { id: Uuid::new_v4(), kind: kind.into(), json: false, metadata: Bytes::new(), data: data.into() }
    }

    fn proposed(self) -> Result<Proposed, AppendError> {
        if self.id.is_nil() {
            return Err(AppendError::NilId);
        }
        if !is_name(&self.kind) {
            return Err(AppendError::Name { name: self.kind });
        }
        let Self { id, kind, json, metadata, data } = self;
        Ok(Proposed { id, kind, json, metadata, data })
    }
}

impl From<Event> for RecordedEvent {
    fn from(event: Event) -> Self {
        let Event { position, revision, stream, id, kind, created, json, metadata, data, .. } = event;
        Self { position, revision, stream, id, kind, created: moment(created), json, metadata, data }
    }
}

/// From ticks of 100 ns since 1970.
fn moment(ticks: i64) -> SystemTime {
    let ticks = u64::try_from(ticks).unwrap_or(0);
    UNIX_EPOCH + Duration::new(ticks / 10_000_000, (ticks % 10_000_000) as u32 * 100)
}

impl EventStore {
    /// Appends all of the events to the end of a stream, or none, and returns when they are on the disk.
    ///
    /// An append that is dropped before it answers may have been written: to try it again with the same
    /// events is safe.
    ///
    /// # Errors
    /// The stream is not as expected, or nothing can be written; see [`AppendError`].
    pub async fn append(
        &self,
        stream: impl Into<Arc<str>>,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Written, AppendError> {
        let stream = stream.into();
        if !is_name(&stream) || is_reserved(&stream) {
            return Err(AppendError::Name { name: stream });
        }
        let events = events.into_iter().map(NewEvent::proposed).collect::<Result<Vec<_>, _>>()?;
        let append = Append { stream, expected, events, deadline: None };
        let limit = self.max_append_size();
        if append.size() > limit {
            return Err(AppendError::TooLarge { limit });
        }
        self.write(append).await.map_err(AppendError::from)
    }

    /// A page of the events of all streams that come after a position, in order: `limit` at most, and
    /// fewer when they are many or large. Empty when there is none yet.
    ///
    /// # Errors
    /// The log cannot be read, or is damaged there.
    pub async fn read_all(&self, after: u64, limit: u64) -> Result<Vec<RecordedEvent>, ReadError> {
        let page = self.readers().all(Direction::Forwards, after, limit, None).await?;
        Ok(page.events.into_iter().map(RecordedEvent::from).collect())
    }

    /// A page of the events of a stream from a revision on, itself included: `limit` at most, and fewer
    /// when they are many or large. Empty behind the end, and when there is no such stream.
    ///
    /// # Errors
    /// The stream was ended for ever, or the log cannot be read.
    pub async fn read_stream(
        &self,
        stream: impl Into<Arc<str>>,
        from: u64,
        limit: u64,
    ) -> Result<Vec<RecordedEvent>, ReadError> {
        let page = self.readers().stream(stream.into(), Direction::Forwards, from, limit).await?;
        Ok(page.map_or_else(Vec::new, |page| page.events.into_iter().map(RecordedEvent::from).collect()))
    }

    /// All events after a position: those that are there, then those that come.
    #[must_use]
    pub fn subscribe_all(&self, after: u64) -> Subscription {
        let source = Source::All { filter: None, interval: u64::MAX };
        Subscription(Subscriber::new(self, source, after))
    }
}

/// A place in the store that moves with what is committed. It does not keep the store open.
#[derive(Debug)]
pub struct Subscription(Subscriber);

impl Subscription {
    /// Waits for the events that come next, each once and in order; never empty. Who calls seldom
    /// slows nobody and reads from the disk what is no longer in memory.
    ///
    /// # Errors
    /// The log cannot be read, or is damaged there.
    pub async fn next(&mut self) -> Result<Vec<RecordedEvent>, ReadError> {
        loop {
            let events = self.0.next().await?.into_iter().filter_map(|delivery| match delivery {
                Delivery::Event(event) => Some(Arc::unwrap_or_clone(event).into()),
                Delivery::Checkpoint(_) | Delivery::CaughtUp | Delivery::FellBehind => None,
            });
            let events: Vec<RecordedEvent> = events.collect();
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Options;

    fn store() -> (tempfile::TempDir, EventStore) {
        let folder = tempfile::tempdir().unwrap();
        let store = EventStore::open(Options::new(folder.path())).unwrap();
        (folder, store)
    }

    fn events(count: u8) -> Vec<NewEvent> {
        (0..count).map(|number| NewEvent::binary("Tested.v1", vec![number])).collect()
    }

    #[tokio::test]
    async fn what_is_appended_is_read_by_stream_and_in_all() {
        let (_folder, store) = store();
        let sent = NewEvent { metadata: Bytes::from_static(b"{}"), ..NewEvent::json("Tested.v1", "[1]") };
        let before = SystemTime::now() - Duration::from_micros(1);
        let first = store.append("a-1", Expected::NoStream, vec![sent.clone()]).await.unwrap();
        let second = store.append("a-2", Expected::NoStream, events(2)).await.unwrap();
        assert_eq!((first.revision, second.revision), (Some(0), Some(1)));
        let all = store.read_all(0, 10).await.unwrap();
        assert_eq!(all.len(), 3);
        assert!(all.is_sorted_by_key(|event| event.position));
        assert_eq!(all.last().map(|event| event.position), second.position);
        let read = &store.read_stream("a-1", 0, 10).await.unwrap()[0];
        assert_eq!((read.id, &read.kind, read.json), (sent.id, &sent.kind, true));
        assert_eq!((&read.metadata, &read.data, &*read.stream), (&sent.metadata, &sent.data, "a-1"));
        assert!(before <= read.created && read.created <= SystemTime::now());
        assert_eq!(store.read_all(all[0].position, 1).await.unwrap(), all[1..2]);
        assert_eq!(store.read_stream("a-2", 1, 10).await.unwrap(), all[2..]);
        assert!(store.read_stream("a-3", 0, 10).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn expectations_are_checked_and_repeats_known() {
        let (_folder, store) = store();
        let sent = events(2);
        let first = store.append("a", Expected::NoStream, sent.clone()).await.unwrap();
        assert_eq!(store.append("a", Expected::NoStream, sent).await.unwrap(), first);
        let refused = store.append("a", Expected::Revision(0), events(1)).await;
        assert_eq!(refused, Err(AppendError::WrongExpected { current: Some(1) }));
    }

    #[tokio::test]
    async fn what_may_not_be_appended_is_refused() {
        let (_folder, store) = store();
        for name in ["", "$all", "$ce-a", "$$$$a", &"a".repeat(1_025)] {
            let refused = store.append(name, Expected::Any, events(1)).await;
            assert_eq!(refused, Err(AppendError::Name { name: name.into() }));
        }
        let nil = NewEvent { id: Uuid::nil(), ..NewEvent::binary("T", "") };
        assert_eq!(store.append("a", Expected::Any, vec![nil]).await, Err(AppendError::NilId));
        let nameless = store.append("a", Expected::Any, vec![NewEvent::binary("", "")]).await;
        assert_eq!(nameless, Err(AppendError::Name { name: "".into() }));
        let large = store.append("a", Expected::Any, vec![NewEvent::binary("T", vec![0; 1 << 20])]).await;
        assert_eq!(large, Err(AppendError::TooLarge { limit: 1 << 20 }));
        assert_eq!(store.head(), 0);
    }

    #[tokio::test]
    async fn a_subscription_sees_what_was_and_what_comes() {
        let (_folder, store) = store();
        store.append("a", Expected::Any, events(3)).await.unwrap();
        let after = store.read_all(0, 1).await.unwrap()[0].position;
        let mut subscription = store.subscribe_all(after);
        let was: Vec<u64> = subscription.next().await.unwrap().iter().map(|event| event.revision).collect();
        assert_eq!(was, [1, 2]);
        store.append("b", Expected::Any, events(1)).await.unwrap();
        assert_eq!(&*subscription.next().await.unwrap()[0].stream, "b");
    }
}
