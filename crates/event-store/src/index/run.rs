//! A sorted run of entries in a file that never changes.
//!
//! Blocks of 256 entries of 20 bytes (key 8, revision 6, position 6, big-endian, so that bytes sort as
//! entries do), each followed by its CRC-32; then the first entry of every block, the filter, and a
//! trailer of 64 bytes with its own CRC. What comes after the blocks is kept in memory.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::error::ReadError;
use crate::index::filter::Filter;
use crate::index::{Entry, Key};
use crate::reader::Direction;

const ENTRY: usize = 20;
const PER_BLOCK: usize = 256;
/// The largest number that an entry has room for.
pub(crate) const LARGEST: u64 = (1 << 48) - 1;
const BLOCK: usize = ENTRY * PER_BLOCK + 4;
const TRAILER: usize = 64;
const MAGIC: &[u8; 8] = b"EVENTIDX";

/// An open run.
#[derive(Debug)]
pub(crate) struct Run {
    path: PathBuf,
    file: File,
    pub(crate) from: u64,
    pub(crate) until: u64,
    /// How often entries were merged to make it.
    pub(crate) level: u64,
    pub(crate) keys: u64,
    firsts: Vec<Entry>,
    filter: Filter,
}

/// What a run is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub(crate) store: Uuid,
    pub(crate) from: u64,
    pub(crate) until: u64,
    pub(crate) level: u64,
    /// Different keys, at most.
    pub(crate) keys: u64,
}

fn pack(entry: &Entry) -> [u8; ENTRY] {
    let mut bytes = [0; ENTRY];
    bytes[..8].copy_from_slice(&entry.key.0.to_be_bytes());
    bytes[8..14].copy_from_slice(&entry.revision.to_be_bytes()[2..]);
    bytes[14..].copy_from_slice(&entry.position.to_be_bytes()[2..]);
    bytes
}

fn unpack(bytes: &[u8]) -> Entry {
    let number = |range: std::ops::Range<usize>| bytes[range].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    Entry { key: Key(number(0..8)), revision: number(8..14), position: number(14..20) }
}

/// Writes a run and opens it. It has its name only when it is whole and synced.
pub(crate) fn write(
    folder: &Path,
    about: About,
    entries: impl Iterator<Item = Result<Entry, ReadError>>,
) -> Result<Run, ReadError> {
    let path = folder.join(format!("{:016x}-{:016x}.index", about.from, about.until));
    let new = path.with_extension("new");
    if let Err(error) = write_file(&new, about, entries) {
        // Half a run would take the room that its other half lacks.
        let _ = fs::remove_file(&new);
        return Err(error);
    }
    fs::rename(&new, &path)?;
    File::open(folder)?.sync_all()?;
    Run::open(&path, about.store)
}

fn write_file(
    path: &Path,
    about: About,
    entries: impl Iterator<Item = Result<Entry, ReadError>>,
) -> Result<(), ReadError> {
    let mut file = BufWriter::with_capacity(256 << 10, File::create(path)?);
    let (mut firsts, mut filter, mut block) = (Vec::new(), Filter::new(about.keys), Vec::with_capacity(BLOCK));
    for entry in entries {
        let entry = entry?;
        if block.is_empty() {
            firsts.extend(pack(&entry));
        }
        block.extend(pack(&entry));
        filter.add(entry.key);
        if block.len() == ENTRY * PER_BLOCK {
            write_block(&mut file, &mut block)?;
        }
    }
    write_block(&mut file, &mut block)?;
    file.write_all(&firsts)?;
    file.write_all(filter.bytes())?;
    file.write_all(&trailer(about, &firsts, filter.bytes()))?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

fn write_block(file: &mut impl Write, block: &mut Vec<u8>) -> io::Result<()> {
    if block.is_empty() {
        return Ok(());
    }
    // Every block has its full length, so that its place follows from its number.
    block.resize(ENTRY * PER_BLOCK, u8::MAX);
    file.write_all(block)?;
    file.write_all(&crc32fast::hash(block).to_le_bytes())?;
    block.clear();
    Ok(())
}

fn trailer(about: About, firsts: &[u8], filter: &[u8]) -> [u8; TRAILER] {
    let (mut bytes, pair) = ([0; TRAILER], about.store.as_u64_pair());
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..16].copy_from_slice(&(pair.0 ^ pair.1).to_le_bytes());
    bytes[16..24].copy_from_slice(&about.from.to_le_bytes());
    bytes[24..32].copy_from_slice(&about.until.to_le_bytes());
    bytes[32..40].copy_from_slice(&about.keys.to_le_bytes());
    bytes[40..44].copy_from_slice(&(about.level as u32).to_le_bytes());
    bytes[44..48].copy_from_slice(&(firsts.len() as u32).to_le_bytes());
    bytes[48..56].copy_from_slice(&(filter.len() as u64).to_le_bytes());
    let mut crc = crc32fast::Hasher::new();
    [firsts, filter, &bytes[..60]].iter().for_each(|part| crc.update(part));
    bytes[60..].copy_from_slice(&crc.finalize().to_le_bytes());
    bytes
}

