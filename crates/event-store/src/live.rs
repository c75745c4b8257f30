//! The newest committed events, in memory, for subscribers that keep up. Holds a bounded number of
//! bytes; who is further behind reads the log.

use std::collections::VecDeque;
use std::sync::{Arc, RwLock};

use tokio::sync::watch;

use crate::event::Event;

/// Bytes of events kept for subscribers.
const KEPT_BYTES: usize = 32 << 20;
/// Groups kept for subscribers.
const KEPT_GROUPS: usize = 8_192;

/// The events of one commit, in order; never empty.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) events: Vec<Arc<Event>>,
    weight: usize,
}

impl Group {
    pub(crate) fn last_position(&self) -> u64 {
        self.events.last().map_or(0, |event| event.position)
    }
}

/// What came after a position.
#[derive(Debug)]
pub(crate) enum Since {
    /// Everything after the position, oldest first; empty when nothing came.
    Groups(Vec<Arc<Group>>),
    /// Some of it is only in the log.
    Behind,
}

/// One writer publishes; any number of subscribers look.
#[derive(Debug)]
pub(crate) struct Live {
    kept: RwLock<Kept>,
    head: watch::Sender<u64>,
    indexed: watch::Sender<u64>,
}

#[derive(Debug)]
struct Kept {
    groups: VecDeque<Arc<Group>>,
    weight: usize,
    /// Every event after this position is in `groups`.
    floor: u64,
}

impl Live {
    pub(crate) fn new(head: u64) -> Self {
        Self {
            kept: RwLock::new(Kept { groups: VecDeque::new(), weight: 0, floor: head }),
            head: watch::Sender::new(head),
            indexed: watch::Sender::new(head),
        }
    }

    /// The newest committed position.
    pub(crate) fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// Everything up to this position can be found by its stream.
    pub(crate) fn indexed(&self, position: u64) {
        self.indexed.send_replace(position);
    }

    /// Returns when all that is committed now can be found by its stream, which is at once or soon.
    pub(crate) async fn until_indexed(&self) {
        let head = self.head();
        // The sender lives in `self`, so this cannot fail.
        let _ = self.indexed.subscribe().wait_for(|indexed| *indexed >= head).await;
    }

    /// Changes whenever there is a new head.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    pub(crate) fn publish(&self, events: Vec<Arc<Event>>) {
        let Some(head) = events.last().map(|event| event.position) else {
            return;
        };
        let weight = events.iter().map(|event| event.weight()).sum();
        {
            let mut kept = self.kept.write().unwrap_or_else(|poison| poison.into_inner());
            kept.weight += weight;
            kept.groups.push_back(Arc::new(Group { events, weight }));
            kept.shrink();
        }
        self.head.send_replace(head);
    }

    pub(crate) fn since(&self, position: u64) -> Since {
        let kept = self.kept.read().unwrap_or_else(|poison| poison.into_inner());
        if position < kept.floor {
            return Since::Behind;
        }
        let first = kept.groups.partition_point(|group| group.last_position() <= position);
        Since::Groups(kept.groups.range(first..).cloned().collect())
    }
}

impl Kept {
    fn shrink(&mut self) {
        while self.weight > KEPT_BYTES || self.groups.len() > KEPT_GROUPS {
            let Some(oldest) = self.groups.pop_front() else {
                return;
            };
            self.weight -= oldest.weight;
            self.floor = oldest.last_position();
        }
    }
}
