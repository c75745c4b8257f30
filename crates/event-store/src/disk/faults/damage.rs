//! Files that rot or are mixed up while nobody has them open: a start refuses in one line, or what is
//! whole is served and the rest is an error. Nothing acknowledged is lost without a word.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::{all_events, append, folder, options, stream_events};
use crate::disk::SystemDisk;
use crate::error::ReadError;
use crate::event::{Event, Expected};
use crate::folder::{index, log};
use crate::log::{self as log_files, Cursor, Place, Segments, Window};
use crate::reader::Direction;
use crate::store::EventStore;

const SEGMENT_BYTES: u64 = 3_000;
const HEADER: usize = 128;

/// A store at rest, and what it held.
struct Store {
    folder: tempfile::TempDir,
    files: BTreeMap<PathBuf, Vec<u8>>,
    events: Vec<Event>,
}

/// What became of a damaged store.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Refused(String),
    /// So many events are errors; all others are there.
    Damaged(usize),
    /// So many events are missing at the end.
    Cut(usize),
    Whole,
}

impl Store {
    /// A hundred events or so in several files; many records of equal length follow each other.
    async fn new() -> Self {
        let folder = folder();
        let store = EventStore::open_on(Arc::new(SystemDisk), options(folder.path(), SEGMENT_BYTES)).unwrap();
        for number in 0..50_u128 {
            let length = if number % 5 == 4 { 3 } else { 16 };
            let ids = [1, 2].map(|half| Uuid::from_u128(length << 120 | number << 8 | half));
            append(&store, "s-1234567", Expected::Any, &ids[..1 + number as usize % 2]).await.unwrap();
        }
        let events = all_events(&store).await.unwrap();
        drop(store);
        let mut kept = Self { folder, files: BTreeMap::new(), events };
        kept.files = kept.read_files();
        kept
    }

    fn log(&self) -> PathBuf {
        log(self.folder.path())
    }

    fn read_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let paths = fs::read_dir(self.log()).unwrap().map(|entry| entry.unwrap().path());
        paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// The files of the log alone, in order.
    fn segments(&self) -> Vec<PathBuf> {
        self.files.keys().filter(|path| path.extension().is_some()).cloned().collect()
    }

    /// Puts everything back as it was.
    fn restore(&self) {
        fs::remove_dir_all(self.log()).unwrap();
        fs::create_dir(self.log()).unwrap();
        self.files.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
    }

    /// With other bytes in one file.
    fn judge_with(&self, path: &Path, bytes: &[u8]) -> Verdict {
        fs::write(path, bytes).unwrap();
        let verdict = self.judge();
        self.restore();
        verdict
    }

    fn judge(&self) -> Verdict {
        let place =
            Place { disk: Arc::new(SystemDisk), folder: self.log(), segment_bytes: SEGMENT_BYTES, spare_bytes: 0 };
        let tail = match log_files::open(place) {
            Ok(tail) => tail,
            Err(error) => return Verdict::Refused(error.to_string()),
        };
        let segments = tail.segments();
        let alone: Vec<_> = self.events.iter().map(|event| read_alone(segments, event)).collect();
        let there = alone.iter().rposition(|found| *found != Some(false)).map_or(0, |last| last + 1);
        assert!(alone[..there].iter().all(|found| *found != Some(false)), "an event is missing without a word");
        let damaged = alone.iter().filter(|found| found.is_none()).count();
        let (forwards, whole) = walk(segments, Direction::Forwards);
        assert!(self.events.starts_with(&forwards), "other events forwards");
        assert_eq!(whole, damaged == 0, "damage is not seen forwards");
        assert!(!whole || forwards.len() == there);
        let (mut backwards, whole) = walk(segments, Direction::Backwards);
        backwards.reverse();
        assert!(self.events[..there].ends_with(&backwards), "other events backwards");
        assert_eq!(whole, damaged == 0, "damage is not seen backwards");
        match (damaged, self.events.len() - there) {
            (0, 0) => Verdict::Whole,
            (0, cut) => Verdict::Cut(cut),
            (damaged, _) => Verdict::Damaged(damaged),
        }
    }
}

