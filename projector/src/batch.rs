//! Batches: what a subscription brings within a few milliseconds, so that one write serves many facts.

use std::fmt;
use std::time::Duration;

use event_log::Delivery;
use events::{Position, Recorded};
use futures::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

/// Most facts in one batch.
const FACTS: usize = 512;
/// How long the first fact of a batch waits for company.
const LINGER: Duration = Duration::from_millis(3);

/// An event that today's code cannot read.
#[derive(Debug)]
pub(crate) struct Poison(String);

impl fmt::Display for Poison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Facts in order, and how far the subscription has got with them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) facts: Vec<Recorded>,
    /// Everything up to here is in this batch or an earlier one.
    pub(crate) up_to: Option<Position>,
    pub(crate) caught_up: bool,
    pub(crate) poison: Option<Poison>,
}

impl Batch {
    /// Collects what comes with and shortly after a first delivery. A batch without facts only moves a checkpoint,
    /// so it may wait until `idle_until`. `None` when the subscription has ended.
    pub(crate) async fn collect(
        first: Delivery,
        feed: &mut (impl Stream<Item = Delivery> + Unpin),
        idle_until: Instant,
    ) -> Option<Self> {
        let mut batch = Self::default();
        batch.take(first);
        let mut linger = None;
        while batch.facts.len() < FACTS && batch.poison.is_none() {
            let until = if batch.facts.is_empty() {
                idle_until
            } else {
                *linger.get_or_insert_with(|| Instant::now() + LINGER)
            };
            match timeout_at(until, feed.next()).await {
                Ok(delivery) => batch.take(delivery?),
                Err(_) => break,
            }
        }
        Some(batch)
    }

    fn take(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Fact(fact) => {
                self.up_to = Some(fact.position);
                self.facts.push(*fact);
            }
            Delivery::Checkpoint(position) => self.up_to = Some(position),
            Delivery::CaughtUp => self.caught_up = true,
            Delivery::FellBehind => {}
            Delivery::Poison { position, stream, reason } => {
                self.poison = Some(Poison(format!("{stream} at {position}: {reason}")));
            }
        }
    }
}
