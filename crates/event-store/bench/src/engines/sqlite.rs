//! SQLite with a write-ahead log that is synced by every commit.

use std::path::Path;

use rusqlite::{Connection, params};

use super::{Engine, Placed};

pub(crate) struct Sqlite(Connection);

impl Sqlite {
    pub(crate) fn open(folder: &Path) -> Self {
        let connection = Connection::open(folder.join("events.sqlite")).unwrap();
        let settings = [("journal_mode", "WAL"), ("synchronous", "FULL"), ("wal_autocheckpoint", "16384")];
        for (name, value) in settings {
            connection.pragma_update(None, name, value).unwrap();
        }
        connection
            .execute_batch(
                "CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL,
                                      id BLOB NOT NULL, data BLOB NOT NULL);
                 CREATE UNIQUE INDEX by_stream ON events (stream, revision);",
            )
            .unwrap();
        Self(connection)
    }
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn commit(&mut self, group: &[Placed]) {
        let transaction = self.0.transaction().unwrap();
        {
            let mut insert = transaction.prepare_cached("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5)").unwrap();
            for Placed { position, revision, event } in group {
                let (position, revision) = (position.cast_signed(), revision.cast_signed());
                let event = params![position, &*event.stream, revision, event.id.as_bytes(), &event.data[..]];
                insert.execute(event).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}
