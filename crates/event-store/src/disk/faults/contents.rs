//! The bytes of a file twice: as programs see them, and as they are on the disk.

use super::random::Random;

const SECTOR: usize = 512;

#[derive(Debug, Default)]
pub(super) struct Contents {
    durable: Vec<u8>,
    pub(super) seen: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Debug)]
pub(super) enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

impl Contents {
    pub(super) fn change(&mut self, change: Change) {
        change.apply(&mut self.seen);
        self.unsynced.push(change);
    }

    pub(super) fn sync(&mut self) {
        self.unsynced.drain(..).for_each(|change| change.apply(&mut self.durable));
    }

    /// What was not synced reaches the disk in part and is not tried again.
    pub(super) fn sync_in_vain(&mut self, random: &mut Random) {
        for change in self.unsynced.drain(..) {
            change.apply_torn(&mut self.durable, random);
        }
    }

    pub(super) fn lose(&mut self, random: &mut Random) {
        self.sync_in_vain(random);
        self.seen = self.durable.clone();
    }
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => put(to, *offset, bytes),
            Self::Length(length) => to.resize(*length, 0),
        }
    }

    fn apply_torn(&self, to: &mut Vec<u8>, random: &mut Random) {
        let Self::Write { offset, bytes } = self else {
            return if random.one_in(2) {
                self.apply(to)
            };
        };
        // Most tears go through all of a write or none of it; some through every sector.
        let (kept, mut at) = (random.below(3), *offset);
        while at < offset + bytes.len() {
            let end = (at / SECTOR * SECTOR + SECTOR).min(offset + bytes.len());
            let piece = &bytes[at - offset..end - offset];
            match (kept, random.below(5)) {
                (0, _) | (_, 0) => {}
                (_, 1) => put(to, at, &piece[..random.below(piece.len() as u64) as usize]),
                _ => put(to, at, piece),
            }
            at = end;
        }
    }
}

fn put(to: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    to.resize(to.len().max(offset + bytes.len()), 0);
    to[offset..offset + bytes.len()].copy_from_slice(bytes);
}
