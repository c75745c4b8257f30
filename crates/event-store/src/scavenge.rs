//! Takes out of the log what retention and deletes have released, file by file, while the store is
//! used. Positions and revisions stay; a gap in the place of what is gone carries the chain on.
//!
//! Of every stream and of every category the newest event stays, whatever its age, since it says
//! where they go on; of metadata only that one stays. A tombstoned stream keeps its tombstone alone.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_util::sync::CancellationToken;

use crate::crash::{Point, pass};
use crate::error::{LogError, ReadError};
use crate::event::category_of;
use crate::index::Builder;
use crate::log::{Body, Chain, Header, Place, Record, Segment, Window, write_gap};
use crate::lookup::{Head, Lookup};

/// Bytes read at once.
const AHEAD: usize = 1 << 20;
/// Streams whose limits are remembered; when there are more, all are forgotten and read again.
const REMEMBERED_STREAMS: usize = 100_000;

/// What a scavenge took out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scavenged {
    /// Files that became shorter.
    pub files: u64,
    /// Events that are gone.
    pub events: u64,
    /// Bytes that the disk has got back.
    pub bytes: u64,
}

/// Why a scavenge ended early. What it did until then is done, and nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum ScavengeError {
    /// An event is damaged: its file stays as it is.
    #[error("the store cannot be scavenged: {0}")]
    Read(#[from] ReadError),
    /// A file cannot be replaced.
    #[error("the store cannot be scavenged: {0}")]
    Log(#[from] LogError),
    /// It was told to end.
    #[error("the scavenge was interrupted")]
    Interrupted,
    /// The store does not write any more, or the disk is full.
    #[error("the store cannot be scavenged: {0}")]
    Refused(String),
}

/// One run over all files before a position.
pub(crate) struct Scavenge<'a> {
    pub(crate) place: &'a Place,
    pub(crate) lookup: &'a Lookup,
    pub(crate) builder: &'a Builder,
    pub(crate) interrupt: &'a CancellationToken,
}

impl Scavenge<'_> {
    pub(crate) fn run(&self, before: u64) -> Result<Scavenged, ScavengeError> {
        let (mut total, mut judge) = (Scavenged::default(), Judge::new(self.lookup));
        for segment in self.lookup.segments.all().iter().filter(|segment| segment.header.base < before) {
            let gone = self.find(segment, &mut judge)?;
            if gone.is_empty() {
                continue;
            }
            let replaced = self.replace(segment, &gone)?;
            pass(Point::Scavenged);
            total.files += 1;
            total.events += gone.len() as u64;
            total.bytes += segment.length().saturating_sub(replaced.length());
            self.builder.forget(gone);
        }
        Ok(total)
    }

    /// The positions of what may go, in order.
    fn find(&self, segment: &Segment, judge: &mut Judge<'_>) -> Result<Vec<u64>, ScavengeError> {
        let mut gone = Vec::new();
        self.each(segment, |record| {
            if judge.releases(record)? {
                gone.push(record.position);
            }
            Ok(())
        })?;
        Ok(gone)
    }

    fn each(
        &self,
        segment: &Segment,
        mut look: impl FnMut(&Record) -> Result<(), ReadError>,
    ) -> Result<(), ScavengeError> {
        let (mut offset, mut window) = (segment.first(), Window::default());
        while let Some(record) = segment.record(&mut window, offset, AHEAD)? {
            if self.interrupt.is_cancelled() {
                return Err(ScavengeError::Interrupted);
            }
            look(&record)?;
            offset += record.length() as u64;
        }
        Ok(())
    }

    /// Writes the file again without these events and puts it in the place of the old one.
    fn replace(&self, segment: &Segment, gone: &[u64]) -> Result<Arc<Segment>, ScavengeError> {
        let header = Header { scavenged_until: Some(segment.end()), ..segment.header };
        let mut rewrite = Rewrite { bytes: BytesMut::new(), gap: None, chain: header.chain };
        self.each(segment, |record| {
            let broken = record.chain_after(&rewrite.chain) != record.chain;
            rewrite.add(record, gone.binary_search(&record.position).is_ok());
            if broken { Err(ReadError::Damaged { position: record.position }) } else { Ok(()) }
        })?;
        let path = self.place.replace(&header, &rewrite.finish()).map_err(|source| self.place.failed(source))?;
        let segment = Arc::new(Segment::open(&path)?);
        self.lookup.segments.replace(segment.clone());
        Ok(segment)
    }
}

/// A file in the making.
struct Rewrite {
    bytes: BytesMut,
    gap: Option<Gap>,
    chain: Chain,
}

/// Neighbours that go.
struct Gap {
    position: u64,
    until: u64,
    events: u64,
}

impl Rewrite {
    fn add(&mut self, record: &Record, goes: bool) {
        let events = match record.body {
            Body::Gap { events, .. } => events,
            Body::Event { .. } if goes => 1,
            Body::Event { .. } => {
                self.close_gap();
                self.bytes.extend_from_slice(record.bytes());
                self.chain = record.chain;
                return;
            }
        };
        let gap = self.gap.get_or_insert(Gap { position: record.position, until: 0, events: 0 });
        gap.until = record.end();
        gap.events += events;
        self.chain = record.chain;
    }

    fn close_gap(&mut self) {
        if let Some(gap) = self.gap.take() {
            write_gap(&mut self.bytes, gap.position, gap.until, gap.events, &self.chain);
        }
    }

    fn finish(mut self) -> BytesMut {
        self.close_gap();
        self.bytes
    }
}

/// Says which events nobody can see any more.
struct Judge<'a> {
    lookup: &'a Lookup,
    streams: HashMap<Arc<str>, Limits>,
    categories: HashMap<Arc<str>, u64>,
}

/// What of a stream stays.
#[derive(Clone, Copy)]
struct Limits {
    head: Head,
    first_revision: u64,
    created_from: i64,
}

impl<'a> Judge<'a> {
    fn new(lookup: &'a Lookup) -> Self {
        Self { lookup, streams: HashMap::new(), categories: HashMap::new() }
    }

    fn releases(&mut self, record: &Record) -> Result<bool, ReadError> {
        let (Some(revision), stream) = (record.revision(), record.stream()) else {
            return Ok(false);
        };
        let Some(limits) = self.limits(stream)? else {
            return Ok(false);
        };
        let released =
            limits.head.tombstoned() || revision < limits.first_revision || record.created() < limits.created_from;
        Ok(released && record.position != limits.head.position && !self.leads_category(stream, record.position)?)
    }

    fn limits(&mut self, stream: &str) -> Result<Option<Limits>, ReadError> {
        if let Some(limits) = self.streams.get(stream) {
            return Ok(Some(*limits));
        }
        let Some(head) = self.lookup.head(stream)? else {
            return Ok(None);
        };
        let visible = self.lookup.retention(stream)?.visible(head.revision);
        let metadata = stream.starts_with("$$");
        let first_revision = if metadata { head.revision } else { visible.first_revision };
        let limits = Limits { head, first_revision, created_from: visible.created_from };
        if self.streams.len() >= REMEMBERED_STREAMS {
            self.streams.clear();
        }
        self.streams.insert(stream.into(), limits);
        Ok(Some(limits))
    }

    fn leads_category(&mut self, stream: &str, position: u64) -> Result<bool, ReadError> {
        let Some(category) = category_of(stream) else {
            return Ok(false);
        };
        if let Some(newest) = self.categories.get(category) {
            return Ok(*newest == position);
        }
        let newest = self.lookup.category_newest(category)?.map_or(0, |event| event.position);
        self.categories.insert(category.into(), newest);
        Ok(newest == position)
    }
}
