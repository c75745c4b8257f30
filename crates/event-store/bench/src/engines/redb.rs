//! redb: a copy-on-write B-tree, synced by every commit.

use std::path::Path;

use redb::{Database, Durability, TableDefinition};

use super::{Engine, Placed};

const EVENTS: TableDefinition<u64, &[u8]> = TableDefinition::new("events");
const BY_STREAM: TableDefinition<&[u8], u64> = TableDefinition::new("by_stream");

pub(crate) struct Redb(Database);

impl Redb {
    pub(crate) fn open(folder: &Path) -> Self {
        Self(Database::create(folder.join("events.redb")).unwrap())
    }
}

impl Engine for Redb {
    fn name(&self) -> &'static str {
        "redb"
    }

    fn commit(&mut self, group: &[Placed]) {
        let mut transaction = self.0.begin_write().unwrap();
        transaction.set_durability(Durability::Immediate).unwrap();
        {
            let mut events = transaction.open_table(EVENTS).unwrap();
            let mut by_stream = transaction.open_table(BY_STREAM).unwrap();
            for placed in group {
                events.insert(placed.position, placed.value().as_slice()).unwrap();
                by_stream.insert(placed.key().as_slice(), placed.position).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}
