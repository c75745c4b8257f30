//! All files of the log in the order of their positions. Readers share them with the writer, which
//! adds one, and with a scavenge, which replaces one.

use std::sync::{Arc, PoisonError, RwLock};

use crate::error::ReadError;
use crate::event::Event;
use crate::log::segment::{Segment, Window};

/// Bytes read for one event: most are smaller.
const ONE_EVENT: usize = 4 << 10;

/// Never empty; the last one is written.
#[derive(Debug)]
pub(crate) struct Segments(RwLock<Vec<Arc<Segment>>>);

impl Segments {
    pub(crate) fn new(segments: Vec<Arc<Segment>>) -> Self {
        Self(RwLock::new(segments))
    }

    /// Those of now, in order.
    pub(crate) fn all(&self) -> Vec<Arc<Segment>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn add(&self, segment: Arc<Segment>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(segment);
    }

    /// Puts a segment in the place of that with the same base. Who reads the old one finishes with it.
    pub(crate) fn replace(&self, segment: Arc<Segment>) {
        let mut segments = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = segments.iter_mut().find(|old| old.header.base == segment.header.base) {
            *place = segment;
        }
    }

    /// The one that holds a position, or the last one that begins before it.
    pub(crate) fn holding(&self, position: u64) -> Option<Arc<Segment>> {
        let segments = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let after = segments.partition_point(|segment| segment.header.base <= position);
        segments.get(after.max(1) - 1).cloned()
    }

    /// The one after that with this base.
    pub(crate) fn after(&self, base: u64) -> Option<Arc<Segment>> {
        let segments = self.0.read().unwrap_or_else(PoisonError::into_inner);
        segments.get(segments.partition_point(|segment| segment.header.base <= base)).cloned()
    }

    /// The one before that with this base.
    pub(crate) fn before(&self, base: u64) -> Option<Arc<Segment>> {
        let segments = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let here = segments.partition_point(|segment| segment.header.base < base);
        here.checked_sub(1).and_then(|before| segments.get(before)).cloned()
    }

    /// The event at a position that the index knows; `None` if a scavenge has taken it.
    pub(crate) fn event(&self, position: u64, window: &mut Window) -> Result<Option<Event>, ReadError> {
        let Some(segment) = self.holding(position) else {
            return Ok(None);
        };
        let offset = match segment.header.scavenged_until {
            None => position - segment.header.base,
            Some(_) => segment.locate(position)?,
        };
        let record = segment.record(window, offset, ONE_EVENT)?;
        Ok(record.filter(|record| record.position == position).and_then(|record| record.event()))
    }
}
