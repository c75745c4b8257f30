//! How an event lies in a file. All numbers are little-endian.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 4 | length of the whole record |
//! | 4 | 4 | CRC-32 (IEEE) of everything after it |
//! | 8 | 32 | chain: SHA-256 of the previous record's chain and of this record from offset 40 to its length |
//! | 40 | 8 | position |
//! | 48 | 4 | bytes between the start of its group (what was synced at once) and it |
//! | 52 | 2 | flags: 1 last event of its append, 2 JSON, 4 gap |
//! | 54 | 2 | bytes of the stream's name |
//! | 56 | 8 | revision; in a gap: the position after it |
//! | 64 | 8 | revision in its category, all ones without one; in a gap: how many events were here |
//! | 72 | 8 | when it was written, in ticks of 100 ns since 1970 |
//! | 80 | 16 | event id |
//! | 96 | 2 | bytes of the event's type |
//! | 98 | 4 | bytes of metadata |
//! | 102 | 4 | bytes of data |
//! | 106 | | stream, type, metadata, data |
//! | length − 4 | 4 | length once more, to go backwards |
//!
//! A gap stands for what a scavenge took out. Its chain is that of the last record taken, so that the
//! chain goes on behind it.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::event::Event;

/// The hash that ties an event to all before it.
pub(crate) type Chain = [u8; 32];

/// The revision of the event that ends a stream for ever, as in KurrentDB.
pub(crate) const LAST_REVISION: u64 = i64::MAX as u64;

/// Offset of what the chain covers.
const BODY: usize = 40;
/// Offset of the names and the bytes.
const PARTS: usize = 106;
/// The length at the end.
pub(crate) const TRAILER: usize = 4;
/// Bytes of a record without names and bytes.
pub(crate) const OVERHEAD: usize = PARTS + TRAILER;

const LAST: u16 = 1;
const JSON: u16 = 2;
const GAP: u16 = 4;
const NO_CATEGORY: u64 = u64::MAX;

/// Bytes that are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// One record, checked against its CRC.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    bytes: Bytes,
    pub(crate) position: u64,
    pub(crate) group: u64,
    pub(crate) chain: Chain,
    pub(crate) body: Body,
    /// The append is complete with this one.
    pub(crate) last: bool,
}

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Event { revision: u64, category_revision: Option<u64> },
    Gap { until: u64, events: u64 },
}

/// The length that a record claims, if it can be one.
pub(crate) fn claimed_length(start: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(start.get(..4)?.try_into().ok()?) as usize;
    (length >= OVERHEAD).then_some(length)
}

/// The length of the record that ends where these bytes end.
pub(crate) fn trailing_length(end: &[u8]) -> Option<usize> {
    claimed_length(end.get(end.len().checked_sub(TRAILER)?..)?)
}

impl Record {
    /// The record that the bytes begin with; more may follow.
    pub(crate) fn parse(bytes: &Bytes) -> Result<Self, Malformed> {
        let length = claimed_length(bytes).filter(|length| *length <= bytes.len()).ok_or(Malformed)?;
        let bytes = bytes.slice(..length);
        if crc32fast::hash(&bytes[8..]) != number(&bytes, 4) as u32 {
            return Err(Malformed);
        }
        let position = number64(&bytes, 40);
        let flags = number(&bytes, 52) as u16;
        let (one, other) = (number64(&bytes, 56), number64(&bytes, 64));
        let record = Self {
            position,
            group: position.checked_sub(number(&bytes, 48)).ok_or(Malformed)?,
            chain: bytes[8..BODY].try_into().map_err(|_| Malformed)?,
            body: match flags & GAP {
                0 => Body::Event { revision: one, category_revision: (other != NO_CATEGORY).then_some(other) },
                _ => Body::Gap { until: one, events: other },
            },
            last: flags & LAST != 0,
            bytes,
        };
        let parts: usize = record.lengths().iter().sum();
        if parts + OVERHEAD != length || std::str::from_utf8(record.part(0)).is_err() {
            return Err(Malformed);
        }
        Ok(record)
    }

