//! Opens the log, whatever became of the process or the power before.
//!
//! What lies behind the last whole append and can only be a write that was never acknowledged is cut.
//! That it was acknowledged shows in two ways: the mark says so, or a later group follows, since a
//! group is begun when the one before it is synced. Then the store refuses to start and says where.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use crate::error::{LogError, ReadError};
use crate::log::mark::{self, Mark};
use crate::log::record::{Chain, Record};
use crate::log::segment::{HEADER, Header, Segment, Window};
use crate::log::segments::Segments;
use crate::log::tail::{Place, Tail};

/// Bytes read at once.
const AHEAD: usize = 1 << 20;

/// Opens or makes the log in a folder that nobody else has open.
pub(crate) fn open(place: Place) -> Result<Tail, LogError> {
    let acknowledged = mark::read(&place.folder).map_err(|error| place.failed(error))?;
    let mut paths = files(&place)?;
    if paths.is_empty() {
        if acknowledged > 0 {
            return Err(LogError::Damaged { path: place.folder.clone(), position: 0 });
        }
        let header = Header { store: Uuid::new_v4(), base: 0, scavenged_until: None, chain: [0; 32] };
        paths.push(place.begin(&header).map_err(|error| place.failed(error))?);
    }
    let segments = paths.iter().map(|path| Segment::open(path)).collect::<Result<Vec<_>, _>>()?;
    let out_of_place = |segment: &&Segment| segment.path() != place.file(segment.header.base);
    if let Some(segment) = segments.iter().find(out_of_place) {
        return Err(LogError::Damaged { path: segment.path().to_path_buf(), position: segment.header.base });
    }
    if segments[0].header.base != 0 {
        return Err(LogError::Damaged { path: place.file(0), position: 0 });
    }
    for pair in segments.windows(2) {
        join(&place, &pair[0], &pair[1])?;
    }
    let segments: Vec<Arc<Segment>> = segments.into_iter().map(Arc::new).collect();
    let last = segments[segments.len() - 1].clone();
    let end = find_end(&last, acknowledged)?;
    cut(&last, end.offset).map_err(|error| place.failed(error))?;
    let mark = settle(&place, &last, acknowledged).map_err(|error| place.failed(error))?;
    let folder = place.folder.clone();
    Tail::new(place, Arc::new(Segments::new(segments)), last, mark, end.chain)
        .map_err(|source| LogError::Io { path: folder, source })
}

/// The log's files in order. What a dead process left half made is removed.
fn files(place: &Place) -> Result<Vec<PathBuf>, LogError> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(&place.folder)? {
            let path = entry?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("log") => paths.push(path),
                Some("new") => place.disk.remove(&path)?,
                _ => {}
            }
        }
        paths.sort();
        Ok(paths)
    };
    list().map_err(|error| place.failed(error))
}

/// A file must reach to the next one's first position. It may be longer by the room that was made
/// for more, when the process died between making the next file and closing this one.
fn join(place: &Place, segment: &Segment, next: &Segment) -> Result<(), LogError> {
    let (end, base) = (segment.end(), next.header.base);
    if segment.header.store != next.header.store {
        return Err(LogError::Foreign { path: next.path().to_path_buf() });
    }
    if end < base || base < segment.header.base + HEADER || (end > base && segment.header.scavenged_until.is_some()) {
        return Err(LogError::Damaged { path: segment.path().to_path_buf(), position: end.min(base) });
    }
    let room = end - base;
    let length = segment.length() - room;
    follows(segment, length, next)?;
    if room > 0 {
        trim(place, segment, length, base)?;
    }
    Ok(())
}

/// Takes away room in which nothing was ever written.
fn trim(place: &Place, segment: &Segment, length: u64, position: u64) -> Result<(), LogError> {
    let path = segment.path().to_path_buf();
    let room = segment.bytes(length, segment.length());
    if room.map_or(true, |room| room.iter().any(|byte| *byte != 0)) {
        return Err(LogError::Damaged { path, position });
    }
    let trimmed = place.disk.open(&path).and_then(|file| {
        file.set_len(length)?;
        file.sync()
    });
    trimmed.map_err(|source| LogError::Io { path, source })?;
    segment.show_until(length);
    Ok(())
}

