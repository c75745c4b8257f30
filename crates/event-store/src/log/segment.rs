//! One file of the log: a header of 128 bytes, then records. The last one grows; the others only
//! change as a whole, when a scavenge replaces them.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use uuid::Uuid;

use crate::error::{LogError, ReadError};
use crate::log::record::{Chain, OVERHEAD, Record, TRAILER, claimed_length, trailing_length};

/// Bytes before the first record.
pub(crate) const HEADER: u64 = 128;
const MAGIC: &[u8; 8] = b"EVENTLOG";
const FORMAT: u32 = 2;
/// Bytes between two remembered beginnings of records.
const STRIDE: u64 = 32 << 10;
/// Bytes read at once when many records are wanted.
const WINDOW: usize = 256 << 10;
/// Bytes copied at once.
const COPIED: usize = 1 << 20;

/// What a file says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The same in all files of a store.
    pub(crate) store: Uuid,
    /// The position of the file's first byte.
    pub(crate) base: u64,
    /// The position behind the last record of a scavenged file, whose offsets are not positions.
    pub(crate) scavenged_until: Option<u64>,
    /// The chain before the first record.
    pub(crate) chain: Chain,
}

impl Header {
    pub(crate) fn write(&self) -> [u8; HEADER as usize] {
        let mut bytes = [0; HEADER as usize];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.base.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.scavenged_until.unwrap_or(0).to_le_bytes());
        bytes[32..48].copy_from_slice(self.store.as_bytes());
        bytes[48..80].copy_from_slice(&self.chain);
        let crc = crc32fast::hash(&bytes[..124]);
        bytes[124..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    fn parse(bytes: &[u8; HEADER as usize], path: &Path) -> Result<Self, LogError> {
        let damaged = || LogError::Header { path: path.to_path_buf() };
        let long = |at: usize| bytes[at..at + 8].try_into().map(u64::from_le_bytes).map_err(|_| damaged());
        let short = |at: usize| bytes[at..at + 4].try_into().map(u32::from_le_bytes).map_err(|_| damaged());
        if &bytes[..8] != MAGIC || crc32fast::hash(&bytes[..124]) != short(124)? {
            return Err(damaged());
        }
        if short(8)? != FORMAT {
            return Err(LogError::Format { path: path.to_path_buf(), found: short(8)? });
        }
        let until = long(24)?;
        Ok(Self {
            base: long(16)?,
            scavenged_until: (until != 0).then_some(until),
            store: Uuid::from_slice(&bytes[32..48]).map_err(|_| damaged())?,
            chain: bytes[48..80].try_into().map_err(|_| damaged())?,
        })
    }
}

/// Files opened so far; a fresh window is of none.
static OPENED: AtomicU64 = AtomicU64::new(1);

/// An open file of the log, for reading.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Tells a file from the one that a scavenge puts in its place.
    number: u64,
    path: PathBuf,
    file: File,
    pub(crate) header: Header,
    /// Where the committed records end, in bytes of the file.
    end: AtomicU64,
    beginnings: Mutex<Beginnings>,
}

/// Where some records begin, in position and offset; found when first asked for.
#[derive(Debug)]
struct Beginnings {
    known: Vec<(u64, u64)>,
    /// Everything before this offset has been looked at.
    looked_until: u64,
}

/// Bytes of a file that were read at once.
#[derive(Debug, Default)]
pub(crate) struct Window {
    of: u64,
    offset: u64,
    bytes: Bytes,
}