impl Run {
    /// # Errors
    /// The file is not a whole run of this store; `Damaged` then.
    pub(crate) fn open(path: &Path, store: Uuid) -> Result<Self, ReadError> {
        let damaged = || ReadError::DamagedIndex { path: path.to_path_buf() };
        let file = File::open(path)?;
        let length = file.metadata()?.len() as usize;
        let mut end = [0; TRAILER];
        file.read_exact_at(&mut end, length.checked_sub(TRAILER).ok_or_else(damaged)? as u64)?;
        let number = |at: usize| end[at..at + 8].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let (level, firsts) = (number(40) & 0xffff_ffff, (number(44) & 0xffff_ffff) as usize);
        let kept = firsts.checked_add(number(48) as usize).filter(|kept| kept + TRAILER <= length);
        let kept = kept.ok_or_else(damaged)?;
        let mut bytes = vec![0; kept];
        file.read_exact_at(&mut bytes, (length - TRAILER - kept) as u64)?;
        let about = About { store, from: number(16), until: number(24), level, keys: number(32) };
        let whole = length == firsts / ENTRY * BLOCK + kept + TRAILER;
        if !whole || end != trailer(about, &bytes[..firsts], &bytes[firsts..]) {
            return Err(damaged());
        }
        let filter = Filter::from_bytes(bytes.split_off(firsts));
        Ok(Self {
            path: path.to_path_buf(),
            file,
            from: about.from,
            until: about.until,
            level,
            keys: about.keys,
            firsts: bytes.chunks(ENTRY).map(unpack).collect(),
            filter,
        })
    }

