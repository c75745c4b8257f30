//! The index of one file of the log, in memory.

use std::collections::BTreeSet;

use crate::index::{Entry, Key};
use crate::reader::Direction;

/// Entries of the positions from one to another.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    from: u64,
    until: u64,
    entries: BTreeSet<Entry>,
}

impl Recent {
    pub(crate) fn new(from: u64) -> Self {
        Self::of(from, Vec::new())
    }

    /// All at once, which takes a fraction of the time of adding them.
    pub(crate) fn of(from: u64, entries: Vec<Entry>) -> Self {
        Self { from, until: u64::MAX, entries: BTreeSet::from_iter(entries) }
    }

    pub(crate) fn until(self, until: u64) -> Self {
        Self { until, ..self }
    }

    pub(crate) fn first_position(&self) -> u64 {
        self.from
    }

    pub(crate) fn end_position(&self) -> u64 {
        self.until
    }

    pub(crate) fn add(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.entries.extend(entries);
    }

    /// In the order of a run.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = Entry> {
        self.entries.iter().copied()
    }

    /// How many different keys there are.
    pub(crate) fn keys(&self) -> u64 {
        let mut last = None;
        self.entries.iter().filter(|entry| last.replace(entry.key) != Some(entry.key)).count() as u64
    }

    pub(crate) fn entries(&self, key: Key, from: u64, direction: Direction, limit: usize, found: &mut Vec<Entry>) {
        let wanted = limit.saturating_sub(found.len());
        let entry = |revision, position| Entry { key, revision, position };
        match direction {
            Direction::Forwards => {
                found.extend(self.entries.range(entry(from, 0)..=entry(u64::MAX, u64::MAX)).take(wanted));
            }
            Direction::Backwards => {
                found.extend(self.entries.range(entry(0, 0)..=entry(from, u64::MAX)).rev().take(wanted));
            }
        }
    }
}
