//! Remembers what was acknowledged, so that a start can tell a torn tail from damage.
//!
//! Two slots are written in turn after each sync and are not synced themselves: the mark outlives the
//! process, and after a power cut it may be old, but it never says more than the log holds.

use std::fs;
use std::io;
use std::path::Path;

use crate::disk::{Disk, DiskFile};

const FILE: &str = "acknowledged";
/// A slot to a sector, so that a torn write spares the other.
const SLOT: usize = 512;

/// The file of the mark, open for writing.
#[derive(Debug)]
pub(crate) struct Mark {
    file: Box<dyn DiskFile>,
    turn: u64,
}

/// The position behind the last append known to have been acknowledged; 0 if none is known.
pub(crate) fn read(folder: &Path) -> io::Result<u64> {
    let bytes = match fs::read(folder.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        bytes => bytes?,
    };
    Ok(bytes.chunks(SLOT).filter_map(parse).max().unwrap_or(0))
}

fn parse(slot: &[u8]) -> Option<u64> {
    let end: [u8; 8] = slot.get(..8)?.try_into().ok()?;
    let crc: [u8; 4] = slot.get(8..12)?.try_into().ok()?;
    (crc32fast::hash(&end) == u32::from_le_bytes(crc)).then(|| u64::from_le_bytes(end))
}

impl Mark {
    pub(crate) fn open(disk: &dyn Disk, folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let file = if path.exists() { disk.open(&path)? } else { disk.create(&path)? };
        Ok(Self { file, turn: 0 })
    }

    /// To be called when everything before `end` is synced and about to be acknowledged.
    pub(crate) fn set(&mut self, end: u64) -> io::Result<()> {
        let mut slot = [0; 12];
        slot[..8].copy_from_slice(&end.to_le_bytes());
        slot[8..].copy_from_slice(&crc32fast::hash(&end.to_le_bytes()).to_le_bytes());
        self.turn += 1;
        self.file.write_at(&slot, self.turn % 2 * SLOT as u64)
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }
}
