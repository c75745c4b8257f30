//! The writer's view of the database: where each stream stands, and how an event is added.
//! Decides nothing about what may be added.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::event::{Event, Proposed, now_ticks};

/// Streams whose heads are remembered; when there are more, all are forgotten and read again.
const REMEMBERED_STREAMS: usize = 100_000;

/// Where a stream stands, uncommitted events of this group included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) stream: i64,
    pub(crate) revision: u64,
    pub(crate) position: u64,
}

/// Exclusive owner of the writing connection.
pub(crate) struct Ledger {
    connection: Connection,
    heads: HashMap<Arc<str>, Head>,
    last_position: u64,
}

impl Ledger {
    pub(crate) fn new(connection: Connection) -> rusqlite::Result<Self> {
        let last: i64 = connection.query_row("SELECT coalesce(max(position), 0) FROM event", [], |row| row.get(0))?;
        Ok(Self { connection, heads: HashMap::new(), last_position: last.cast_unsigned() })
    }

    pub(crate) fn last_position(&self) -> u64 {
        self.last_position
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn begin(&self) -> rusqlite::Result<()> {
        self.execute("BEGIN IMMEDIATE")
    }

    /// Returns when the group is on the disk: `synchronous = FULL` syncs the log here.
    pub(crate) fn commit(&self) -> rusqlite::Result<()> {
        self.execute("COMMIT")
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }

    pub(crate) fn head(&mut self, stream: &Arc<str>) -> rusqlite::Result<Option<Head>> {
        if let Some(head) = self.heads.get(stream) {
            return Ok(Some(*head));
        }
        let found = self
            .connection
            .prepare_cached(
                "SELECT s.id, e.revision, e.position FROM stream s JOIN event e ON e.stream = s.id
                 WHERE s.name = ? ORDER BY e.revision DESC LIMIT 1",
            )?
            .query_row([stream.as_ref()], |row| {
                Ok(Head {
                    stream: row.get(0)?,
                    revision: row.get::<_, i64>(1)?.cast_unsigned(),
                    position: row.get::<_, i64>(2)?.cast_unsigned(),
                })
            })
            .optional()?;
        if let Some(head) = found {
            self.remember(stream, head);
        }
        Ok(found)
    }

    fn remember(&mut self, stream: &Arc<str>, head: Head) {
        if self.heads.len() >= REMEMBERED_STREAMS {
            self.heads.clear();
        }
        self.heads.insert(stream.clone(), head);
    }

    /// The id and position of the event at a revision.
    pub(crate) fn event_at(&self, stream: i64, revision: u64) -> rusqlite::Result<Option<(Uuid, u64)>> {
        self.connection
            .prepare_cached("SELECT id, position FROM event WHERE stream = ? AND revision = ?")?
            .query_row(params![stream, revision.cast_signed()], |row| {
                Ok((Uuid::from_bytes(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
            })
            .optional()
    }

    /// The newest revision that carries this event id.
    pub(crate) fn revision_of(&self, stream: i64, id: Uuid) -> rusqlite::Result<Option<u64>> {
        // Left to itself, SQLite may look through the whole stream from its end.
        self.connection
            .prepare_cached(
                "SELECT max(revision) FROM event INDEXED BY event_id_of_stream WHERE stream = ? AND id = ?",
            )?
            .query_row(params![stream, id.as_bytes().as_slice()], |row| row.get::<_, Option<i64>>(0))
            .map(|found| found.map(i64::cast_unsigned))
    }

    /// Adds events at the end of a stream, which is made if `head` is `None`.
    pub(crate) fn add(
        &mut self,
        name: &Arc<str>,
        head: Option<Head>,
        proposed: Vec<Proposed>,
    ) -> rusqlite::Result<Vec<Arc<Event>>> {
        let stream = match head {
            Some(head) => head.stream,
            None => self.make_stream(name)?,
        };
        let first_revision = head.map_or(0, |head| head.revision + 1);
        let created = now_ticks();
        let mut added = Vec::with_capacity(proposed.len());
        for (revision, event) in (first_revision..).zip(proposed) {
            let event = Event {
                position: self.last_position + 1,
                revision,
                stream: name.clone(),
                id: event.id,
                kind: event.kind,
                created,
                json: event.json,
                metadata: event.metadata,
                data: event.data,
            };
            self.insert(stream, &event)?;
            self.last_position = event.position;
            added.push(Arc::new(event));
        }
        if let Some(last) = added.last() {
            let head = Head { stream, revision: last.revision, position: last.position };
            self.remember(name, head);
        }
        Ok(added)
    }

    /// A name may be there without events: it was then made by a group that added none to it.
    fn make_stream(&self, name: &str) -> rusqlite::Result<i64> {
        self.connection
            .prepare_cached(
                "INSERT INTO stream (name) VALUES (?)
                 ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id",
            )?
            .query_row([name], |row| row.get(0))
    }

    fn insert(&self, stream: i64, event: &Event) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO event
                 (position, stream, revision, crc, created, json, id, kind, metadata, data)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                event.position.cast_signed(),
                stream,
                event.revision.cast_signed(),
                event.checksum(),
                event.created,
                event.json,
                event.id.as_bytes().as_slice(),
                event.kind.as_ref(),
                event.metadata.as_ref(),
                event.data.as_ref(),
            ])
            .map(drop)
    }
}
