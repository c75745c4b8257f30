//! The SQLite file: its folder, lock, schema and connections. The only place that knows pragmas.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::OpenError;

const FILE: &str = "events.sqlite3";
const SCHEMA_VERSION: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE stream (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    crc      INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    json     INTEGER NOT NULL,
    id       BLOB NOT NULL,
    kind     TEXT NOT NULL,
    metadata BLOB NOT NULL,
    data     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_of_stream ON event (stream, revision);
CREATE INDEX event_id_of_stream ON event (stream, id);
";

/// Held while a store may write to its folder; released by dropping it.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Makes the folder if needed, locks it, and brings the schema up to date.
pub(crate) fn prepare(folder: &Path) -> Result<(Lock, Connection), OpenError> {
    make_folder(folder)?;
    let lock = lock(folder)?;
    let connection = writer(folder)?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => create_schema(&connection)?,
        SCHEMA_VERSION => {}
        found => return Err(OpenError::UnknownVersion { found }),
    }
    // The names of the database and its log must survive a power cut too.
    sync_folder(folder)?;
    Ok((lock, connection))
}

fn create_schema(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"))
}

/// A new folder is only safe from a power cut once the folder that names it is on the disk.
fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let new: Vec<&Path> = folder.ancestors().take_while(|path| !path.exists()).collect();
    fs::create_dir_all(folder).map_err(|source| OpenError::Folder { path: folder.to_path_buf(), source })?;
    for parent in new.iter().filter_map(|path| path.parent()) {
        let here = parent.as_os_str().is_empty();
        sync_folder(if here { Path::new(".") } else { parent })?;
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> Result<(), OpenError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| OpenError::Folder { path: folder.to_path_buf(), source })
}

fn lock(folder: &Path) -> Result<Lock, OpenError> {
    let failed = |source: io::Error| OpenError::Folder { path: folder.to_path_buf(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path: folder.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

fn writer(folder: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file(folder))?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    // Checkpoints are ours to time: SQLite's own would fall between a commit and its answer.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -65536;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

/// An empty database without a file, for tests of what stands above it.
#[cfg(test)]
pub(crate) fn in_memory() -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    create_schema(&connection)?;
    Ok(connection)
}

/// A second writing connection, for moving the log into the database beside the writer.
pub(crate) fn checkpointer(folder: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file(folder))?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
    Ok(connection)
}

/// How long SQLite's log is, and how much of it is in the database already.
pub(crate) struct Log {
    pub(crate) pages: i64,
    pub(crate) moved: i64,
}

pub(crate) fn log(connection: &Connection) -> rusqlite::Result<Log> {
    connection
        .prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
        .query_row([], |row| Ok(Log { pages: row.get(1)?, moved: row.get(2)? }))
}

/// Moves what it can from the log into the database, without waiting for readers.
pub(crate) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// A connection that cannot write.
pub(crate) fn reader(folder: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file(folder), flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.execute_batch("PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
