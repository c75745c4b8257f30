//! The log of a folder as it is now, for reading: also while a store has it open.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::LogError;
use crate::log::mark;
use crate::log::record::{Body, Chain, Record};
use crate::log::recovery;
use crate::log::segment::{HEADER, Segment, Window};

/// Bytes read at once.
const AHEAD: usize = 1 << 20;

/// Open files, and where what was acknowledged ends. What a store does to the folder afterwards does
/// not show: files are never changed in place, and the last one is read no further.
#[derive(Debug)]
pub(crate) struct Snapshot {
    segments: Vec<Segment>,
    /// Bytes of the last file, its header included.
    last_length: u64,
}

/// What a walk over the log has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    pub(crate) events: u64,
    pub(crate) scavenged: u64,
    /// The position of the newest event; 0 without any.
    pub(crate) newest: u64,
    pub(crate) chain: Chain,
}

impl Snapshot {
    /// `alone`: no store has the folder open, nor will while the snapshot is taken.
    pub(crate) fn take(folder: &Path, alone: bool) -> Result<Self, LogError> {
        let failed = |source| LogError::Io { path: folder.to_path_buf(), source };
        // First, so that all files that it speaks of are there.
        let acknowledged = mark::read(folder).map_err(failed)?;
        let mut segments =
            files(folder).map_err(failed)?.iter().map(|path| Segment::open(path)).collect::<Result<Vec<_>, _>>()?;
        if !alone {
            segments.retain(|segment| segment.header.base < acknowledged || segment.header.base == 0);
        }
        let Some(last) = segments.last() else {
            return Err(LogError::Damaged { path: folder.to_path_buf(), position: 0 });
        };
        let last_length = match alone {
            true => recovery::find_end(last, acknowledged)?.offset,
            false => acknowledged.saturating_sub(last.header.base).max(HEADER),
        };
        Ok(Self { segments, last_length })
    }

    /// The files, each with how many of its bytes count.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Segment, u64)> {
        let bases = self.segments.iter().skip(1).map(|next| Some(next.header.base)).chain([None]);
        self.segments.iter().zip(bases).map(|(segment, next)| match (next, segment.header.scavenged_until) {
            (None, _) => (segment, self.last_length),
            (Some(_), Some(_)) => (segment, segment.length()),
            // Behind it may lie room that was made for more.
            (Some(next), None) => (segment, segment.length().min(next.saturating_sub(segment.header.base))),
        })
    }

    /// The position behind the last acknowledged event.
    pub(crate) fn end(&self) -> u64 {
        self.files().last().map_or(0, |(segment, length)| segment.header.base + length)
    }

    /// Looks at every record, from the first to the last, and at how they are tied together.
    pub(crate) fn walk(&self) -> Result<Seen, LogError> {
        let (mut seen, mut position) = (Seen::default(), 0);
        for (segment, length) in self.files() {
            let damaged = |position| LogError::Damaged { path: segment.path().to_path_buf(), position };
            if segment.header.store != self.segments[0].header.store {
                return Err(LogError::Foreign { path: segment.path().to_path_buf() });
            }
            if segment.header.base != position || segment.header.chain != seen.chain {
                return Err(damaged(position));
            }
            position = seen.look_through(segment, length).map_err(damaged)?;
            if segment.header.scavenged_until.is_some_and(|until| until != position) {
                return Err(damaged(position));
            }
        }
        Ok(seen)
    }
}

impl Seen {
    /// The position behind the last record, or that of the first bad one.
    fn look_through(&mut self, segment: &Segment, length: u64) -> Result<u64, u64> {
        let (mut offset, mut position, mut window) = (HEADER, segment.header.base + HEADER, Window::default());
        while offset < length {
            let record = segment.record(&mut window, offset, AHEAD).ok().flatten();
            let record = record.filter(|record| record.position == position).ok_or(position)?;
            self.look(&record).ok_or(position)?;
            offset += record.length() as u64;
            position = record.end();
        }
        Ok(position)
    }

    /// `None` if the record is not tied to what was seen before.
    fn look(&mut self, record: &Record) -> Option<()> {
        if record.chain_after(&self.chain) != record.chain {
            return None;
        }
        self.chain = record.chain;
        match record.body {
            Body::Event { .. } => {
                self.events += 1;
                self.newest = record.position;
            }
            Body::Gap { events, .. } => self.scavenged += events,
        }
        Some(())
    }
}

/// The log's files in order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
