//! Finds the events of a stream, or of a category, in the log. Made from the log and from nothing
//! else: what is missing or damaged is made anew, so it needs neither a log of its own nor a sync
//! before an answer.
//!
//! The newest file of the log is indexed in memory; each closed one becomes a sorted run on the disk,
//! and eight runs of a size become one.

mod builder;
mod files;
mod filter;
mod recent;
mod run;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};

pub(crate) use builder::Builder;
pub(crate) use files::open;

use crate::error::ReadError;
use crate::event::{Event, category_of};
use crate::index::recent::Recent;
use crate::index::run::Run;
use crate::reader::Direction;

/// A stream's or a category's name, shortened. Two names may share one: who looks must compare names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u64);

/// Where one event of a stream or of a category is. Ordered by key, then revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) revision: u64,
    pub(crate) position: u64,
}

/// What readers and the writer share.
#[derive(Debug)]
pub(crate) struct Index {
    folder: PathBuf,
    parts: RwLock<Parts>,
}

/// All that is indexed, in the order of positions: runs, then what waits to become one, then the newest.
#[derive(Debug)]
struct Parts {
    runs: Arc<Vec<Arc<Run>>>,
    waiting: Vec<Arc<Recent>>,
    newest: Recent,
}

impl Key {
    pub(crate) fn stream(name: &str) -> Self {
        Self::from_digest(Sha256::digest(name.as_bytes()).into())
    }

    pub(crate) fn category(category: &str) -> Self {
        Self::from_digest(Sha256::new().chain_update("$ce-").chain_update(category).finalize().into())
    }

    fn from_digest(digest: [u8; 32]) -> Self {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(bytes))
    }
}

impl Entry {
    /// The entries that an event gives: in its stream, and in its category if it has one.
    pub(crate) fn of(stream: &str, revision: u64, category_revision: Option<u64>, position: u64) -> Vec<Self> {
        let revision = revision.min(run::LARGEST);
        let mut entries = vec![Self { key: Key::stream(stream), revision, position }];
        if let (Some(revision), Some(category)) = (category_revision, category_of(stream)) {
            entries.push(Self { key: Key::category(category), revision, position });
        }
        entries
    }
}

impl Index {
    /// Adds committed events, which come in the order of their positions.
    pub(crate) fn add(&self, events: &[Arc<Event>]) {
        let entries: Vec<Entry> = events
            .iter()
            .flat_map(|event| Entry::of(&event.stream, event.revision, event.category_revision, event.position))
            .collect();
        self.parts.write().unwrap_or_else(PoisonError::into_inner).newest.add(entries);
    }

    /// Up to `limit` entries of a key from a revision on, itself included.
    pub(crate) fn entries(
        &self,
        key: Key,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, ReadError> {
        let (runs, recent) = self.snapshot(key, from, direction, limit);
        match direction {
            Direction::Forwards => {
                let mut found = Vec::new();
                runs.iter().try_for_each(|run| run.entries(key, from, direction, limit, &mut found))?;
                found.extend(recent);
                found.truncate(limit);
                Ok(found)
            }
            Direction::Backwards => {
                let mut found = recent;
                runs.iter().rev().try_for_each(|run| run.entries(key, from, direction, limit, &mut found))?;
                Ok(found)
            }
        }
    }

    /// The runs, and what is found in memory beside them. Runs are read when the lock is released,
    /// so that the writer waits for no disk.
    fn snapshot(&self, key: Key, from: u64, direction: Direction, limit: usize) -> (Arc<Vec<Arc<Run>>>, Vec<Entry>) {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        let recent = parts.waiting.iter().map(AsRef::as_ref).chain([&parts.newest]);
        match direction {
            Direction::Forwards => recent.for_each(|part| part.entries(key, from, direction, limit, &mut found)),
            Direction::Backwards => {
                let newest_first: Vec<&Recent> = recent.collect();
                newest_first.iter().rev().for_each(|part| part.entries(key, from, direction, limit, &mut found));
            }
        }
        (parts.runs.clone(), found)
    }

    /// The newest part is complete: the log has closed its file at a position.
    pub(crate) fn close(&self, until: u64) -> Arc<Recent> {
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        let closed = std::mem::replace(&mut parts.newest, Recent::new(until));
        let closed = Arc::new(closed.until(until));
        parts.waiting.push(closed.clone());
        closed
    }

    fn runs(&self) -> Arc<Vec<Arc<Run>>> {
        self.parts.read().unwrap_or_else(PoisonError::into_inner).runs.clone()
    }

    fn waiting(&self) -> Vec<Arc<Recent>> {
        self.parts.read().unwrap_or_else(PoisonError::into_inner).waiting.clone()
    }

    /// A part that could not become a run yet.
    fn keep(&self, recent: Recent) {
        self.parts.write().unwrap_or_else(PoisonError::into_inner).waiting.push(Arc::new(recent));
    }

    /// Puts a run in the place of what it was made from.
    fn install(&self, run: Arc<Run>) {
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        parts.waiting.retain(|recent| !run.covers(recent.first_position(), recent.end_position()));
        let mut runs: Vec<_> = parts.runs.iter().filter(|old| !run.covers(old.from, old.until)).cloned().collect();
        let place = runs.partition_point(|old| old.from < run.from);
        runs.insert(place, run);
        parts.runs = Arc::new(runs);
    }
}
