//! What a store was asked for and what it answered; compared with what it has.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::{all_events, append, proposed, stream_events};
use crate::append::Written;
use crate::error::Refusal;
use crate::event::{Event, Expected, category_of};
use crate::log::{Segment, Window};
use crate::store::EventStore;

/// An append.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) stream: String,
    pub(super) expected: Expected,
    pub(super) ids: Vec<Uuid>,
}

/// What became of it, as far as its writer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Acknowledged(Written),
    Refused,
    /// No answer, or one that says nothing about what is on the disk.
    Unknown,
}

/// All appends of a test.
#[derive(Debug, Default)]
pub(super) struct History {
    fates: HashMap<Uuid, (Sent, Fate)>,
    /// The first ids, in the order in which they were sent.
    order: Vec<Uuid>,
    /// Repeats that got another answer than the first time.
    wrong_repeats: Vec<String>,
}

impl History {
    pub(super) async fn send(&mut self, store: &EventStore, sent: Sent) {
        let outcome = append(store, &sent.stream, sent.expected, &sent.ids).await;
        self.answered(sent, outcome);
    }

    pub(super) fn answered(&mut self, sent: Sent, outcome: Result<Written, Refusal>) {
        let first = sent.ids[0];
        let before = self.fates.get(&first).map(|(_, fate)| *fate);
        let fate = match (outcome, before) {
            (Ok(written), Some(Fate::Acknowledged(before))) if written != before => {
                return self.wrong_repeats.push(format!("{sent:?} was {before:?}, again {written:?}"));
            }
            (Ok(written), _) => Fate::Acknowledged(written),
            (Err(Refusal::Full), None | Some(Fate::Refused)) => Fate::Refused,
            (Err(Refusal::WrongExpected { .. } | Refusal::Deleted { .. }), None) => Fate::Refused,
            (Err(refusal @ Refusal::WrongExpected { .. }), Some(Fate::Acknowledged(before))) => {
                return self.wrong_repeats.push(format!("{sent:?} was {before:?}, again {refusal:?}"));
            }
            (Err(Refusal::Stopped(_)), Some(Fate::Refused)) => Fate::Unknown,
            (Err(_), Some(before)) => before,
            (Err(_), None) => Fate::Unknown,
        };
        if self.fates.insert(first, (sent, fate)).is_none() {
            self.order.push(first);
        }
    }

    /// The n-th append that was sent.
    pub(super) fn sent(&self, number: usize) -> Option<Sent> {
        self.order.get(number).map(|first| self.fates[first].0.clone())
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn acknowledged(&self) -> usize {
        self.fates.values().filter(|(_, fate)| matches!(fate, Fate::Acknowledged(_))).count()
    }

    /// Appends without an answer, to be sent again as they were.
    pub(super) fn unanswered(&self) -> Vec<Sent> {
        let unknown = self.order.iter().map(|first| &self.fates[first]).filter(|(_, fate)| *fate == Fate::Unknown);
        unknown.map(|(sent, _)| sent.clone()).collect()
    }

    /// Says what is wrong. What is found has been seen: from now on it must stay.
    pub(super) async fn check(&mut self, store: &EventStore) -> Result<(), String> {
        let events = all_events(store).await.map_err(|error| format!("$all cannot be read: {error}"))?;
        if let Some(wrong) = self.wrong_repeats.first() {
            return Err(wrong.clone());
        }
        self.check_order(store, &events).await?;
        let mut places = HashMap::new();
        for (place, event) in events.iter().enumerate() {
            if places.insert(event.id, place).is_some() {
                return Err(format!("{} is there twice", event.id));
            }
            if event.data != proposed(event.id).data {
                return Err(format!("{} has other bytes", event.id));
            }
        }
        let mut known = 0;
        for (sent, fate) in self.fates.values_mut() {
            known += check_fate(sent, fate, &events, &places)?;
        }
        if known == events.len() { Ok(()) } else { Err("there are events that nobody sent".into()) }
    }

    async fn check_order(&self, store: &EventStore, events: &[Event]) -> Result<(), String> {
        if !events.windows(2).all(|pair| pair[0].position < pair[1].position) {
            return Err("positions do not rise".into());
        }
        if store.head() != events.last().map_or(0, |event| event.position) {
            return Err(format!("the head is {}", store.head()));
        }
        let mut streams: HashMap<Arc<str>, Vec<&Event>> = HashMap::new();
        let mut categories: HashMap<&str, u64> = HashMap::new();
        for event in events {
            let next = categories.entry(category_of(&event.stream).unwrap_or_default()).or_default();
            if event.category_revision.is_some_and(|revision| revision != *next) {
                return Err(format!("a gap in the category of {event:?}"));
            }
            *next += 1;
            streams.entry(event.stream.clone()).or_default().push(event);
        }
        for (name, events) in streams {
            if !events.iter().enumerate().all(|(number, event)| event.revision == number as u64) {
                return Err(format!("a gap in {name}"));
            }
            let found = stream_events(store, &name).await.map_err(|error| format!("{name} cannot be read: {error}"))?;
            if !found.iter().eq(events) {
                return Err(format!("{name} has {} events by the index, another number by the log", found.len()));
            }
        }
        Ok(())
    }
}

/// How many of its events are there.
fn check_fate(sent: &Sent, fate: &mut Fate, events: &[Event], places: &HashMap<Uuid, usize>) -> Result<usize, String> {
    let found: Vec<usize> = sent.ids.iter().filter_map(|id| places.get(id).copied()).collect();
    let whole = found.len() == sent.ids.len() && found.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    if found.is_empty() {
        return match fate {
            Fate::Acknowledged(_) => Err(format!("acknowledged and lost: {sent:?} {fate:?}")),
            Fate::Refused | Fate::Unknown => Ok(0),
        };
    }
    let last = &events[found[found.len() - 1]];
    let there = Written { revision: Some(last.revision), position: Some(last.position) };
    if !whole || found.iter().any(|place| *events[*place].stream != *sent.stream) {
        return Err(format!("in part or elsewhere: {sent:?}"));
    }
    match fate {
        Fate::Refused => return Err(format!("refused and there: {sent:?}")),
        Fate::Acknowledged(written) if *written != there => {
            return Err(format!("{sent:?} was {written:?}, is {there:?}"));
        }
        Fate::Acknowledged(_) | Fate::Unknown => *fate = Fate::Acknowledged(there),
    }
    Ok(found.len())
}

/// Every record of the files from the first to the last, its CRC and its chain; returns how many.
pub(super) fn check_chain(log: &Path, end: u64) -> Result<usize, String> {
    let mut paths: Vec<_> = std::fs::read_dir(log).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths.sort();
    let (mut records, mut chain, mut position) = (0, [0; 32], 0);
    for path in &paths {
        let segment = Segment::open(path).map_err(|error| error.to_string())?;
        if segment.header.chain != chain || segment.header.base != position {
            return Err(format!("{} does not follow at {position}", path.display()));
        }
        let (mut window, mut offset) = (Window::default(), segment.first());
        while segment.header.base + offset <= end
            && let Some(record) = segment.record(&mut window, offset, 1 << 20).map_err(|error| error.to_string())?
        {
            if record.chain_after(&chain) != record.chain {
                return Err(format!("the chain breaks at {}", record.position));
            }
            (records, chain) = (records + 1, record.chain);
            offset += record.bytes().len() as u64;
        }
        position = segment.header.base + offset;
    }
    Ok(records)
}