    pub(crate) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes as they lie in the file.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The position behind it.
    pub(crate) fn end(&self) -> u64 {
        match self.body {
            Body::Event { .. } => self.position + self.length() as u64,
            Body::Gap { until, .. } => until,
        }
    }

    /// The revision of an event; `None` for a gap.
    pub(crate) fn revision(&self) -> Option<u64> {
        match self.body {
            Body::Event { revision, .. } => Some(revision),
            Body::Gap { .. } => None,
        }
    }

    /// The chain as it must be after another record's.
    pub(crate) fn chain_after(&self, previous: &Chain) -> Chain {
        match self.body {
            Body::Event { .. } => chain(previous, &self.bytes[BODY..]),
            Body::Gap { .. } => self.chain,
        }
    }

    pub(crate) fn stream(&self) -> &str {
        std::str::from_utf8(self.part(0)).unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> &str {
        std::str::from_utf8(self.part(1)).unwrap_or_default()
    }

    pub(crate) fn id(&self) -> Uuid {
        Uuid::from_slice(&self.bytes[80..96]).unwrap_or_default()
    }

    pub(crate) fn created(&self) -> i64 {
        number64(&self.bytes, 72).cast_signed()
    }

    /// Shares the bytes of metadata and data with the record.
    pub(crate) fn event(&self) -> Option<Event> {
        let Body::Event { revision, category_revision } = self.body else {
            return None;
        };
        let [stream, kind, metadata, _] = self.lengths();
        let metadata_at = PARTS + stream + kind;
        let end = self.length() - TRAILER;
        Some(Event {
            position: self.position,
            revision,
            category_revision,
            stream: Arc::from(self.stream()),
            id: self.id(),
            kind: Arc::from(self.kind()),
            created: self.created(),
            json: number(&self.bytes, 52) as u16 & JSON != 0,
            metadata: self.bytes.slice(metadata_at..metadata_at + metadata),
            data: self.bytes.slice(metadata_at + metadata..end),
        })
    }

    /// Bytes of stream, type, metadata and data.
    fn lengths(&self) -> [usize; 4] {
        let short = |at: usize| usize::from(u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]));
        [short(54), short(96), number(&self.bytes, 98) as usize, number(&self.bytes, 102) as usize]
    }

    fn part(&self, which: usize) -> &[u8] {
        let lengths = self.lengths();
        let start = PARTS + lengths[..which].iter().sum::<usize>();
        self.bytes.get(start..start + lengths[which]).unwrap_or_default()
    }
}

/// Four bytes.
fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]))
}

fn number64(bytes: &[u8], at: usize) -> u64 {
    number(bytes, at) | number(bytes, at + 4) << 32
}

fn chain(previous: &Chain, body: &[u8]) -> Chain {
    Sha256::new().chain_update(previous).chain_update(body).finalize().into()
}

/// Adds an event to a group that begins at `group`, and returns the chain that includes it.
pub(crate) fn write_event(into: &mut BytesMut, event: &Event, group: u64, last: bool, previous: &Chain) -> Chain {
    let flags = if last { LAST } else { 0 } | if event.json { JSON } else { 0 };
    let start = begin(into, event.position, group, flags, event.stream.len());
    into.extend_from_slice(&event.revision.to_le_bytes());
    into.extend_from_slice(&event.category_revision.unwrap_or(NO_CATEGORY).to_le_bytes());
    into.extend_from_slice(&event.created.to_le_bytes());
    into.extend_from_slice(event.id.as_bytes());
    into.extend_from_slice(&(event.kind.len() as u16).to_le_bytes());
    into.extend_from_slice(&(event.metadata.len() as u32).to_le_bytes());
    into.extend_from_slice(&(event.data.len() as u32).to_le_bytes());
    for part in [event.stream.as_bytes(), event.kind.as_bytes(), &event.metadata, &event.data] {
        into.extend_from_slice(part);
    }
    end(into, start);
    let chain = chain(previous, &into[start + BODY..]);
    seal(into, start, &chain);
    chain
}

