//! Reads pages from the database. A page is one short read, so no reader holds the log back.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::database;
use crate::error::ReadError;
use crate::event::Event;
use crate::filter::Filter;
use crate::retention::{Retention, Visible};

/// Connections, and so reads at a time.
const CONNECTIONS: usize = 4;
/// Bytes in a page; at least one event is always in.
const PAGE_BYTES: usize = 1 << 20;
/// Events looked at for one page.
pub(crate) const PAGE_EVENTS: u64 = 512;

/// Which way a read goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Forwards,
    Backwards,
}

/// Part of `$all`.
#[derive(Debug, Default)]
pub(crate) struct AllPage {
    pub(crate) events: Vec<Event>,
    /// The last position looked at, whether it matched or not.
    pub(crate) looked_at: Option<u64>,
    /// How many events were looked at.
    pub(crate) looked: u64,
    /// There is nothing further this way.
    pub(crate) end: bool,
}

/// Part of a stream.
#[derive(Debug)]
pub(crate) struct StreamPage {
    pub(crate) events: Vec<Event>,
    pub(crate) first_visible: u64,
    pub(crate) last_revision: u64,
    pub(crate) last_position: u64,
    pub(crate) end: bool,
}

/// A small pool of read-only connections.
#[derive(Debug)]
pub(crate) struct Readers {
    folder: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), idle: Mutex::new(Vec::new()), permits: Semaphore::new(CONNECTIONS) }
    }

    /// Events after a position (forwards) or before it (backwards).
    pub(crate) async fn all(
        self: &Arc<Self>,
        direction: Direction,
        from: u64,
        limit: u64,
        filter: Option<Arc<Filter>>,
    ) -> Result<AllPage, ReadError> {
        self.run(move |connection| all_page(connection, direction, from, limit, filter.as_deref())).await
    }

    /// Events from a revision on, itself included. `None`: there is no such stream.
    pub(crate) async fn stream(
        self: &Arc<Self>,
        name: Arc<str>,
        direction: Direction,
        from: u64,
        limit: u64,
    ) -> Result<Option<StreamPage>, ReadError> {
        self.run(move |connection| stream_page(connection, &name, direction, from, limit)).await
    }

    async fn run<T, F>(self: &Arc<Self>, read: F) -> Result<T, ReadError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, ReadError> + Send + 'static,
    {
        let _permit = self.permits.acquire().await.map_err(|_| ReadError::Thread)?;
        let readers = self.clone();
        tokio::task::spawn_blocking(move || {
            let connection = readers.take()?;
            let outcome = read(&connection);
            readers.idle().push(connection);
            outcome
        })
        .await
        .map_err(|_| ReadError::Thread)?
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle().pop();
        idle.map_or_else(|| database::reader(&self.folder), Ok)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const COLUMNS: &str = "e.position, e.revision, e.crc, e.created, e.json, e.id, e.kind, e.metadata, e.data, s.name";

fn all_page(
    connection: &Connection,
    direction: Direction,
    from: u64,
    limit: u64,
    filter: Option<&Filter>,
) -> Result<AllPage, ReadError> {
    let (comparison, order) = match direction {
        Direction::Forwards => (">", "ASC"),
        Direction::Backwards => ("<", "DESC"),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM event e CROSS JOIN stream s ON s.id = e.stream
         WHERE e.position {comparison} ? ORDER BY e.position {order} LIMIT ?"
    ))?;
    let mut rows = statement.query(params![signed(from), PAGE_EVENTS.cast_signed()])?;
    let mut page = AllPage::default();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        if page.events.len() as u64 >= limit || bytes >= PAGE_BYTES {
            return Ok(page);
        }
        page.looked += 1;
        page.looked_at = Some(unsigned(row, 0)?);
        if matches(filter, row)? {
            let event = event(row, None)?;
            bytes += event.weight();
            page.events.push(event);
        }
    }
    page.end = page.looked < PAGE_EVENTS;
    Ok(page)
}

fn matches(filter: Option<&Filter>, row: &Row<'_>) -> Result<bool, ReadError> {
    let Some(filter) = filter else {
        return Ok(true);
    };
    let kind = row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?;
    let stream = row.get_ref(9)?.as_str().map_err(rusqlite::Error::from)?;
    filter.matches(stream, kind)
}