    pub(crate) fn covers(&self, from: u64, until: u64) -> bool {
        self.from <= from && until <= self.until
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn entries(
        &self,
        key: Key,
        from: u64,
        direction: Direction,
        limit: usize,
        found: &mut Vec<Entry>,
    ) -> Result<(), ReadError> {
        if found.len() >= limit || self.firsts.is_empty() || !self.filter.may_hold(key) {
            return Ok(());
        }
        match direction {
            Direction::Forwards => self.forwards(Entry { key, revision: from, position: 0 }, limit, found),
            Direction::Backwards => self.backwards(Entry { key, revision: from, position: u64::MAX }, limit, found),
        }
    }

    fn forwards(&self, from: Entry, limit: usize, found: &mut Vec<Entry>) -> Result<(), ReadError> {
        for number in self.firsts.partition_point(|first| *first <= from).max(1) - 1..self.firsts.len() {
            let block = self.block(number)?;
            for entry in &block[block.partition_point(|entry| *entry < from)..] {
                if entry.key != from.key || found.len() >= limit {
                    return Ok(());
                }
                found.push(*entry);
            }
        }
        Ok(())
    }

    fn backwards(&self, from: Entry, limit: usize, found: &mut Vec<Entry>) -> Result<(), ReadError> {
        for number in (0..self.firsts.partition_point(|first| *first <= from)).rev() {
            let block = self.block(number)?;
            for entry in block[..block.partition_point(|entry| *entry <= from)].iter().rev() {
                if entry.key != from.key || found.len() >= limit {
                    return Ok(());
                }
                found.push(*entry);
            }
        }
        Ok(())
    }

    /// All entries, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Result<Entry, ReadError>> {
        (0..self.firsts.len()).flat_map(|number| match self.block(number) {
            Ok(block) => block.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    fn block(&self, number: usize) -> Result<Vec<Entry>, ReadError> {
        let mut bytes = [0; BLOCK];
        self.file.read_exact_at(&mut bytes, (number * BLOCK) as u64)?;
        let (entries, crc) = bytes.split_at(ENTRY * PER_BLOCK);
        if crc != crc32fast::hash(entries).to_le_bytes() {
            // Without it, the next start makes it anew from the log.
            let _ = fs::remove_file(&self.path);
            return Err(ReadError::DamagedIndex { path: self.path.clone() });
        }
        // The room behind the last entry is filled with ones, which no entry has.
        let used = entries.chunks(ENTRY).take_while(|entry| entry.iter().any(|byte| *byte != u8::MAX));
        Ok(used.map(unpack).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(streams: u64, each: u64) -> Vec<Entry> {
        let entry = |stream: u64, revision: u64| Entry {
            key: Key::stream(&format!("s-{stream}")),
            revision,
            position: 1 + revision * streams + stream,
        };
        let mut all: Vec<Entry> =
            (0..streams).flat_map(|stream| (0..each).map(move |revision| entry(stream, revision))).collect();
        all.sort();
        all
    }

    fn about() -> About {
        About { store: Uuid::from_u128(1), from: 0, until: 9_999, level: 0, keys: 7 }
    }

    fn run(folder: &Path, entries: &[Entry]) -> Run {
        write(folder, about(), entries.iter().copied().map(Ok)).unwrap()
    }

    #[test]
    fn entries_are_found_both_ways_over_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let entries = entries(7, 300);
        let run = run(folder.path(), &entries);
        assert_eq!(run.all().collect::<Result<Vec<_>, _>>().unwrap(), entries);
        for stream in 0..8 {
            let key = Key::stream(&format!("s-{stream}"));
            for (from, limit) in [(0, 1_000), (0, 1), (17, 200), (299, 5), (300, 5)] {
                let mut found = Vec::new();
                run.entries(key, from, Direction::Forwards, limit, &mut found).unwrap();
                let expected = entries.iter().filter(|entry| entry.key == key && entry.revision >= from);
                assert_eq!(found, expected.take(limit).copied().collect::<Vec<_>>());
                found.clear();
                run.entries(key, from, Direction::Backwards, limit, &mut found).unwrap();
                let expected = entries.iter().rev().filter(|entry| entry.key == key && entry.revision <= from);
                assert_eq!(found, expected.take(limit).copied().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_damaged_or_foreign_run_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path(), &entries(3, 200));
        assert!(matches!(Run::open(run.path(), Uuid::nil()), Err(ReadError::DamagedIndex { .. })));
        let bytes = fs::read(run.path()).unwrap();
        for at in (0..bytes.len()).step_by(97) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            fs::write(run.path(), &damaged).unwrap();
            let read = Run::open(run.path(), about().store).and_then(|run| run.all().collect::<Result<Vec<_>, _>>());
            assert!(matches!(read, Err(ReadError::DamagedIndex { .. })), "byte {at}");
        }
        fs::write(run.path(), &bytes[..bytes.len() - 1]).unwrap();
        assert!(Run::open(run.path(), about().store).is_err());
    }

    #[test]
    fn an_empty_run_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path(), &[]);
        let mut found = Vec::new();
        run.entries(Key::stream("s"), 0, Direction::Forwards, 9, &mut found).unwrap();
        assert!(found.is_empty());
    }
}
