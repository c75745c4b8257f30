//! The rules of SPEC.md §2, once more and as plainly as can be, against the real ones.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use uuid::Uuid;

use crate::append::{Append, Command, Written};
use crate::disk::SystemDisk;
use crate::error::Refusal;
use crate::event::{Expected, Proposed};
use crate::index::{self, Index};
use crate::ledger::{Ledger, RecentIds};
use crate::log::{self, Place};
use crate::lookup::Lookup;

/// Ids per stream in order, and each with its position, which the model is told and checks when it is repeated.
#[derive(Default)]
struct Model {
    streams: HashMap<u8, Vec<(Uuid, u64)>>,
    last_position: u64,
}

/// What the model expects.
enum Expectation {
    Added { revision: u64 },
    Answer(Written),
    Refusal(Option<u64>),
}

impl Model {
    fn expects(&self, stream: u8, expected: Expected, ids: &[Uuid]) -> Expectation {
        let none = Vec::new();
        let events = self.streams.get(&stream).unwrap_or(&none);
        let current = events.len().checked_sub(1).map(|last| last as u64);
        let holds = match expected {
            Expected::Any => true,
            Expected::Exists => current.is_some(),
            Expected::NoStream => current.is_none(),
            Expected::Revision(revision) => current == Some(revision),
        };
        if ids.is_empty() {
            let nothing = Expectation::Answer(Written { revision: current, position: None });
            return if holds { nothing } else { Expectation::Refusal(current) };
        }
        let known_at = |id: &Uuid| events.iter().rposition(|(known, _)| known == id);
        let repeats_from = match expected {
            Expected::Any | Expected::Exists if ids.iter().any(|id| known_at(id).is_some()) => known_at(&ids[0]),
            _ if holds => return Expectation::Added { revision: (events.len() + ids.len()) as u64 - 1 },
            Expected::NoStream => Some(0),
            Expected::Revision(revision) if Some(revision) < current => Some(revision as usize + 1),
            _ => None,
        };
        let Some(first) = repeats_from else {
            return Expectation::Refusal(current);
        };
        if !events.iter().skip(first).map(|(id, _)| id).take(ids.len()).eq(ids) {
            return Expectation::Refusal(current);
        }
        let last = first + ids.len() - 1;
        Expectation::Answer(Written { revision: Some(last as u64), position: Some(events[last].1) })
    }

    fn agrees(&mut self, stream: u8, expected: Expected, ids: &[Uuid], got: Result<Written, Option<u64>>) -> bool {
        match (self.expects(stream, expected, ids), got) {
            (Expectation::Added { revision }, Ok(Written { revision: Some(last), position: Some(position) })) => {
                let later = position > self.last_position;
                self.last_position = position;
                // Only the last one's position is told, so only whole repeats can be checked.
                let added = ids.iter().map(|id| (*id, position));
                self.streams.entry(stream).or_default().extend(added);
                later && last == revision
            }
            (Expectation::Answer(expected), Ok(written)) => {
                expected.revision == written.revision && self.same_place(stream, expected, written)
            }
            (Expectation::Refusal(expected), Err(current)) => expected == current,
            _ => false,
        }
    }

    /// Positions inside an append lie before that of its last event.
    fn same_place(&self, stream: u8, expected: Written, written: Written) -> bool {
        let (Some(expected), Some(revision)) = (expected.position, expected.revision) else {
            return expected.position == written.position;
        };
        let events = &self.streams[&stream];
        let is_last = events.get(revision as usize + 1).is_none_or(|(_, next)| *next != expected);
        written.position.is_some_and(|position| if is_last { position == expected } else { position < expected })
    }
}

fn append(stream: u8, expected: Expected, ids: &[Uuid]) -> Append {
    let events = ids.iter().map(|id| Proposed {
        id: *id,
        kind: Arc::from("Tested"),
        json: false,
        metadata: Bytes::new(),
        data: Bytes::new(),
    });
    Append { stream: Arc::from(format!("s-{stream}")), expected, events: events.collect(), deadline: None }
}

fn expected() -> impl Strategy<Value = Expected> {
    prop_oneof![
        Just(Expected::Any),
        Just(Expected::Exists),
        Just(Expected::NoStream),
        (0_u64..8).prop_map(Expected::Revision),
    ]
}

/// Few streams and few ids, so that repeats, mixtures and conflicts are common.
fn requests() -> impl Strategy<Value = Vec<(u8, Expected, Vec<Uuid>)>> {
    let ids = prop::collection::vec((1_u128..10).prop_map(Uuid::from_u128), 0..4);
    prop::collection::vec((0_u8..2, expected(), ids), 1..40)
}

/// A store without its threads, on the disk.
fn ledger(folder: &Path) -> (Ledger, Arc<Index>) {
    let place = Place { disk: Arc::new(SystemDisk), folder: folder.into(), segment_bytes: 4_096, spare_bytes: 0 };
    let tail = log::open(place).unwrap();
    let (segments, store) = (tail.segments().clone(), tail.store());
    let index = Arc::new(index::open(&folder.join("index"), &segments, store).unwrap());
    let ids = RecentIds::read(&segments).unwrap();
    (Ledger::new(tail, Lookup { segments, index: index.clone() }, ids), index)
}

proptest! {
    #[test]
    fn rules_2_1_to_2_9_hold_for_every_sequence(requests in requests(), per_group in 1_usize..5) {
        let folder = tempfile::tempdir().unwrap();
        let (mut ledger, index) = ledger(folder.path());
        let mut model = Model::default();
        for group in requests.chunks(per_group) {
            if ledger.begin(1 << 10).unwrap().is_some() {
                index.close(ledger.tail().base());
            }
            for (stream, expected, ids) in group {
                let outcome = Command::Append(append(*stream, *expected, ids)).apply(&mut ledger).unwrap();
                let outcome = outcome.map_err(|refusal| match refusal {
                    Refusal::WrongExpected { current } => current,
                    other => panic!("unexpected {other:?}"),
                });
                prop_assert!(model.agrees(*stream, *expected, ids, outcome));
            }
            index.add(&ledger.commit().unwrap());
        }
    }
}