fn stream_page(
    connection: &Connection,
    name: &Arc<str>,
    direction: Direction,
    from: u64,
    limit: u64,
) -> Result<Option<StreamPage>, ReadError> {
    // One transaction: the page must not be cut by metadata that is newer than its events.
    let snapshot = connection.unchecked_transaction()?;
    let Some((stream, last_revision, last_position)) = head(&snapshot, name)? else {
        return Ok(None);
    };
    let visible = retention(&snapshot, name)?.visible(last_revision);
    if visible.first_revision > last_revision {
        return Ok(None);
    }
    let mut page = StreamPage {
        events: Vec::new(),
        first_visible: visible.first_revision,
        last_revision,
        last_position,
        end: false,
    };
    fill(&snapshot, name, stream, visible, direction, from, limit, &mut page)?;
    Ok(Some(page))
}

#[expect(clippy::too_many_arguments, reason = "one query, all of whose inputs differ")]
fn fill(
    connection: &Connection,
    name: &Arc<str>,
    stream: i64,
    visible: Visible,
    direction: Direction,
    from: u64,
    limit: u64,
    page: &mut StreamPage,
) -> Result<(), ReadError> {
    let (comparison, order) = match direction {
        Direction::Forwards => (">=", "ASC"),
        Direction::Backwards => ("<=", "DESC"),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM event e CROSS JOIN stream s ON s.id = e.stream
         WHERE e.stream = ? AND e.revision {comparison} ? AND e.revision >= ? AND e.created >= ?
         ORDER BY e.revision {order} LIMIT ?"
    ))?;
    let limit = limit.min(PAGE_EVENTS);
    let mut rows = statement.query(params![
        stream,
        signed(from),
        signed(visible.first_revision),
        visible.created_from,
        limit.cast_signed() + 1,
    ])?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        if page.events.len() as u64 >= limit || bytes >= PAGE_BYTES {
            return Ok(());
        }
        let event = event(row, Some(name))?;
        bytes += event.weight();
        page.events.push(event);
    }
    page.end = true;
    Ok(())
}

fn head(connection: &Connection, name: &str) -> rusqlite::Result<Option<(i64, u64, u64)>> {
    connection
        .prepare_cached(
            "SELECT s.id, e.revision, e.position FROM stream s JOIN event e ON e.stream = s.id
             WHERE s.name = ? ORDER BY e.revision DESC LIMIT 1",
        )?
        .query_row([name], |row| Ok((row.get(0)?, unsigned(row, 1)?, unsigned(row, 2)?)))
        .optional()
}

fn retention(connection: &Connection, name: &str) -> rusqlite::Result<Retention> {
    if name.starts_with("$$") {
        return Ok(Retention::default());
    }
    connection
        .prepare_cached(
            "SELECT e.data FROM stream s JOIN event e ON e.stream = s.id
             WHERE s.name = ? ORDER BY e.revision DESC LIMIT 1",
        )?
        .query_row([format!("$${name}")], |row| Ok(Retention::parse(row.get_ref(0)?.as_blob()?)))
        .optional()
        .map(Option::unwrap_or_default)
}

fn event(row: &Row<'_>, stream: Option<&Arc<str>>) -> Result<Event, ReadError> {
    let event = Event {
        position: unsigned(row, 0)?,
        revision: unsigned(row, 1)?,
        created: row.get(3)?,
        json: row.get(4)?,
        id: Uuid::from_bytes(row.get(5)?),
        kind: row.get(6)?,
        metadata: Bytes::from(row.get::<_, Vec<u8>>(7)?),
        data: Bytes::from(row.get::<_, Vec<u8>>(8)?),
        stream: match stream {
            Some(stream) => stream.clone(),
            None => row.get(9)?,
        },
    };
    if event.checksum() != row.get::<_, u32>(2)? {
        return Err(ReadError::Damaged { position: event.position });
    }
    Ok(event)
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

/// Numbers above SQLite's range mean "beyond the end", which its largest number says as well.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
