//! Power cuts, kills and failed syncs at any moment, one after the other on the same folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::task::Poll;

use super::history::{History, Sent, check_chain};
use super::random::Random;
use super::simulated::{Lie, SimulatedDisk};
use super::{all_events, append, folder, from_environment, options, soon};
use crate::error::OpenError;
use crate::event::Expected;
use crate::folder::{index, log};
use crate::store::EventStore;

/// Folders that are spoilt again and again; more with `CONFAB_FAULT_RUNS`.
const RUNS: u64 = 200;
/// Cuts, kills and failures of one folder.
const LIVES: u64 = 5;

/// One folder and everything that happens to it.
struct Run {
    folder: PathBuf,
    disk: SimulatedDisk,
    random: Random,
    history: History,
    segment_bytes: u64,
}

impl Run {
    fn new(folder: &Path, seed: u64, lie: Option<Lie>) -> Self {
        let mut random = Random::new(seed);
        let segment_bytes = [1, 2_000, 9_000, 60_000][random.below(4) as usize];
        let disk = SimulatedDisk::new(seed, lie);
        Self { folder: folder.into(), disk, random, history: History::default(), segment_bytes }
    }

    /// A line that says what is wrong, if something is.
    async fn run(&mut self) -> Result<(), String> {
        for _ in 0..LIVES {
            match self.random.below(4) {
                0 => self.disk.fail_sync_after(self.random.below(30)),
                1 => self.disk.die_after(self.random.below(12)),
                _ => self.disk.die_after(self.random.below(120)),
            }
            let dies_idle = self.live().await?;
            match self.random.below(3) {
                0 if !dies_idle => self.disk.restart(),
                _ => self.disk.power_cut(),
            }
            self.spoil_index();
        }
        let store = self.open().map_err(|error| format!("does not open at last: {error}"))?;
        self.history.check(&store).await?;
        for sent in self.history.unanswered() {
            self.history.send(&store, sent).await;
        }
        self.history.check(&store).await?;
        let records = check_chain(&log(&self.folder), store.head())?;
        let events = all_events(&store).await.map_err(|error| error.to_string())?.len();
        if records == events { Ok(()) } else { Err(format!("{records} records, {events} events")) }
    }

    fn open(&self) -> Result<EventStore, OpenError> {
        EventStore::open_on(self.disk.share(), options(&self.folder, self.segment_bytes))
    }

    /// Until the disk ends it, or until there is nothing more to do; says whether it was the latter.
    async fn live(&mut self) -> Result<bool, String> {
        let store = match self.open() {
            Ok(store) => store,
            Err(_) if self.disk.has_failed() => return Ok(false),
            Err(error) => return Err(format!("does not open: {error}")),
        };
        self.history.check(&store).await?;
        for sent in self.history.unanswered() {
            self.history.send(&store, sent).await;
        }
        for _ in 0..self.random.below(40) {
            if self.disk.has_failed() {
                break;
            }
            self.write_two_groups(&store).await?;
        }
        drop(store);
        Ok(!self.disk.has_failed())
    }

    /// While the first append is on its way to the disk, the others come and make one group.
    async fn write_two_groups(&mut self, store: &EventStore) -> Result<(), String> {
        let first = Sent { expected: Expected::Any, ids: vec![self.random.id()], stream: "t-0".into() };
        let others: Vec<Sent> = (0..self.random.below(7)).map(|_| self.invent()).collect();
        self.disk.hold();
        let mut outcomes = Vec::new();
        let mut sending = Box::pin(append(store, &first.stream, first.expected, &first.ids));
        while !self.disk.is_awaited() {
            if let Poll::Ready(outcome) = futures::poll!(&mut sending) {
                self.disk.release();
                return Err(format!("an append is not written: {outcome:?}"));
            }
            tokio::task::yield_now().await;
        }
        let mut waiting: Vec<_> =
            others.iter().map(|sent| Box::pin(append(store, &sent.stream, sent.expected, &sent.ids))).collect();
        for other in &mut waiting {
            assert!(futures::poll!(other).is_pending());
        }
        self.disk.release();
        outcomes.push(soon(sending).await);
        for other in waiting {
            outcomes.push(soon(other).await);
        }
        for (sent, outcome) in [first].into_iter().chain(others).zip(outcomes) {
            self.history.answered(sent, outcome);
        }
        Ok(())
    }

    fn invent(&mut self) -> Sent {
        if self.random.one_in(5)
            && let Some(again) = self.history.sent(self.random.below(self.history.len() as u64) as usize)
        {
            return again;
        }
        let random = &mut self.random;
        let expected = match random.below(6) {
            0 => Expected::NoStream,
            1 => Expected::Exists,
            2 => Expected::Revision(random.below(30)),
            _ => Expected::Any,
        };
        let stream = ["s", "s-1", "s-2", "t-0", "t-1"][random.below(5) as usize];
        let new = random.one_in(3).then(|| format!("{stream}-{}", random.id()));
        let ids = (0..1 + random.below(4)).map(|_| random.id()).collect();
        Sent { stream: new.unwrap_or_else(|| stream.into()), expected, ids }
    }

    /// The index may be gone, old, or cut anywhere; it is made from the log.
    fn spoil_index(&mut self) {
        let (index, kept) = (index(&self.folder), self.folder.join("kept"));
        match self.random.below(6) {
            0 => drop(fs::remove_dir_all(&index)),
            1 => copy(&index, &kept),
            2 if kept.exists() => copy(&kept, &index),
            3 => {
                for entry in fs::read_dir(&index).into_iter().flatten() {
                    let file = fs::OpenOptions::new().write(true).open(entry.unwrap().path()).unwrap();
                    file.set_len(self.random.below(file.metadata().unwrap().len() + 1)).unwrap();
                }
            }
            _ => {}
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// How many appends were acknowledged, or what went wrong.
fn run(seed: u64, lie: Option<Lie>) -> Result<usize, String> {
    let folder = folder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut run = Run::new(folder.path(), seed, lie);
    runtime.block_on(run.run())?;
    Ok(run.history.acknowledged())
}

#[test]
fn rule_7_1_acknowledged_appends_survive_power_cuts() {
    let runs = from_environment("CONFAB_FAULT_RUNS").unwrap_or(RUNS);
    let first = from_environment("CONFAB_FAULT_SEED").unwrap_or(0);
    let mut acknowledged = 0;
    for seed in first..first + runs {
        acknowledged += run(seed, None).unwrap_or_else(|wrong| panic!("CONFAB_FAULT_SEED={seed}: {wrong}"));
    }
    assert!(acknowledged as u64 > runs * 20, "only {acknowledged} appends in {runs} runs");
}

#[test]
fn a_disk_that_lies_is_caught() {
    for lie in [Lie::Bytes, Lie::Names] {
        let caught = (0..20).filter(|seed| run(*seed, Some(lie)).is_err()).count();
        assert!(caught > 10, "{lie:?} was caught in {caught} of 20 runs");
    }
}