/// Adds a gap that stands for `events` events from a position until another.
pub(crate) fn write_gap(into: &mut BytesMut, position: u64, until: u64, events: u64, chain: &Chain) {
    let start = begin(into, position, position, GAP | LAST, 0);
    into.extend_from_slice(&until.to_le_bytes());
    into.extend_from_slice(&events.to_le_bytes());
    into.resize(start + PARTS, 0);
    end(into, start);
    seal(into, start, chain);
}

/// Bytes that an event will need.
pub(crate) fn length_of(stream: &str, kind: &str, metadata: &[u8], data: &[u8]) -> usize {
    OVERHEAD + stream.len() + kind.len() + metadata.len() + data.len()
}

fn begin(into: &mut BytesMut, position: u64, group: u64, flags: u16, stream: usize) -> usize {
    let start = into.len();
    into.resize(start + BODY, 0);
    into.extend_from_slice(&position.to_le_bytes());
    into.extend_from_slice(&((position - group) as u32).to_le_bytes());
    into.extend_from_slice(&flags.to_le_bytes());
    into.extend_from_slice(&(stream as u16).to_le_bytes());
    start
}

fn end(into: &mut BytesMut, start: usize) {
    let length = ((into.len() - start + TRAILER) as u32).to_le_bytes();
    into.extend_from_slice(&length);
    into[start..start + 4].copy_from_slice(&length);
}

fn seal(into: &mut BytesMut, start: usize, chain: &Chain) {
    into[start + 8..start + BODY].copy_from_slice(chain);
    let crc = crc32fast::hash(&into[start + 8..]);
    into[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(position: u64) -> Event {
        Event {
            position,
            revision: 7,
            category_revision: Some(9),
            stream: Arc::from("täst-1"),
            id: Uuid::from_u128(5),
            kind: Arc::from("Tested.v1"),
            created: -3,
            json: true,
            metadata: Bytes::from_static(b"{}"),
            data: Bytes::from_static(b"\x00\x01"),
        }
    }

    fn written(event: &Event) -> (BytesMut, Chain) {
        let mut bytes = BytesMut::new();
        let chain = write_event(&mut bytes, event, 64, true, &[1; 32]);
        (bytes, chain)
    }

    #[test]
    fn what_is_written_is_read() {
        let (mut bytes, chain) = written(&event(164));
        bytes.extend_from_slice(b"what follows");
        let record = Record::parse(&bytes.freeze()).unwrap();
        assert_eq!(record.event().unwrap(), event(164));
        assert_eq!((record.group, record.last, record.chain), (64, true, chain));
        assert_eq!(record.chain_after(&[1; 32]), chain);
        assert_ne!(record.chain_after(&[2; 32]), chain);
        assert_eq!(trailing_length(record.bytes()), Some(record.length()));
    }

    #[test]
    fn a_gap_carries_the_chain_on() {
        let mut bytes = BytesMut::new();
        write_gap(&mut bytes, 100, 900, 3, &[4; 32]);
        let record = Record::parse(&bytes.freeze()).unwrap();
        assert_eq!(record.body, Body::Gap { until: 900, events: 3 });
        assert_eq!((record.end(), record.chain_after(&[1; 32])), (900, [4; 32]));
        assert!(record.event().is_none());
    }

    #[test]
    fn no_flipped_bit_and_no_cut_passes() {
        let (bytes, _) = written(&event(164));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Record::parse(&damaged.freeze()).map(|record| record.position), Err(Malformed), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(Record::parse(&bytes.clone().freeze().slice(..length)).is_err(), "cut at {length}");
        }
    }
}
