//! What the store is compared with. Each does what the store does for an event: knows where its stream
//! stands, gives it a position, and can find it by position and by stream and revision.

mod fjall;
mod raw;
mod redb;
mod sqlite;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

pub(crate) use fjall::Fjall;
pub(crate) use raw::Raw;
pub(crate) use redb::Redb;
pub(crate) use sqlite::Sqlite;
use uuid::Uuid;

/// An event on its way to an engine.
pub(crate) struct Event {
    pub(crate) stream: Arc<str>,
    pub(crate) id: Uuid,
    pub(crate) data: bytes::Bytes,
}

/// An event that has its place.
pub(crate) struct Placed {
    pub(crate) position: u64,
    pub(crate) revision: u64,
    pub(crate) event: Event,
}

/// Something that keeps events.
pub(crate) trait Engine: Send {
    fn name(&self) -> &'static str;
    /// Returns when all of them are on the disk.
    fn commit(&mut self, group: &[Placed]);
}

/// All of them, each in a folder of its own.
pub(crate) fn all(folder: &Path) -> Vec<Box<dyn Engine>> {
    let folder = |name| {
        let folder = folder.join(name);
        std::fs::create_dir(&folder).unwrap();
        folder
    };
    vec![
        Box::new(Raw::open(&folder("raw"))),
        Box::new(Sqlite::open(&folder("sqlite"))),
        Box::new(Fjall::open(&folder("fjall"))),
        Box::new(Redb::open(&folder("redb"))),
    ]
}

/// Gives events their places. In memory only, which favours the engines.
#[derive(Default)]
pub(crate) struct Places {
    position: u64,
    next: HashMap<Arc<str>, u64>,
}

impl Places {
    pub(crate) fn place(&mut self, event: Event) -> Placed {
        self.position += 1;
        let next = self.next.entry(event.stream.clone()).or_default();
        *next += 1;
        Placed { position: self.position, revision: *next - 1, event }
    }
}

impl Placed {
    /// Everything about the event as one value.
    fn value(&self) -> Vec<u8> {
        let parts = [
            self.event.id.as_bytes().as_slice(),
            &self.revision.to_be_bytes(),
            &(self.event.stream.len() as u32).to_be_bytes(),
            self.event.stream.as_bytes(),
            &self.event.data,
        ];
        parts.concat()
    }

    /// Stream and revision, in the order of streams.
    fn key(&self) -> Vec<u8> {
        [self.event.stream.as_bytes(), &[0], &self.revision.to_be_bytes()].concat()
    }
}
