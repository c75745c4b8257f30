//! A catch-up subscription: from the log until it has caught up, then from memory, and back
//! when it falls behind. The switch needs no lock, because both sides are asked by position.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::ReadError;
use crate::event::{Event, category_of};
use crate::filter::Filter;
use crate::live::{Group, Live, Since};
use crate::reader::{Direction, PAGE_EVENTS, Readers};
use crate::store::EventStore;

/// Deliveries in one batch at most, or a little more.
const BATCH: usize = 512;
/// Bytes in one batch, or one event more: a client that does not read holds no more than a few.
const BATCH_BYTES: usize = 1 << 20;
/// Two live checkpoints of one subscription are at least so far apart.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(10);

/// What a subscriber is told.
#[derive(Debug)]
pub(crate) enum Delivery {
    Event(Arc<Event>),
    /// Everything that matches up to this position has been delivered.
    Checkpoint(u64),
    CaughtUp,
    FellBehind,
}

/// What is subscribed to.
#[derive(Debug)]
pub(crate) enum Source {
    All {
        filter: Option<Arc<Filter>>,
        /// Events looked at between two checkpoints while catching up.
        interval: u64,
    },
    Stream {
        name: Arc<str>,
        next_revision: u64,
    },
    /// All streams of a category; their events are counted by it.
    Category {
        name: Arc<str>,
        next_revision: u64,
    },
}

/// One subscription's place in the log.
#[derive(Debug)]
pub(crate) struct Subscriber {
    live: Arc<Live>,
    readers: Arc<Readers>,
    head: watch::Receiver<u64>,
    source: Source,
    /// Everything up to here has been looked at.
    position: u64,
    /// The newest position that the subscriber has been told.
    told: u64,
    catching_up: bool,
    looked: u64,
    checkpointed_at: Option<Instant>,
}

impl Subscriber {
    /// Starts after a position.
    pub(crate) fn new(store: &EventStore, source: Source, position: u64) -> Self {
        Self {
            live: store.live().clone(),
            readers: store.readers().clone(),
            head: store.live().watch(),
            source,
            position,
            told: position,
            catching_up: true,
            looked: 0,
            checkpointed_at: None,
        }
    }

    /// Waits for what comes next; never empty.
    pub(crate) async fn next(&mut self) -> Result<Vec<Delivery>, ReadError> {
        loop {
            let batch = match self.live.since(self.position) {
                Since::Groups(groups) => self.follow(&groups)?,
                Since::Behind if self.catching_up => self.catch_up().await?,
                Since::Behind => {
                    self.catching_up = true;
                    vec![Delivery::FellBehind]
                }
            };
            if !batch.is_empty() {
                return Ok(batch);
            }
            if !self.catching_up {
                self.wait().await;
            }
        }
    }

    /// Until there is something new, or an owed checkpoint is due.
    async fn wait(&mut self) {
        let due = self.checkpoint_due();
        tokio::select! {
            // The sender lives in `self.live`, so this cannot fail.
            _ = self.head.changed() => {}
            () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
        }
    }

    fn follow(&mut self, groups: &[Arc<Group>]) -> Result<Vec<Delivery>, ReadError> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        for event in groups.iter().flat_map(|group| &group.events) {
            if event.position <= self.position {
                continue;
            }
            if batch.len() >= BATCH || bytes >= BATCH_BYTES {
                return Ok(batch);
            }
            self.position = event.position;
            if self.wants(event)? {
                bytes += event.weight();
                self.deliver(event.clone(), &mut batch);
            }
        }
        if self.catching_up {
            self.catching_up = false;
            self.checkpoint(&mut batch);
            batch.push(Delivery::CaughtUp);
        } else if self.checkpoint_due().is_some_and(|due| due <= Instant::now()) {
            self.checkpoint(&mut batch);
        }
        Ok(batch)
    }

    fn wants(&self, event: &Event) -> Result<bool, ReadError> {
        match &self.source {
            Source::All { filter: None, .. } => Ok(true),
            Source::All { filter: Some(filter), .. } => filter.matches(&event.stream, &event.kind),
            Source::Stream { name, next_revision } => Ok(event.stream == *name && event.revision >= *next_revision),
            Source::Category { name, next_revision } => {
                let new = event.category_revision.is_some_and(|revision| revision >= *next_revision);
                Ok(new && category_of(&event.stream) == Some(&**name))
            }
        }
    }

    fn deliver(&mut self, event: Arc<Event>, batch: &mut Vec<Delivery>) {
        self.told = event.position;
        match &mut self.source {
            Source::All { .. } => {}
            Source::Stream { next_revision, .. } => *next_revision = event.revision + 1,
            Source::Category { next_revision, .. } => {
                *next_revision = event.category_revision.map_or(*next_revision, |revision| revision + 1);
            }
        }
        batch.push(Delivery::Event(event));
    }

    /// Only filtered subscriptions have silent stretches to report.
    fn checkpoint_due(&self) -> Option<Instant> {
        let filtered = matches!(&self.source, Source::All { filter: Some(_), .. });
        (filtered && self.told < self.position)
            .then(|| self.checkpointed_at.map_or_else(Instant::now, |at| at + CHECKPOINT_EVERY))
    }

    fn checkpoint(&mut self, batch: &mut Vec<Delivery>) {
        if self.checkpoint_due().is_some() {
            self.told = self.position;
            self.looked = 0;
            self.checkpointed_at = Some(Instant::now());
            batch.push(Delivery::Checkpoint(self.position));
        }
    }

    async fn catch_up(&mut self) -> Result<Vec<Delivery>, ReadError> {
        // Taken before the page is read: the page then shows everything up to here.
        let head = self.live.head();
        let mut batch = Vec::new();
        match &self.source {
            Source::All { filter, interval } => {
                let (filter, interval) = (filter.clone(), *interval);
                self.catch_up_all(head, filter, interval, &mut batch).await?;
            }
            Source::Stream { name, next_revision } => {
                let page = self.readers.stream(name.clone(), Direction::Forwards, *next_revision, PAGE_EVENTS).await?;
                let page = page.map(|page| (page.events, page.end));
                self.catch_up_named(head, page, &mut batch);
            }
            Source::Category { name, next_revision } => {
                let page =
                    self.readers.category(name.clone(), Direction::Forwards, *next_revision, PAGE_EVENTS).await?;
                let page = page.map(|page| (page.events.into_iter().map(|(_, event)| event).collect(), page.end));
                self.catch_up_named(head, page, &mut batch);
            }
        }
        Ok(batch)
    }

    async fn catch_up_all(
        &mut self,
        head: u64,
        filter: Option<Arc<Filter>>,
        interval: u64,
        batch: &mut Vec<Delivery>,
    ) -> Result<(), ReadError> {
        let page = self.readers.all(Direction::Forwards, self.position, PAGE_EVENTS, filter).await?;
        for event in page.events {
            self.deliver(Arc::new(event), batch);
        }
        self.position = page.looked_at.unwrap_or(self.position);
        if page.end {
            self.position = self.position.max(head);
        }
        self.looked += page.looked;
        if self.looked >= interval {
            self.checkpoint(batch);
        }
        Ok(())
    }

    /// Takes a page of a stream or category, with whether it is the last. `None`: there is nothing yet.
    fn catch_up_named(&mut self, head: u64, page: Option<(Vec<Event>, bool)>, batch: &mut Vec<Delivery>) {
        let (events, end) = page.unwrap_or((Vec::new(), true));
        for event in events {
            self.position = self.position.max(event.position);
            self.deliver(Arc::new(event), batch);
        }
        if end {
            self.position = self.position.max(head);
        }
    }
}
