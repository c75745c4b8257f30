//! SPEC.md rule 7.4: the first write or sync that fails is the last that is tried.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::io::Errno;
use uuid::Uuid;

use super::{all_events, append, folder, options};
use crate::append::Written;
use crate::disk::{Disk, DiskFile, SystemDisk};
use crate::error::Refusal;
use crate::event::Expected;
use crate::store::EventStore;

/// A disk whose write or sync of one number fails with EIO, half written.
#[derive(Debug)]
struct FailingDisk {
    fails_at: u64,
    passed: Arc<AtomicU64>,
}

struct FailingFile {
    file: Box<dyn DiskFile>,
    fails_at: u64,
    passed: Arc<AtomicU64>,
}

impl fmt::Debug for FailingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

impl FailingDisk {
    fn new(fails_at: u64) -> Arc<Self> {
        Arc::new(Self { fails_at, passed: Arc::default() })
    }

    fn file(&self, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        Box::new(FailingFile { file, fails_at: self.fails_at, passed: self.passed.clone() })
    }

    /// Writes and syncs that were asked for.
    fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }
}

impl FailingFile {
    fn pass(&self) -> io::Result<()> {
        match self.passed.fetch_add(1, Ordering::SeqCst) == self.fails_at {
            true => Err(Errno::IO.into()),
            false => Ok(()),
        }
    }
}

impl Disk for FailingDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.file(SystemDisk.create(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.file(SystemDisk.open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        SystemDisk.sync_folder(folder)
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        SystemDisk.free_bytes(folder)
    }
}

impl DiskFile for FailingFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.pass().or_else(|error| {
            self.file.write_at(&bytes[..bytes.len() / 2], offset)?;
            Err(error)
        })?;
        self.file.write_at(bytes, offset)
    }

    fn allocate(&self, offset: u64, length: u64) -> io::Result<()> {
        self.file.allocate(offset, length)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.pass()?;
        self.file.sync()
    }
}

/// Fills some files of the log until an append is refused; the answers in order.
async fn fill(store: &EventStore) -> Vec<(Uuid, Result<Written, Refusal>)> {
    let mut answers = Vec::new();
    for number in 0..12 {
        let (one, other) = (Uuid::from_u128(number * 2 + 1), Uuid::from_u128(number * 2 + 2));
        let (one_id, other_id) = ([one], [other]);
        let both = tokio::join!(
            append(store, "one", Expected::Any, &one_id),
            append(store, "other", Expected::Any, &other_id)
        );
        answers.extend([(one, both.0), (other, both.1)]);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_4_the_first_failed_write_stops_the_store_and_takes_nothing_back() {
    let (mut stopped_at_open, mut stopped_later) = (0, 0);
    for fails_at in 0.. {
        let folder = folder();
        let disk = FailingDisk::new(fails_at);
        let answers = match EventStore::open_on(disk.clone(), options(folder.path(), 600)) {
            Err(refused) => {
                assert_eq!(disk.passed(), fails_at + 1, "something was tried after {refused}");
                stopped_at_open += 1;
                Vec::new()
            }
            Ok(store) => {
                let answers = fill(&store).await;
                if disk.passed() <= fails_at {
                    break;
                }
                let reason = store.stopped().await;
                assert!(reason.contains("os error 5"), "{reason}");
                assert_eq!(disk.passed(), fails_at + 1, "something was tried again");
                let first = answers.iter().position(|(_, answer)| answer.is_err()).unwrap();
                let later = answers[first..].iter().skip(2);
                assert!(later.clone().all(|(_, answer)| matches!(answer, Err(Refusal::Stopped(_)))), "{answers:?}");
                stopped_later += 1;
                answers
            }
        };
        check(folder.path(), &answers).await;
    }
    assert!(stopped_at_open > 1 && stopped_later > 24, "{stopped_at_open} and {stopped_later}");
}

/// On a sound disk again: what was answered is there, and what was never tried is not.
async fn check(folder: &Path, answers: &[(Uuid, Result<Written, Refusal>)]) {
    let store = EventStore::open_on(Arc::new(SystemDisk), options(folder, 600)).unwrap();
    let events = all_events(&store).await.unwrap();
    let mut refused = 0;
    for (id, answer) in answers {
        let place = events.iter().position(|event| event.id == *id);
        match answer {
            Ok(written) => {
                let event = &events[place.expect("answered and lost")];
                assert_eq!(written, &Written { revision: Some(event.revision), position: Some(event.position) });
            }
            // The group that failed may have been written whole; later ones were not begun.
            Err(_) if refused < 2 => refused += 1,
            Err(_) => assert_eq!(place, None, "{id} was refused"),
        }
    }
    assert!(append(&store, "one", Expected::Any, &[Uuid::new_v4()]).await.is_ok());
}
