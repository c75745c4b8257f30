//! The last facts that were delivered, for sockets that come back. Bounded by number and by bytes; it always knows
//! from which position on it is complete. Pure.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use events::Position;
use events::public::Audience;

/// A delivered fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) position: Position,
    pub(crate) audience: Audience,
    /// The frame, ready to send.
    pub(crate) frame: Utf8Bytes,
}

/// What an entry costs besides its frame, bytes.
const OVERHEAD: usize = 96;

/// The newest facts, oldest first.
#[derive(Debug)]
pub(crate) struct Ring {
    entries: VecDeque<Entry>,
    /// Everything after this position is here.
    floor: Position,
    bytes: usize,
    most: usize,
    most_bytes: usize,
}

impl Ring {
    /// An empty one that is complete from a position on.
    pub(crate) fn after(floor: Position, most: usize, most_bytes: usize) -> Self {
        Self { entries: VecDeque::new(), floor, bytes: 0, most, most_bytes }
    }

    pub(crate) fn floor(&self) -> Position {
        self.floor
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds the newest fact and lets the oldest go.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.bytes += OVERHEAD + entry.frame.len();
        self.entries.push_back(entry);
        while self.entries.len() > self.most || self.bytes > self.most_bytes {
            let Some(oldest) = self.entries.pop_front() else { return };
            self.bytes -= OVERHEAD + oldest.frame.len();
            self.floor = oldest.position;
        }
    }

    /// Adds older facts, so that it is complete from `floor` on. They must reach exactly up to the present floor.
    /// False, and nothing changes, when there is no room.
    pub(crate) fn extend_back(&mut self, floor: Position, older: Vec<Entry>) -> bool {
        let bytes: usize = older.iter().map(|entry| OVERHEAD + entry.frame.len()).sum();
        if self.entries.len() + older.len() > self.most || self.bytes + bytes > self.most_bytes {
            return false;
        }
        self.bytes += bytes;
        self.floor = floor;
        for entry in older.into_iter().rev() {
            self.entries.push_front(entry);
        }
        true
    }

    /// Everything after a position, or `None` when some of it is gone.
    pub(crate) fn since(&self, cursor: Position) -> Option<impl ExactSizeIterator<Item = &Entry>> {
        if cursor < self.floor {
            return None;
        }
        let first = self.entries.partition_point(|entry| entry.position <= cursor);
        Some(self.entries.range(first..))
    }

    /// Forgets everything; complete from a position on.
    pub(crate) fn restart(&mut self, floor: Position) {
        self.entries.clear();
        self.bytes = 0;
        self.floor = floor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(position: u64) -> Entry {
        Entry { position: Position(position), audience: Audience::Everyone, frame: "x".repeat(4).into() }
    }

    fn since(ring: &Ring, cursor: u64) -> Option<Vec<u64>> {
        ring.since(Position(cursor)).map(|entries| entries.map(|entry| entry.position.0).collect())
    }

    #[test]
    fn it_knows_what_it_has_and_what_is_gone() {
        let mut ring = Ring::after(Position(10), 3, 10_000);
        assert_eq!(since(&ring, 10), Some(vec![]));
        assert_eq!(since(&ring, 9), None);
        [12, 15, 17, 20].map(entry).into_iter().for_each(|entry| ring.push(entry));
        assert_eq!(since(&ring, 12), Some(vec![15, 17, 20]));
        assert_eq!(since(&ring, 16), Some(vec![17, 20]));
        assert_eq!(since(&ring, 11), None);
        assert_eq!(since(&ring, 99), Some(vec![]));
    }

    #[test]
    fn bytes_bound_it_too() {
        let mut ring = Ring::after(Position(0), 1_000, 250);
        [1, 2, 3].map(entry).into_iter().for_each(|entry| ring.push(entry));
        assert_eq!((ring.floor(), ring.len()), (Position(1), 2));
    }

    #[test]
    fn it_grows_backwards_when_there_is_room() {
        let mut ring = Ring::after(Position(10), 3, 10_000);
        ring.push(entry(12));
        assert!(!ring.extend_back(Position(1), vec![entry(2), entry(3), entry(4)]));
        assert!(ring.extend_back(Position(5), vec![entry(7), entry(9)]));
        assert_eq!(since(&ring, 5), Some(vec![7, 9, 12]));
        assert_eq!(since(&ring, 4), None);
    }

    #[test]
    fn restarting_forgets() {
        let mut ring = Ring::after(Position(0), 3, 10_000);
        ring.push(entry(1));
        ring.restart(Position(8));
        assert_eq!((since(&ring, 8), since(&ring, 7), ring.len()), (Some(vec![]), None, 0));
    }
}
