//! fjall: a log-structured merge tree, its journal synced by every batch.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};

use super::{Engine, Placed};

pub(crate) struct Fjall {
    database: Database,
    events: Keyspace,
    by_stream: Keyspace,
}

impl Fjall {
    pub(crate) fn open(folder: &Path) -> Self {
        let database = Database::builder(folder).open().unwrap();
        let keyspace = |name| database.keyspace(name, KeyspaceCreateOptions::default).unwrap();
        Self { events: keyspace("events"), by_stream: keyspace("by_stream"), database }
    }
}

impl Engine for Fjall {
    fn name(&self) -> &'static str {
        "fjall"
    }

    fn commit(&mut self, group: &[Placed]) {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncData));
        for placed in group {
            let position = placed.position.to_be_bytes();
            batch.insert(&self.events, position, placed.value());
            batch.insert(&self.by_stream, placed.key(), position);
        }
        batch.commit().unwrap();
    }
}
