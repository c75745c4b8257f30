//! The last facts that were delivered, for sockets that come back. Bounded by number and by bytes; it always knows
//! from which position on it is complete, and forgets the words of messages that are deleted. Pure.

use std::collections::{HashSet, VecDeque};

use events::{MessageId, Position};

use crate::entry::{About, Entry};

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
        if let About::Deletion(message) = entry.about {
            for entry in self.entries.iter_mut().filter(|entry| entry.about == About::Words(message)) {
                self.bytes -= entry.frame.len();
                entry.hush();
                self.bytes += entry.frame.len();
            }
        }
        self.bytes += entry.cost();
        self.entries.push_back(entry);
        while self.entries.len() > self.most || self.bytes > self.most_bytes {
            let Some(oldest) = self.entries.pop_front() else { return };
            self.bytes -= oldest.cost();
            self.floor = oldest.position;
        }
    }

    /// Adds older facts, so that it is complete from `floor` on. They must reach exactly up to the present floor.
    /// False, and nothing changes, when there is no room.
    pub(crate) fn extend_back(&mut self, floor: Position, mut older: Vec<Entry>) -> bool {
        let gone = self.deleted();
        let repeats = |entry: &&mut Entry| matches!(entry.about, About::Words(message) if gone.contains(&message));
        older.iter_mut().filter(repeats).for_each(Entry::hush);
        let bytes: usize = older.iter().map(Entry::cost).sum();
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

    fn deleted(&self) -> HashSet<MessageId> {
        let deletion = |entry: &Entry| match entry.about {
            About::Deletion(message) => Some(message),
            About::Words(_) | About::Else => None,
        };
        self.entries.iter().filter_map(deletion).collect()
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
    use crate::entry::samples::{edited, said, unsaid};
    use events::public::Audience;
    use events::{ConversationId, UserId};
    use uuid::Uuid;

    fn entry(position: u64) -> Entry {
        let (position, audience, about) = (Position(position), Audience::Everyone, About::Else);
        Entry { position, audience, about, frame: "x".repeat(4).into() }
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
    fn a_list_of_people_counts_among_the_bytes() {
        let (conversation, user) = (ConversationId::new(Uuid::nil()), UserId::new(Uuid::nil()));
        let many = Audience::Members { conversation, users: vec![user; 1_000] };
        let mut ring = Ring::after(Position(0), 1_000, 16_200);
        ring.push(Entry { audience: many, ..entry(1) });
        ring.push(entry(2));
        assert_eq!((ring.floor(), ring.len()), (Position(0), 2));
        ring.push(entry(3));
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

    const ID: MessageId = MessageId::new(Uuid::from_u128(7));
    const OTHER: MessageId = MessageId::new(Uuid::from_u128(8));

    fn words(ring: &Ring) -> Vec<bool> {
        ring.since(ring.floor()).unwrap().map(|entry| entry.frame.contains("secret")).collect()
    }

    #[test]
    fn what_a_deleted_message_said_is_not_repeated() {
        let mut ring = Ring::after(Position(0), 100, 10_000);
        let facts = [said(1, ID, "secret"), said(2, OTHER, "secret"), edited(3, ID, "more secret")];
        facts.into_iter().for_each(|entry| ring.push(entry));
        assert_eq!(words(&ring), [true, true, true]);
        ring.push(unsaid(4, ID));
        assert_eq!(words(&ring), [false, true, false, false]);
        let counted: usize = ring.entries.iter().map(Entry::cost).sum();
        assert_eq!(ring.bytes, counted);
    }

    #[test]
    fn nor_when_it_is_brought_back_from_the_store() {
        let mut ring = Ring::after(Position(10), 100, 10_000);
        ring.push(unsaid(12, ID));
        assert!(ring.extend_back(Position(5), vec![said(7, ID, "secret"), said(8, OTHER, "secret")]));
        assert_eq!(words(&ring), [false, true, false]);
    }
}