impl Segment {
    /// The file as it is; its end is that of the file.
    pub(crate) fn open(path: &Path) -> Result<Self, LogError> {
        let failed = |source| LogError::Io { path: path.to_path_buf(), source };
        let file = File::open(path).map_err(failed)?;
        let mut bytes = [0; HEADER as usize];
        match file.read_exact_at(&mut bytes, 0) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(LogError::Header { path: path.to_path_buf() });
            }
            read => read.map_err(failed)?,
        }
        let header = Header::parse(&bytes, path)?;
        let end = file.metadata().map_err(failed)?.len();
        Ok(Self {
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            path: path.to_path_buf(),
            file,
            header,
            end: AtomicU64::new(end),
            beginnings: Mutex::new(Beginnings { known: vec![(header.base + HEADER, HEADER)], looked_until: HEADER }),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file that hold committed records, its header included.
    pub(crate) fn length(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    /// The offset of the first record.
    pub(crate) fn first(&self) -> u64 {
        HEADER
    }

    /// Writes the first bytes of the file to another.
    pub(crate) fn copy(&self, length: u64, into: &mut impl io::Write) -> io::Result<()> {
        let mut bytes = vec![0; COPIED];
        let mut offset = 0;
        while offset < length {
            let part = (length - offset).min(COPIED as u64) as usize;
            self.file.read_exact_at(&mut bytes[..part], offset)?;
            into.write_all(&bytes[..part])?;
            offset += part as u64;
        }
        Ok(())
    }

    /// Shows records up to this offset from now on.
    pub(crate) fn show_until(&self, offset: u64) {
        self.end.store(offset, Ordering::Release);
    }

    /// The position behind the last record.
    pub(crate) fn end(&self) -> u64 {
        self.header.scavenged_until.unwrap_or_else(|| self.header.base + self.length())
    }

    /// The record that begins at an offset; `None` at the end. `window` is filled when it lacks the
    /// record, with `ahead` bytes if there are so many.
    pub(crate) fn record(&self, window: &mut Window, offset: u64, ahead: usize) -> Result<Option<Record>, ReadError> {
        let end = self.length();
        if offset >= end {
            return Ok(None);
        }
        let damaged = || ReadError::Damaged { position: self.position_near(offset) };
        self.fill(window, offset, OVERHEAD, ahead, end)?;
        let length = claimed_length(window.from(offset)).ok_or_else(damaged)?;
        if offset + length as u64 > end {
            return Err(damaged());
        }
        self.fill(window, offset, length, ahead, end)?;
        let from = (offset - window.offset) as usize;
        let record = Record::parse(&window.bytes.slice(from..)).map_err(|_| damaged())?;
        // In a file as it was written, a record's place is its position.
        let displaced = self.header.scavenged_until.is_none() && record.position != self.header.base + offset;
        if displaced { Err(damaged()) } else { Ok(Some(record)) }
    }

    /// The offset of the record that ends at an offset; `None` at the beginning.
    pub(crate) fn before(&self, window: &mut Window, offset: u64) -> Result<Option<u64>, ReadError> {
        if offset <= HEADER {
            return Ok(None);
        }
        // The length at its end must be in the window as a whole.
        let held = offset >= window.offset + TRAILER as u64 && window.holds(offset, 0);
        if window.of != self.number || !held {
            let start = offset.saturating_sub(WINDOW as u64).max(HEADER);
            self.fill(window, start, (offset - start) as usize, 0, self.length())?;
        }
        let until = (offset - window.offset) as usize;
        let length = trailing_length(&window.bytes[..until]).map(|length| length as u64);
        let start = length.and_then(|length| offset.checked_sub(length)).filter(|start| *start >= HEADER);
        start.map(Some).ok_or_else(|| ReadError::Damaged { position: self.position_near(offset) })
    }

    /// Reads nothing if the window holds what is needed, and otherwise `ahead` bytes if that is more:
    /// so who goes on from record to record reads every byte once.
    fn fill(&self, window: &mut Window, offset: u64, needed: usize, ahead: usize, end: u64) -> Result<(), ReadError> {
        let rest = (end - offset) as usize;
        if window.of == self.number && window.holds(offset, needed.min(rest)) {
            return Ok(());
        }
        let mut bytes = BytesMut::zeroed(needed.max(ahead).min(rest));
        self.file.read_exact_at(&mut bytes, offset)?;
        *window = Window { of: self.number, offset, bytes: bytes.freeze() };
        Ok(())
    }

    fn position_near(&self, offset: u64) -> u64 {
        self.header.base + offset
    }

    /// The offset of the first record at a position or after it, which may be the end.
    pub(crate) fn locate(&self, position: u64) -> Result<u64, ReadError> {
        if position >= self.end() {
            return Ok(self.length());
        }
        let (mut offset, mut window) = (self.beginning_before(position)?, Window::default());
        while let Some(record) = self.record(&mut window, offset, STRIDE as usize)? {
            if record.position >= position {
                break;
            }
            offset += record.length() as u64;
        }
        Ok(offset)
    }

    /// The nearest remembered beginning. The file is looked through as far as needed, once.
    fn beginning_before(&self, position: u64) -> Result<u64, ReadError> {
        let mut beginnings = self.beginnings.lock().unwrap_or_else(PoisonError::into_inner);
        let mut window = Window::default();
        loop {
            let after = beginnings.known.partition_point(|(at, _)| *at <= position);
            let nearest = beginnings.known[after.max(1) - 1];
            let looked_until = beginnings.looked_until;
            if after < beginnings.known.len() || looked_until >= self.length() {
                return Ok(nearest.1);
            }
            match self.record(&mut window, looked_until, WINDOW) {
                Ok(Some(record)) => beginnings.look(&record),
                Ok(None) => return Ok(nearest.1),
                Err(ReadError::Damaged { .. }) => match self.after_damage(looked_until)? {
                    Some(record) => beginnings.skip_to(&record, self.header.base),
                    None => return Ok(nearest.1),
                },
                Err(error) => return Err(error),
            }
        }
    }

    /// The first sound record behind a damaged one: reading may go on there.
    fn after_damage(&self, offset: u64) -> Result<Option<Record>, ReadError> {
        if self.header.scavenged_until.is_some() {
            return Ok(None);
        }
        let rest = self.bytes(offset + 1, self.length())?;
        Ok(self.resynchronise(&rest, offset + 1))
    }

    /// The first record in these bytes of a file that was never scavenged, whatever lies before it.
    pub(crate) fn resynchronise(&self, bytes: &Bytes, offset: u64) -> Option<Record> {
        (0..bytes.len().saturating_sub(OVERHEAD)).find_map(|at| {
            let here = self.header.base + offset + at as u64;
            // The position is the cheapest test that random bytes fail.
            (bytes[at + 40..at + 48] == here.to_le_bytes()).then(|| Record::parse(&bytes.slice(at..)).ok()).flatten()
        })
    }

    /// All bytes from an offset to an end.
    pub(crate) fn bytes(&self, from: u64, until: u64) -> Result<Bytes, ReadError> {
        let mut bytes = BytesMut::zeroed(until.saturating_sub(from) as usize);
        self.file.read_exact_at(&mut bytes, from)?;
        Ok(bytes.freeze())
    }
}

impl Beginnings {
    fn look(&mut self, record: &Record) {
        let offset = self.looked_until;
        if self.known.last().is_none_or(|(_, last)| offset >= last + STRIDE) {
            self.known.push((record.position, offset));
        }
        self.looked_until = offset + record.length() as u64;
    }

    fn skip_to(&mut self, record: &Record, base: u64) {
        self.looked_until = record.position - base;
        self.known.push((record.position, self.looked_until));
    }
}

impl Window {
    fn holds(&self, offset: u64, wanted: usize) -> bool {
        offset >= self.offset && offset + wanted as u64 <= self.offset + self.bytes.len() as u64
    }

    fn from(&self, offset: u64) -> &[u8] {
        &self.bytes[(offset - self.offset) as usize..]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::event::Event;
    use crate::log::record::write_event;

    fn event(position: u64, data: usize) -> Event {
        Event {
            position,
            revision: 0,
            category_revision: None,
            stream: Arc::from("s"),
            id: Uuid::from_u128(1),
            kind: Arc::from("Tested.v1"),
            created: 0,
            json: false,
            metadata: Bytes::new(),
            data: Bytes::from(vec![7; data]),
        }
    }

    /// A file of at least so many bytes, full of equal events.
    fn segment(folder: &Path, bytes: usize, data: usize) -> Segment {
        let path = folder.join("log");
        let header = Header { store: Uuid::from_u128(1), base: 0, scavenged_until: None, chain: [0; 32] };
        let mut written = BytesMut::from(&header.write()[..]);
        while written.len() < bytes {
            let position = written.len() as u64;
            write_event(&mut written, &event(position, data), position, true, &[0; 32]);
        }
        std::fs::write(&path, &written).unwrap();
        Segment::open(&path).unwrap()
    }

    #[test]
    fn who_goes_from_record_to_record_reads_every_byte_once() {
        let folder = tempfile::tempdir().unwrap();
        let segment = segment(folder.path(), 64 << 10, 300);
        let (mut window, mut offset, mut filled) = (Window::default(), HEADER, BTreeSet::new());
        while let Some(record) = segment.record(&mut window, offset, 16 << 10).unwrap() {
            filled.insert(window.offset);
            offset += record.length() as u64;
        }
        assert_eq!((offset, filled.len()), (segment.length(), 4));
        (window, filled) = (Window::default(), BTreeSet::new());
        while let Some(start) = segment.before(&mut window, offset).unwrap() {
            segment.record(&mut window, start, WINDOW).unwrap();
            filled.insert(window.offset);
            offset = start;
        }
        assert_eq!((offset, filled.len()), (HEADER, 1));
    }

    #[test]
    fn a_window_may_begin_inside_the_length_at_a_records_end() {
        let folder = tempfile::tempdir().unwrap();
        // Each record has 399 bytes: a window that ends with one begins a byte before the end of another.
        let segment = segment(folder.path(), WINDOW * 2, 399 - OVERHEAD - "s".len() - "Tested.v1".len());
        assert_eq!(WINDOW % 399, 1);
        let (mut window, mut offset, mut records) = (Window::default(), segment.length(), 0);
        while let Some(start) = segment.before(&mut window, offset).unwrap() {
            (offset, records) = (start, records + 1);
        }
        assert_eq!((offset, records), (HEADER, (segment.length() - HEADER) / 399));
    }
}
