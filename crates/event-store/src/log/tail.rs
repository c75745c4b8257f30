//! The end of the log, where one writer adds groups: written at once, synced once, then shown.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use uuid::Uuid;

use crate::crash::{Point, pass};
use crate::disk::{Disk, DiskFile, is_full};
use crate::error::LogError;
use crate::event::Event;
use crate::log::mark::Mark;
use crate::log::record::{Chain, write_event};
use crate::log::segment::{HEADER, Header, Segment};
use crate::log::segments::Segments;

/// Bytes by which a file grows ahead of what is written.
const EXTENT: u64 = 4 << 20;

/// The file whose time is that of the last scavenge.
const SCAVENGED: &str = "scavenged";

/// Where the log lies and how large its parts become.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    /// A file that has grown to this many bytes gets a successor.
    pub(crate) segment_bytes: u64,
    /// Bytes of the disk that are left alone.
    pub(crate) spare_bytes: u64,
}

/// Why a group may not be begun.
#[derive(Debug)]
pub(crate) enum NoRoom {
    /// The disk is full; later it may not be.
    Full,
    Failed(LogError),
}

/// The last file, open for writing.
#[derive(Debug)]
pub(crate) struct Tail {
    place: Place,
    segments: Arc<Segments>,
    segment: Arc<Segment>,
    file: Box<dyn DiskFile>,
    mark: Mark,
    /// Bytes of the file that hold synced groups, its header included.
    synced: u64,
    /// Bytes of the file that may be written without growing it.
    allocated: u64,
    group: BytesMut,
    chain: Chain,
}

impl Place {
    pub(crate) fn file(&self, base: u64) -> PathBuf {
        self.folder.join(format!("{base:016x}.log"))
    }

    /// Since the last scavenge, or since the log was begun; also over restarts.
    pub(crate) fn since_scavenge(&self) -> Duration {
        let path = self.folder.join(SCAVENGED);
        if !path.exists() {
            self.scavenged_now();
        }
        let touched = fs::metadata(path).and_then(|file| file.modified());
        touched.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default()
    }

    /// The time is that of an empty file. Without it the next scavenge comes at another time, no more.
    pub(crate) fn scavenged_now(&self) {
        if let Err(error) = fs::write(self.folder.join(SCAVENGED), []) {
            tracing::warn!(%error, "the time of this scavenge cannot be kept");
        }
    }

    pub(crate) fn failed(&self, source: io::Error) -> LogError {
        LogError::Io { path: self.folder.clone(), source }
    }

    /// Makes an empty file.
    pub(crate) fn begin(&self, header: &Header) -> io::Result<PathBuf> {
        self.replace(header, &[])
    }

    /// Makes a file of whole records, in the place of another if there is one. It has its name only
    /// when it is synced.
    pub(crate) fn replace(&self, header: &Header, records: &[u8]) -> io::Result<PathBuf> {
        let path = self.file(header.base);
        let new = path.with_extension("new");
        if new.exists() {
            self.disk.remove(&new)?;
        }
        let made = self.disk.create(&new).and_then(|file| {
            file.write_at(&header.write(), 0)?;
            file.write_at(records, HEADER)?;
            file.sync()
        });
        if let Err(error) = made {
            let _ = self.disk.remove(&new);
            return Err(error);
        }
        self.disk.rename(&new, &path)?;
        self.disk.sync_folder(&self.folder)?;
        Ok(path)
    }
}

impl Tail {
    /// Goes on after the last synced group of the last segment.
    pub(crate) fn new(
        place: Place,
        segments: Arc<Segments>,
        segment: Arc<Segment>,
        mark: Mark,
        chain: Chain,
    ) -> io::Result<Self> {
        let file = place.disk.open(segment.path())?;
        let synced = segment.length();
        Ok(Self { place, segments, segment, file, mark, synced, allocated: synced, group: BytesMut::new(), chain })
    }