/// The next file's chain must be that of the last record before it.
fn follows(segment: &Segment, length: u64, next: &Segment) -> Result<(), LogError> {
    let damaged = || LogError::Damaged { path: segment.path().to_path_buf(), position: next.header.base };
    let mut window = Window::default();
    let chain = match segment.before(&mut window, length).map_err(|_| damaged())? {
        None => segment.header.chain,
        Some(start) => {
            let record = segment.record(&mut window, start, 0).map_err(|_| damaged())?;
            record.map(|record| record.chain).ok_or_else(damaged)?
        }
    };
    if chain == next.header.chain { Ok(()) } else { Err(damaged()) }
}

/// Where the last whole append ends.
pub(crate) struct End {
    pub(crate) offset: u64,
    chain: Chain,
}

/// Looks through the last file. An error if something acknowledged is missing or damaged.
pub(crate) fn find_end(segment: &Segment, acknowledged: u64) -> Result<End, LogError> {
    let mut end = End { offset: HEADER, chain: segment.header.chain };
    let (mut offset, mut chain, mut window) = (HEADER, segment.header.chain, Window::default());
    loop {
        match segment.record(&mut window, offset, AHEAD) {
            Ok(Some(record)) if record.chain_after(&chain) == record.chain => {
                offset += record.length() as u64;
                chain = record.chain;
                if record.last {
                    end = End { offset, chain };
                }
            }
            Ok(_) | Err(ReadError::Damaged { .. }) => break,
            Err(ReadError::Io(source)) => return Err(LogError::Io { path: segment.path().to_path_buf(), source }),
            Err(_) => return Err(LogError::Header { path: segment.path().to_path_buf() }),
        }
    }
    let position = segment.header.base + end.offset;
    if acknowledged > position || later_group(segment, end.offset)? {
        return Err(LogError::Damaged { path: segment.path().to_path_buf(), position });
    }
    Ok(end)
}

/// Whether something behind the end was begun after what should be there was synced.
fn later_group(segment: &Segment, end: u64) -> Result<bool, LogError> {
    let rest = segment
        .bytes(end, segment.length())
        .map_err(|_| LogError::Damaged { path: segment.path().to_path_buf(), position: segment.header.base + end })?;
    // A record ends with its length, whose high bytes may be zero as well.
    let used = rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| rest.len().min(last + 4));
    let (rest, mut from) = (rest.slice(..used), 0);
    while let Some(record) = segment.resynchronise(&rest.slice(from..), end + from as u64) {
        if begun_behind(segment, &record, end) {
            return Ok(true);
        }
        from = (record.position - segment.header.base - end) as usize + record.length();
    }
    Ok(false)
}

fn begun_behind(segment: &Segment, record: &Record, end: u64) -> bool {
    record.group > segment.header.base + end
}

/// Shows the whole appends only.
fn cut(segment: &Segment, end: u64) -> std::io::Result<()> {
    let length = segment.length();
    if length > end {
        let rest = segment.bytes(end, length).map_err(std::io::Error::other)?;
        let used = rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1);
        segment.show_until(end);
        warn_of(used, segment.path(), segment.header.base + end);
    }
    Ok(())
}

/// Makes what is about to be shown as durable as what was acknowledged: the process before may have
/// died between writing and syncing. What it is not known to have synced is written once more, because
/// after a sync that failed the system may hold bytes that it does not write again by itself.
fn settle(place: &Place, last: &Segment, acknowledged: u64) -> std::io::Result<Mark> {
    let end = last.length();
    let from = acknowledged.saturating_sub(last.header.base).clamp(HEADER, end);
    let file = place.disk.open(last.path())?;
    file.set_len(end)?;
    file.write_at(&last.bytes(from, end).map_err(std::io::Error::other)?, from)?;
    file.sync()?;
    let mut mark = Mark::open(&*place.disk, &place.folder)?;
    // The mark must never outlive the name of the file that it speaks of.
    place.disk.sync_folder(&place.folder)?;
    mark.set(last.header.base + end)?;
    mark.sync()?;
    Ok(mark)
}

fn warn_of(cut: u64, path: &Path, position: u64) {
    if cut > 0 {
        tracing::warn!(bytes = cut, position, file = %path.display(), "cut the end of an append that was never acknowledged");
    }
}
