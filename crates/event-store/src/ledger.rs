//! The writer's view of the store: where each stream stands, what this group has added, and how an
//! event is added. Decides nothing about what may be added.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use crate::error::ReadError;
use crate::event::{Event, Proposed, category_of, now_ticks};
use crate::index::Key;
use crate::log::{Cursor, LAST_REVISION, NoRoom, Segment, Segments, Tail};
use crate::lookup::{Head, Lookup};
use crate::retention::Retention;

/// Streams and categories that are remembered; when there are more, all are forgotten and read again.
const REMEMBERED_STREAMS: usize = 100_000;
/// Events whose ids are known, for repeats that name no revision.
const REMEMBERED_IDS: usize = 1 << 17;

/// Exclusive owner of the end of the log.
#[derive(Debug)]
pub(crate) struct Ledger {
    tail: Tail,
    lookup: Lookup,
    /// `None`: no event is in the stream.
    heads: HashMap<Arc<str>, Option<Head>>,
    /// The number of the next event of each.
    categories: HashMap<Arc<str>, u64>,
    ids: RecentIds,
    /// What this group has added.
    added: Vec<Arc<Event>>,
}

impl Ledger {
    pub(crate) fn new(tail: Tail, lookup: Lookup, ids: RecentIds) -> Self {
        Self { tail, lookup, heads: HashMap::new(), categories: HashMap::new(), ids, added: Vec::new() }
    }

    pub(crate) fn tail(&mut self) -> &mut Tail {
        &mut self.tail
    }

    /// Makes room for a group. Returns the segment that was closed for it, if one was.
    pub(crate) fn begin(&mut self, bytes: u64) -> Result<Option<Arc<Segment>>, NoRoom> {
        // Only now, when the index has everything, may what it has be forgotten.
        if self.heads.len() >= REMEMBERED_STREAMS {
            self.heads.clear();
        }
        if self.categories.len() >= REMEMBERED_STREAMS {
            self.categories.clear();
        }
        self.tail.reserve(bytes)
    }

    /// Returns when the group is on the disk, with what it added. To be followed by indexing it.
    pub(crate) fn commit(&mut self) -> std::io::Result<Vec<Arc<Event>>> {
        self.tail.commit()?;
        Ok(std::mem::take(&mut self.added))
    }

    pub(crate) fn head(&mut self, stream: &Arc<str>) -> Result<Option<Head>, ReadError> {
        if let Some(head) = self.heads.get(stream) {
            return Ok(*head);
        }
        let found = self.lookup.head(stream)?;
        self.heads.insert(stream.clone(), found);
        Ok(found)
    }

    /// The id and position of the event at a revision.
    pub(crate) fn event_at(&self, stream: &str, revision: u64) -> Result<Option<(Uuid, u64)>, ReadError> {
        let added = self.added.iter().find(|event| event.revision == revision && *event.stream == *stream);
        if let Some(event) = added {
            return Ok(Some((event.id, event.position)));
        }
        let event = self.lookup.event_at(stream, revision)?;
        Ok(event.map(|event| (event.id, event.position)))
    }

    /// The newest revision that carries this event id, if the event is one of the newest.
    pub(crate) fn revision_of(&self, stream: &str, id: Uuid) -> Option<u64> {
        self.ids.revision_of(stream, id)
    }

    /// What the newest metadata says, with its bytes.
    pub(crate) fn metadata(&mut self, stream: &str) -> Result<(Retention, Bytes), ReadError> {
        let name: Arc<str> = format!("$${stream}").into();
        let Some(head) = self.head(&name)?.filter(|head| !head.tombstoned()) else {
            return Ok((Retention::default(), Bytes::new()));
        };
        let added = self.added.iter().find(|event| event.position == head.position);
        let data = match added {
            Some(event) => event.data.clone(),
            None => self.lookup.event_at(&name, head.revision)?.map(|event| event.data).unwrap_or_default(),
        };
        Ok((Retention::parse(&data), data))
    }

    /// Adds events at the end of a stream, or fails and adds none. `more` follow, in another stream, that belong to the same append.
    pub(crate) fn add(
        &mut self,
        stream: &Arc<str>,
        first_revision: u64,
        proposed: Vec<Proposed>,
        more: bool,
    ) -> Result<Option<Head>, ReadError> {
        self.know_category(stream)?;
        let created = now_ticks();
        let count = proposed.len();
        for (number, event) in proposed.into_iter().enumerate() {
            let event = Event {
                position: self.tail.next_position(),
                // A stream that is ended for ever has its end at a revision of its own.
                revision: if first_revision == LAST_REVISION { LAST_REVISION } else { first_revision + number as u64 },
                category_revision: self.next_of_category(stream),
                stream: stream.clone(),
                id: event.id,
                kind: event.kind,
                created,
                json: event.json,
                metadata: event.metadata,
                data: event.data,
            };
            self.tail.add(&event, !more && number + 1 == count);
            self.ids.add(&event.stream, event.id, event.revision);
            self.heads.insert(stream.clone(), Some(Head { revision: event.revision, position: event.position }));
            self.added.push(Arc::new(event));
        }
        Ok(self.heads.get(stream).copied().flatten())
    }

    /// Reads what adding to a stream needs: once that is known, adding cannot fail.
    pub(crate) fn know_category(&mut self, stream: &str) -> Result<(), ReadError> {
        if let Some(category) = category_of(stream)
            && !self.categories.contains_key(category)
        {
            let next = self.lookup.category_head(category)?.map_or(0, |last| last + 1);
            self.categories.insert(category.into(), next);
        }
        Ok(())
    }

    fn next_of_category(&mut self, stream: &str) -> Option<u64> {
        let next = self.categories.get_mut(category_of(stream)?)?;
        *next += 1;
        Some(*next - 1)
    }
}

/// The ids of the newest events, each within its stream.
#[derive(Debug, Default)]
pub(crate) struct RecentIds {
    revisions: HashMap<(Key, Uuid), u64>,
    order: VecDeque<(Key, Uuid, u64)>,
}

impl RecentIds {
    /// Those that the log ends with.
    pub(crate) fn read(segments: &Segments) -> Result<Self, ReadError> {
        let mut cursor = Cursor::at(segments, u64::MAX)?;
        let mut newest_first = Vec::new();
        while newest_first.len() < REMEMBERED_IDS
            && let Some(record) = cursor.backwards()?
        {
            if let Some(revision) = record.revision() {
                newest_first.push((Key::stream(record.stream()), record.id(), revision));
            }
        }
        let (revisions, order) =
            (HashMap::with_capacity(newest_first.len()), VecDeque::with_capacity(newest_first.len()));
        let mut ids = Self { revisions, order };
        newest_first.into_iter().rev().for_each(|(key, id, revision)| ids.insert(key, id, revision));
        Ok(ids)
    }

    fn add(&mut self, stream: &str, id: Uuid, revision: u64) {
        self.insert(Key::stream(stream), id, revision);
    }

    fn insert(&mut self, key: Key, id: Uuid, revision: u64) {
        if self.order.len() >= REMEMBERED_IDS
            && let Some((key, id, revision)) = self.order.pop_front()
            && self.revisions.get(&(key, id)) == Some(&revision)
        {
            self.revisions.remove(&(key, id));
        }
        self.revisions.insert((key, id), revision);
        self.order.push_back((key, id, revision));
    }

    fn revision_of(&self, stream: &str, id: Uuid) -> Option<u64> {
        self.revisions.get(&(Key::stream(stream), id)).copied()
    }
}
