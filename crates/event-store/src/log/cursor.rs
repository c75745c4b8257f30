//! Walks over the log, both ways, from file to file.

use std::sync::Arc;

use crate::error::ReadError;
use crate::log::record::Record;
use crate::log::segment::{HEADER, Segment, Window};
use crate::log::segments::Segments;

/// Bytes read at once.
const AHEAD: usize = 256 << 10;

/// A place between two records.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    segments: &'a Segments,
    segment: Option<Arc<Segment>>,
    offset: u64,
    window: Window,
}

impl<'a> Cursor<'a> {
    /// Before the first record at a position or after it.
    pub(crate) fn at(segments: &'a Segments, position: u64) -> Result<Self, ReadError> {
        let segment = segments.holding(position);
        let offset = segment.as_ref().map_or(Ok(HEADER), |segment| segment.locate(position))?;
        Ok(Self { segments, segment, offset, window: Window::default() })
    }

    /// The record behind the cursor, which moves over it; `None` at the end of what is committed.
    pub(crate) fn forwards(&mut self) -> Result<Option<Record>, ReadError> {
        while let Some(segment) = &self.segment {
            if let Some(record) = segment.record(&mut self.window, self.offset, AHEAD)? {
                self.offset += record.length() as u64;
                return Ok(Some(record));
            }
            let Some(next) = self.segments.after(segment.header.base) else {
                return Ok(None);
            };
            // It may have grown before it got a successor; from then on it does not.
            if segment.length() > self.offset {
                continue;
            }
            (self.segment, self.offset) = (Some(next), HEADER);
        }
        Ok(None)
    }

    /// The record before the cursor, which moves over it; `None` at the beginning.
    pub(crate) fn backwards(&mut self) -> Result<Option<Record>, ReadError> {
        while let Some(segment) = &self.segment {
            if let Some(start) = segment.before(&mut self.window, self.offset)? {
                let record = segment.record(&mut self.window, start, AHEAD)?;
                // A wrong length at the end of a record may lead to the start of another before it.
                if record.as_ref().is_some_and(|record| start + record.length() as u64 != self.offset) {
                    return Err(ReadError::Damaged { position: segment.header.base + start });
                }
                self.offset = start;
                return Ok(record);
            }
            let Some(previous) = self.segments.before(segment.header.base) else {
                return Ok(None);
            };
            self.offset = previous.length();
            self.segment = Some(previous);
        }
        Ok(None)
    }
}
