//! Answers from log and index together: where a stream stands, and which event is where. Names are
//! compared here, since the index knows only their hashes.

use std::sync::Arc;

use crate::error::ReadError;
use crate::event::{Event, category_of};
use crate::index::{Entry, Index, Key};
use crate::log::{Cursor, LAST_REVISION, Segments, Window};
use crate::reader::Direction;
use crate::retention::Retention;

/// The newest event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// `LAST_REVISION` when the stream has been ended for ever.
    pub(crate) revision: u64,
    pub(crate) position: u64,
}

/// Committed and indexed events.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub(crate) segments: Arc<Segments>,
    pub(crate) index: Arc<Index>,
}

/// Entries asked for at first; more only when hashes collide.
const A_FEW: usize = 4;

impl Head {
    pub(crate) fn tombstoned(&self) -> bool {
        self.revision == LAST_REVISION
    }
}

impl Lookup {
    /// The position of the newest event; 0 without any.
    pub(crate) fn last_position(&self) -> Result<u64, ReadError> {
        let mut cursor = Cursor::at(&self.segments, u64::MAX)?;
        while let Some(record) = cursor.backwards()? {
            if record.revision().is_some() {
                return Ok(record.position);
            }
        }
        Ok(0)
    }

    pub(crate) fn head(&self, stream: &str) -> Result<Option<Head>, ReadError> {
        let newest = self.newest(Key::stream(stream), |event| *event.stream == *stream)?;
        Ok(newest.map(|event| Head { revision: event.revision, position: event.position }))
    }

    /// The revision of a category's newest event.
    pub(crate) fn category_head(&self, category: &str) -> Result<Option<u64>, ReadError> {
        Ok(self.category_newest(category)?.and_then(|event| event.category_revision))
    }

    pub(crate) fn category_newest(&self, category: &str) -> Result<Option<Event>, ReadError> {
        self.newest(Key::category(category), |event| category_of(&event.stream) == Some(category))
    }

    fn newest(&self, key: Key, is_meant: impl Fn(&Event) -> bool) -> Result<Option<Event>, ReadError> {
        let (mut limit, mut window) = (A_FEW, Window::default());
        loop {
            let entries = self.index.entries(key, LAST_REVISION, Direction::Backwards, limit)?;
            for entry in &entries {
                let event = self.segments.event(entry.position, &mut window)?;
                if let Some(event) = event.filter(|event| is_meant(event)) {
                    return Ok(Some(event));
                }
            }
            if entries.len() < limit {
                return Ok(None);
            }
            limit *= 16;
        }
    }

    /// The event of a stream at a revision.
    pub(crate) fn event_at(&self, stream: &str, revision: u64) -> Result<Option<Event>, ReadError> {
        let mut window = Window::default();
        for entry in self.index.entries(Key::stream(stream), revision, Direction::Forwards, A_FEW)? {
            let event = self.segments.event(entry.position, &mut window)?;
            if let Some(event) = event.filter(|event| event.revision == revision && *event.stream == *stream) {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The event of a stream at a revision or the nearest after it.
    pub(crate) fn event_from(&self, stream: &str, revision: u64) -> Result<Option<Event>, ReadError> {
        let mut found =
            self.page(Key::stream(stream), revision, Direction::Forwards, 1, |event| *event.stream == *stream)?;
        Ok(found.pop().map(|(_, event)| event))
    }

    /// Up to `limit` events from a revision on, each with the entry that led to it.
    pub(crate) fn page(
        &self,
        key: Key,
        from: u64,
        direction: Direction,
        limit: usize,
        is_meant: impl Fn(&Event) -> bool,
    ) -> Result<Vec<(Entry, Event)>, ReadError> {
        let (mut found, mut from, mut window) = (Vec::new(), Some(from), Window::default());
        while let Some(next) = from
            && found.len() < limit
        {
            let wanted = (limit - found.len()).max(A_FEW);
            let entries = self.index.entries(key, next, direction, wanted)?;
            for entry in &entries {
                // A scavenged event is gone though the index may still name it.
                if let Some(event) = self.segments.event(entry.position, &mut window)?
                    && is_meant(&event)
                {
                    found.push((*entry, event));
                }
            }
            from = entries.last().filter(|_| entries.len() == wanted).and_then(|last| beyond(last.revision, direction));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// What the newest metadata of a stream says.
    pub(crate) fn retention(&self, stream: &str) -> Result<Retention, ReadError> {
        if stream.starts_with("$$") {
            return Ok(Retention::default());
        }
        let metadata = format!("$${stream}");
        let newest = self.newest(Key::stream(&metadata), |event| *event.stream == *metadata)?;
        Ok(newest.map(|event| Retention::parse(&event.data)).unwrap_or_default())
    }
}

fn beyond(revision: u64, direction: Direction) -> Option<u64> {
    match direction {
        Direction::Forwards => revision.checked_add(1),
        Direction::Backwards => revision.checked_sub(1),
    }
}