/// Whether the event is there as it was; `None` if reading it is an error.
fn read_alone(segments: &Segments, event: &Event) -> Option<bool> {
    match segments.event(event.position, &mut Window::default()) {
        Ok(found) => {
            assert!(found.is_none() || found.as_ref() == Some(event), "other bytes are served: {found:?}");
            Some(found.is_some())
        }
        Err(ReadError::Damaged { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// The events until the end or an error, and whether it was the end.
fn walk(segments: &Segments, direction: Direction) -> (Vec<Event>, bool) {
    let mut events = Vec::new();
    let from = if direction == Direction::Forwards { 0 } else { u64::MAX };
    let Ok(mut cursor) = Cursor::at(segments, from) else {
        return (events, false);
    };
    loop {
        let record = match direction {
            Direction::Forwards => cursor.forwards(),
            Direction::Backwards => cursor.backwards(),
        };
        match record {
            Ok(Some(record)) => events.extend(record.event()),
            Ok(None) => return (events, true),
            Err(ReadError::Damaged { .. }) => return (events, false),
            Err(error) => panic!("{error}"),
        }
    }
}

fn assert_one_line(line: &str) {
    assert!(!line.contains('\n') && line.contains(".log"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_6_a_flipped_bit_anywhere_is_refused_or_harms_one_event() {
    let store = Store::new().await;
    let (mut refused, mut damaged) = (0, 0);
    for path in store.segments() {
        for byte in 0..store.files[&path].len() {
            let mut bytes = store.files[&path].clone();
            // Every bit in turn; in lengths of 256 the one that leads three records back is among them.
            bytes[byte] ^= 1 << (byte % 8);
            match store.judge_with(&path, &bytes) {
                Verdict::Refused(line) => {
                    assert_one_line(&line);
                    refused += 1;
                }
                Verdict::Damaged(1) if byte >= HEADER => damaged += 1,
                verdict => panic!("byte {byte} of {}: {verdict:?}", path.display()),
            }
        }
    }
    assert!(refused > 1_000 && damaged > 10_000, "{refused} refused, {damaged} damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bit_of_a_length_at_the_end_of_a_record_counts() {
    let store = Store::new().await;
    let path = &store.segments()[0];
    for event in store.events.iter().skip(4).take(8) {
        for bit in 0..32 {
            let mut bytes = store.files[path].clone();
            bytes[event.position as usize - 4 + bit / 8] ^= 1 << (bit % 8);
            assert_eq!(store.judge_with(path, &bytes), Verdict::Damaged(1), "bit {bit} before {}", event.position);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_6_a_file_cut_at_any_byte_is_refused_or_loses_only_what_was_never_acknowledged() {
    let store = Store::new().await;
    let mark = store.log().join("acknowledged");
    let segments = store.segments();
    for path in [&segments[0], &segments[segments.len() - 1]] {
        let bytes = &store.files[path];
        for length in bytes.len() - 300..bytes.len() {
            let Verdict::Refused(line) = store.judge_with(path, &bytes[..length]) else {
                panic!("{length} bytes of {}", path.display());
            };
            assert_one_line(&line);
        }
    }
    // Without the mark the last group cannot be told from one that was never acknowledged, no more.
    let last = &segments[segments.len() - 1];
    let bytes = &store.files[last];
    let newest = store.events[store.events.len() - 1].created;
    let group = store.events.iter().filter(|event| event.created == newest).count();
    for length in bytes.len() - 100..bytes.len() {
        fs::remove_file(&mark).unwrap();
        match store.judge_with(last, &bytes[..length]) {
            Verdict::Cut(cut) => assert!(cut <= group, "{cut} events are cut"),
            verdict => panic!("{length} bytes without a mark: {verdict:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_6_blocks_and_files_out_of_place_are_refused_or_errors() {
    let store = Store::new().await;
    let segments = store.segments();
    assert!(segments.len() > 3, "{segments:?}");
    for path in &segments {
        let bytes = &store.files[path];
        for from in (0..bytes.len() - 512).step_by(512) {
            let (mut zeroed, mut doubled) = (bytes.clone(), bytes.clone());
            zeroed[from..from + 512].fill(0);
            doubled.copy_within(from..from + 512, (from + 1_024) % (bytes.len() - 512));
            for spoilt in [zeroed, doubled] {
                let verdict = store.judge_with(path, &spoilt);
                assert!(matches!(verdict, Verdict::Refused(_) | Verdict::Damaged(1..8)), "{from}: {verdict:?}");
            }
        }
        fs::remove_file(path).unwrap();
        assert!(matches!(store.judge(), Verdict::Refused(_)), "{} is missing", path.display());
        store.restore();
        let other = &segments[(segments.iter().position(|other| other == path).unwrap() + 1) % segments.len()];
        fs::write(path, &store.files[other]).unwrap();
        assert!(matches!(store.judge_with(other, bytes), Verdict::Refused(_)), "{} is another", path.display());
        fs::write(store.log().join("00000000000f0000.log"), bytes).unwrap();
        assert!(matches!(store.judge(), Verdict::Refused(_)), "{} is there twice", path.display());
        store.restore();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_refuses_takes_nothing_away() {
    let store = Store::new().await;
    let segments = store.segments();
    // The newest file of a history that went another way: what it follows is not what is there.
    let mut diverged = store.files[&segments[2]].clone();
    let base = store.events[3].position;
    diverged[16..24].copy_from_slice(&base.to_le_bytes());
    let crc = crc32fast::hash(&diverged[..124]);
    diverged[124..HEADER].copy_from_slice(&crc.to_le_bytes());
    segments[1..].iter().for_each(|path| fs::remove_file(path).unwrap());
    fs::write(store.log().join(format!("{base:016x}.log")), diverged).unwrap();
    assert!(matches!(store.judge(), Verdict::Refused(_)));
    assert!(fs::read(&segments[0]).unwrap() == store.files[&segments[0]], "the file before it was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_later_format_is_refused_by_its_number() {
    let store = Store::new().await;
    let path = &store.segments()[0];
    let mut bytes = store.files[path].clone();
    bytes[8] += 1;
    let crc = crc32fast::hash(&bytes[..124]);
    bytes[124..HEADER].copy_from_slice(&crc.to_le_bytes());
    let Verdict::Refused(line) = store.judge_with(path, &bytes) else {
        panic!("a later format is read");
    };
    assert!(line.contains("format 3"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoilt_index_is_made_again() {
    let store = Store::new().await;
    let folder = index(store.folder.path());
    let runs: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(runs.len() > 2, "{runs:?}");
    let whole = fs::read(&runs[0]).unwrap();
    for byte in (0..whole.len()).step_by(41) {
        let mut bytes = whole.clone();
        bytes[byte] ^= 1;
        match byte % 4 {
            0 => fs::write(&runs[0], &bytes[..byte]).unwrap(),
            1 => fs::write(folder.join("another"), &whole).unwrap(),
            2 => drop(fs::remove_file(&runs[byte % runs.len()])),
            _ => fs::write(&runs[0], &bytes).unwrap(),
        }
        let opened = EventStore::open_on(Arc::new(SystemDisk), options(store.folder.path(), SEGMENT_BYTES)).unwrap();
        assert!(all_events(&opened).await.unwrap() == store.events, "byte {byte}");
        match stream_events(&opened, &Arc::from("s-1234567")).await {
            Ok(events) => assert!(events == store.events, "byte {byte}"),
            // A block is checked when it is read.
            Err(error) => assert!(matches!(error, ReadError::DamagedIndex { .. }), "{error}"),
        }
        drop(opened);
        fs::remove_dir_all(&folder).unwrap();
        let made_again =
            EventStore::open_on(Arc::new(SystemDisk), options(store.folder.path(), SEGMENT_BYTES)).unwrap();
        assert!(stream_events(&made_again, &Arc::from("s-1234567")).await.unwrap() == store.events, "byte {byte}");
    }
}
