//! Opens the index: takes the runs that are there and whole, and makes what is missing from the log.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, RwLock};

use uuid::Uuid;

use crate::disk::is_full;
use crate::error::ReadError;
use crate::index::builder::write_recent;
use crate::index::recent::Recent;
use crate::index::run::Run;
use crate::index::{Entry, Index, Parts};
use crate::log::{Body, Segment, Segments};

/// Bytes read at once.
const AHEAD: usize = 1 << 20;

/// The index of a log, in a folder of its own, which is made if needed.
pub(crate) fn open(folder: &Path, segments: &Segments, store: Uuid) -> Result<Index, ReadError> {
    fs::create_dir_all(folder)?;
    let mut found = runs(folder, store)?;
    let segments = segments.all();
    let Some((newest, closed)) = segments.split_last() else {
        return Err(io::Error::from(io::ErrorKind::NotFound).into());
    };
    let parts = Parts { runs: Arc::default(), waiting: Vec::new(), newest: indexed(newest)? };
    let index = Index { folder: folder.to_path_buf(), parts: RwLock::new(parts) };
    let mut covered = 0;
    for (number, segment) in closed.iter().enumerate() {
        if segment.header.base < covered {
            continue;
        }
        let next = segments[number + 1].header.base;
        let whole = if index.waiting().is_empty() { take(&mut found, segment.header.base, &segments) } else { None };
        if let Some(run) = whole {
            covered = run.until;
            index.install(Arc::new(run));
            continue;
        }
        tracing::info!(file = %segment.path().display(), "indexing a file of the log");
        add(&index, store, indexed(segment)?.until(next))?;
        covered = next;
    }
    found.iter().try_for_each(|run| fs::remove_file(run.path()))?;
    Ok(index)
}

/// On a full disk a part is kept in memory, and those behind it as well, since they must stay in order.
fn add(index: &Index, store: Uuid, recent: Recent) -> Result<(), ReadError> {
    if index.waiting().is_empty() {
        match write_recent(index, store, &recent) {
            Err(ReadError::Io(error)) if is_full(&error) => tracing::warn!("no room for a part of the index"),
            written => return written.map(|run| index.install(Arc::new(run))),
        }
    }
    index.keep(recent);
    Ok(())
}

/// The whole runs in a folder. What is not whole is removed, since it can be made again.
fn runs(folder: &Path, store: Uuid) -> Result<Vec<Run>, ReadError> {
    let mut runs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match Run::open(&path, store) {
            Ok(run) => runs.push(run),
            Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error.into()),
            Err(_) => {
                tracing::warn!(file = %path.display(), "removing a part of the index that is not whole");
                fs::remove_file(&path)?;
            }
        }
    }
    Ok(runs)
}

/// Takes the longest run that begins at a position and ends where a file of the log does.
fn take(runs: &mut Vec<Run>, from: u64, segments: &[Arc<Segment>]) -> Option<Run> {
    let fits = |run: &Run| run.from == from && segments.iter().any(|segment| segment.header.base == run.until);
    let best = (0..runs.len()).filter(|at| fits(&runs[*at])).max_by_key(|at| runs[*at].until)?;
    Some(runs.swap_remove(best))
}

fn indexed(segment: &Segment) -> Result<Recent, ReadError> {
    let (mut entries, mut offset, mut window) = (Vec::new(), segment.first(), Default::default());
    while let Some(record) = segment.record(&mut window, offset, AHEAD)? {
        offset += record.length() as u64;
        if let Body::Event { revision, category_revision } = record.body {
            entries.extend(Entry::of(record.stream(), revision, category_revision, record.position));
        }
    }
    Ok(Recent::of(segment.header.base, entries))
}
