//! Turns closed parts of the index into runs, and runs into larger ones, beside the writer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use uuid::Uuid;

use crate::crash::{Point, pass};
use crate::error::ReadError;
use crate::index::recent::Recent;
use crate::index::run::{self, About, Run};
use crate::index::{Entry, Index};

/// Neighbouring runs of a level that become one of the next.
const MERGED: usize = 8;

/// The thread that does it.
#[derive(Debug)]
pub(crate) struct Builder {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

enum Job {
    /// There are closed parts.
    Build,
    /// These positions, which are in order, were scavenged.
    Forget(Vec<u64>),
}

impl Builder {
    pub(crate) fn spawn(index: Arc<Index>, store: Uuid) -> io::Result<Self> {
        let (jobs, received) = channel();
        let thread = thread::Builder::new().name("event-store-index".into()).spawn(move || {
            while let Ok(job) = received.recv() {
                let done = match job {
                    Job::Build => build(&index, store),
                    Job::Forget(positions) => build(&index, store).and_then(|()| forget(&index, store, &positions)),
                };
                if let Err(error) = done {
                    tracing::warn!(%error, "a part of the index could not be written; what is missing is kept in memory");
                }
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// There is a closed part.
    pub(crate) fn wake(&self) {
        self.send(Job::Build);
    }

    /// Nothing is at these positions any more.
    pub(crate) fn forget(&self, positions: Vec<u64>) {
        self.send(Job::Forget(positions));
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only with this builder.
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Builder {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn build(index: &Index, store: Uuid) -> Result<(), ReadError> {
    for recent in index.waiting() {
        let run = write_recent(index, store, &recent)?;
        pass(Point::RunMade);
        index.install(Arc::new(run));
    }
    while let Some(runs) = mergeable(&index.runs()) {
        let merged = merge(index, store, &runs)?;
        pass(Point::RunMade);
        index.install(Arc::new(merged));
        for run in runs {
            std::fs::remove_file(run.path())?;
        }
    }
    Ok(())
}

pub(crate) fn write_recent(index: &Index, store: Uuid, recent: &Recent) -> Result<Run, ReadError> {
    let (from, until) = (recent.first_position(), recent.end_position());
    let about = About { store, from, until, level: 0, keys: recent.keys() };
    run::write(&index.folder, about, recent.sorted().map(Ok))
}

/// Entries of what was scavenged lead nowhere: this gives their room back.
fn forget(index: &Index, store: Uuid, positions: &[u64]) -> Result<(), ReadError> {
    let (Some(first), Some(last)) = (positions.first(), positions.last()) else {
        return Ok(());
    };
    for run in index.runs().iter().filter(|run| run.from <= *last && *first < run.until) {
        let about = About { store, from: run.from, until: run.until, level: run.level, keys: run.keys };
        let is_there = |entry: &Result<Entry, ReadError>| match entry {
            Ok(entry) => positions.binary_search(&entry.position).is_err(),
            Err(_) => true,
        };
        index.install(Arc::new(run::write(&index.folder, about, run.all().filter(is_there))?));
    }
    Ok(())
}

/// The newest neighbours of one level, if there are enough.
fn mergeable(runs: &[Arc<Run>]) -> Option<Vec<Arc<Run>>> {
    let level = runs.last()?.level;
    let start = runs.iter().rposition(|run| run.level != level).map_or(0, |other| other + 1);
    (runs.len() - start >= MERGED).then(|| runs[start..].to_vec())
}

fn merge(index: &Index, store: Uuid, runs: &[Arc<Run>]) -> Result<Run, ReadError> {
    let about = About {
        store,
        from: runs[0].from,
        until: runs[runs.len() - 1].until,
        level: runs[0].level + 1,
        keys: runs.iter().map(|run| run.keys).sum(),
    };
    run::write(&index.folder, about, Merged::new(runs.iter().map(|run| run.all()).collect()))
}

/// Several sorted sequences as one.
struct Merged<I> {
    sources: Vec<I>,
    heads: BinaryHeap<Reverse<(Entry, usize)>>,
    failed: Option<ReadError>,
}

impl<I: Iterator<Item = Result<Entry, ReadError>>> Merged<I> {
    fn new(sources: Vec<I>) -> Self {
        let mut merged = Self { heads: BinaryHeap::with_capacity(sources.len()), sources, failed: None };
        (0..merged.sources.len()).for_each(|source| merged.advance(source));
        merged
    }

    fn advance(&mut self, source: usize) {
        match self.sources[source].next() {
            Some(Ok(entry)) => self.heads.push(Reverse((entry, source))),
            Some(Err(error)) => self.failed = Some(error),
            None => {}
        }
    }
}

impl<I: Iterator<Item = Result<Entry, ReadError>>> Iterator for Merged<I> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            return Some(Err(error));
        }
        let Reverse((entry, source)) = self.heads.pop()?;
        self.advance(source);
        Some(Ok(entry))
    }
}
