//! The rules of SPEC.md §2, once more and as plainly as can be, against the real ones.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use uuid::Uuid;

use crate::append::{Append, Written, apply};
use crate::database;
use crate::error::Refusal;
use crate::event::{Expected, Proposed};
use crate::ledger::Ledger;

/// Ids per stream in order, and each with its position.
#[derive(Default)]
struct Model {
    streams: HashMap<u8, Vec<(Uuid, u64)>>,
    last_position: u64,
}

impl Model {
    fn append(&mut self, stream: u8, expected: Expected, ids: &[Uuid]) -> Result<Written, Option<u64>> {
        let last_position = self.last_position;
        let events = self.streams.entry(stream).or_default();
        let current = events.len().checked_sub(1).map(|last| last as u64);
        let holds = match expected {
            Expected::Any => true,
            Expected::Exists => current.is_some(),
            Expected::NoStream => current.is_none(),
            Expected::Revision(revision) => current == Some(revision),
        };
        if ids.is_empty() {
            return if holds { Ok(Written { revision: current, position: None }) } else { Err(current) };
        }
        let known_at = |id: &Uuid| events.iter().rposition(|(known, _)| known == id);
        let repeats_from = match expected {
            Expected::Any | Expected::Exists if ids.iter().any(|id| known_at(id).is_some()) => {
                Some(known_at(&ids[0]).ok_or(current)?)
            }
            _ if holds => None,
            Expected::NoStream => Some(0),
            Expected::Revision(revision) if Some(revision) < current => Some(revision as usize + 1),
            _ => return Err(current),
        };
        if let Some(first) = repeats_from {
            let there = events.iter().skip(first).map(|(id, _)| id).take(ids.len());
            if !there.eq(ids) {
                return Err(current);
            }
            let last = first + ids.len() - 1;
            return Ok(Written { revision: Some(last as u64), position: Some(events[last].1) });
        }
        events.extend(ids.iter().zip(last_position + 1..).map(|(id, position)| (*id, position)));
        self.last_position += ids.len() as u64;
        Ok(Written { revision: Some(events.len() as u64 - 1), position: Some(self.last_position) })
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

proptest! {
    #[test]
    fn rules_2_1_to_2_9_hold_for_every_sequence(requests in requests()) {
        let mut ledger = Ledger::new(database::in_memory().unwrap()).unwrap();
        let mut model = Model::default();
        ledger.begin().unwrap();
        for (stream, expected, ids) in requests {
            let (outcome, _) = apply(&mut ledger, append(stream, expected, &ids)).unwrap();
            let outcome = outcome.map_err(|refusal| match refusal {
                Refusal::WrongExpected { current } => current,
                other => panic!("unexpected {other:?}"),
            });
            prop_assert_eq!(outcome, model.append(stream, expected, &ids));
        }
    }
}
