//! Power cuts and kills in the middle of a scavenge, one after the other, until one gets through.

use std::sync::Arc;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::random::Random;
use super::simulated::SimulatedDisk;
use super::{all_events, append, folder, from_environment, options, stream_events};
use crate::append::{Append, Removal};
use crate::event::{Event, Expected, Proposed};
use crate::folder::log;
use crate::log::{Seen, Snapshot};
use crate::store::EventStore;

/// Folders; more with `CONFAB_FAULT_RUNS`.
const RUNS: u64 = 60;
/// Scavenges of one folder that may be cut off.
const LIVES: u64 = 6;
/// A few appends fill a file.
const SEGMENT_BYTES: u64 = 3_000;

/// What is in the store before anything is taken, and what must stay.
struct Contents {
    all: Vec<Event>,
    stays: Vec<Event>,
    seen: Seen,
}

async fn fill(store: &EventStore, random: &mut Random) {
    for _ in 0..20 + random.below(20) {
        for stream in ["kept-1", "few-1", "ended-1"] {
            let ids: Vec<Uuid> = (0..1 + random.below(3)).map(|_| random.id()).collect();
            append(store, stream, Expected::Any, &ids).await.unwrap();
        }
    }
    let keeps_two = Proposed {
        id: random.id(),
        kind: Arc::from("$metadata"),
        json: true,
        metadata: Bytes::new(),
        data: Bytes::from_static(br#"{"$maxCount": 2}"#),
    };
    let metadata =
        Append { stream: "$$few-1".into(), expected: Expected::Any, events: vec![keeps_two], deadline: None };
    store.write(metadata).await.unwrap();
    let end = Removal { stream: "ended-1".into(), expected: Expected::Any, for_ever: true };
    store.remove(end).await.unwrap();
}

impl Contents {
    async fn of(store: &EventStore, snapshot: &Snapshot) -> Self {
        let all = all_events(store).await.unwrap();
        let few = stream_events(store, &"few-1".into()).await.unwrap();
        assert_eq!(few.len(), 2);
        let stays = |event: &&Event| match &*event.stream {
            "few-1" => few.contains(event),
            "ended-1" => &*event.kind == "$streamDeleted",
            _ => true,
        };
        let stays = all.iter().filter(stays).cloned().collect();
        Self { all, stays, seen: snapshot.walk().unwrap() }
    }

    /// Whatever was taken, nothing else is missing, changed or moved.
    async fn check(&self, store: &EventStore, snapshot: &Snapshot) -> Vec<Event> {
        let left = all_events(store).await.unwrap();
        assert!(left.iter().all(|event| self.all.contains(event)), "an event was changed");
        assert!(self.stays.iter().all(|event| left.contains(event)), "an event is missing");
        let seen = snapshot.walk().unwrap();
        assert_eq!((seen.chain, seen.newest), (self.seen.chain, self.seen.newest));
        assert_eq!(seen.events, left.len() as u64);
        assert_eq!(seen.events + seen.scavenged, self.all.len() as u64);
        for name in ["kept-1", "few-1"] {
            let expected: Vec<Event> = self.stays.iter().filter(|event| &*event.stream == name).cloned().collect();
            assert_eq!(stream_events(store, &name.into()).await.unwrap(), expected);
        }
        left
    }
}

async fn run(seed: u64) {
    let (folder, mut random) = (folder(), Random::new(seed));
    let disk = SimulatedDisk::new(seed, None);
    let open = || EventStore::open_on(disk.share(), options(folder.path(), SEGMENT_BYTES)).unwrap();
    let snapshot = || Snapshot::take(&log(folder.path()), false).unwrap();
    let mut store = open();
    fill(&store, &mut random).await;
    let contents = Contents::of(&store, &snapshot()).await;
    for _ in 0..LIVES {
        disk.die_after(random.below(60));
        let done = store.scavenge(CancellationToken::new()).await;
        drop(store);
        assert!(done.is_ok() || disk.has_failed(), "{done:?}");
        if disk.has_failed() && random.one_in(2) {
            disk.restart();
        } else {
            disk.power_cut();
        }
        store = open();
        contents.check(&store, &snapshot()).await;
    }
    store.scavenge(CancellationToken::new()).await.unwrap();
    assert_eq!(contents.check(&store, &snapshot()).await, contents.stays, "something was not taken");
}

#[test]
fn rule_7_7_a_scavenge_that_is_cut_off_anywhere_harms_nothing() {
    let first = from_environment("CONFAB_FAULT_SEED").unwrap_or(0);
    for seed in first..first + from_environment("CONFAB_FAULT_RUNS").unwrap_or(RUNS) {
        println!("CONFAB_FAULT_SEED={seed}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(seed));
    }
}