    pub(crate) fn segments(&self) -> &Arc<Segments> {
        &self.segments
    }

    pub(crate) fn store(&self) -> Uuid {
        self.segment.header.store
    }

    /// The position of the next event to be added.
    pub(crate) fn next_position(&self) -> u64 {
        self.segment.header.base + self.synced + self.group.len() as u64
    }

    /// Makes sure, before a group is begun, that so many bytes can be written; returns the segment
    /// that was closed for it, if one was.
    pub(crate) fn reserve(&mut self, bytes: u64) -> Result<Option<Arc<Segment>>, NoRoom> {
        let closed = if self.synced >= self.place.segment_bytes { self.close()? } else { None };
        let needed = (self.synced + bytes).saturating_sub(self.allocated);
        if needed > 0 {
            let grown = needed.max(EXTENT.min(self.place.segment_bytes));
            self.grow(grown).or_else(|_| self.grow(needed)).map_err(|error| self.no_room(error))?;
        }
        Ok(closed)
    }

    fn grow(&mut self, bytes: u64) -> io::Result<()> {
        if self.place.disk.free_bytes(&self.place.folder)? < bytes + self.place.spare_bytes {
            return Err(io::ErrorKind::StorageFull.into());
        }
        match self.file.allocate(self.allocated, bytes) {
            // Then writing grows the file.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            done => done?,
        }
        self.allocated += bytes;
        Ok(())
    }

    fn no_room(&self, error: io::Error) -> NoRoom {
        if is_full(&error) { NoRoom::Full } else { NoRoom::Failed(self.place.failed(error)) }
    }

    /// Closes the last file and begins the next, between two groups. An empty one stays the last.
    pub(crate) fn close(&mut self) -> Result<Option<Arc<Segment>>, NoRoom> {
        if self.synced > HEADER { self.roll().map(Some) } else { Ok(None) }
    }

    fn roll(&mut self) -> Result<Arc<Segment>, NoRoom> {
        let header =
            Header { base: self.next_position(), scavenged_until: None, chain: self.chain, store: self.store() };
        let path = self.place.begin(&header).map_err(|error| self.no_room(error))?;
        pass(Point::SegmentMade);
        let opened = self.close_file().and_then(|()| self.place.disk.open(&path));
        self.file = opened.map_err(|error| NoRoom::Failed(self.place.failed(error)))?;
        let segment = Arc::new(Segment::open(&path).map_err(NoRoom::Failed)?);
        self.segments.add(segment.clone());
        (self.synced, self.allocated) = (HEADER, HEADER);
        Ok(std::mem::replace(&mut self.segment, segment))
    }

    fn close_file(&self) -> io::Result<()> {
        self.file.set_len(self.synced)?;
        self.file.sync()
    }

    /// Adds an event, whose position is the next one, to the group.
    pub(crate) fn add(&mut self, event: &Event, last: bool) {
        let group = self.segment.header.base + self.synced;
        self.chain = write_event(&mut self.group, event, group, last, &self.chain);
    }

    /// Returns when the group is on the disk and remembered as acknowledged. After an error nothing
    /// may be added any more.
    pub(crate) fn commit(&mut self) -> io::Result<()> {
        if self.group.is_empty() {
            return Ok(());
        }
        pass(Point::BeforeWrite);
        self.file.write_at(&self.group, self.synced)?;
        pass(Point::Written);
        self.file.sync()?;
        pass(Point::Synced);
        self.synced += self.group.len() as u64;
        self.group.clear();
        self.mark.set(self.next_position())?;
        self.segment.show_until(self.synced);
        Ok(())
    }

    /// A clean end: the mark is durable and the file has no room left over.
    pub(crate) fn finish(&self) -> io::Result<()> {
        self.close_file()?;
        self.mark.sync()
    }

    /// The position at which the last file begins.
    pub(crate) fn base(&self) -> u64 {
        self.segment.header.base
    }
}
