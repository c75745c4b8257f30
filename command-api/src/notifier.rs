//! The notifier: decides of every message whom it notifies, once, and records that. It follows the log from its first
//! fact, so that it knows what everybody wanted at each message's position; sends never wait for it.
//!
//! Each decision is appended to a stream of its own that must not exist: whoever decides again, after a restart or on
//! another node, finds it done. What was decided before the start comes along the log itself, so a start appends only
//! what is missing.

use std::collections::VecDeque;
use std::time::Duration;

use domain::notification::Attention;
use event_log::{Delivery, EventLog, Expected, LogError, NewEvent};
use events::{Category, Fact, MessageEvent, MessageId, Metadata, NotificationEvent, Recorded, StreamName, Timestamp};
use futures::{FutureExt, StreamExt};
use uuid::Uuid;

use crate::sessions::now;
use crate::zones::local_time;

/// Decisions that are appended at a time. Since they may arrive in any order, of the last so many some may be missing.
const AT_ONCE: usize = 64;
/// Decisions that may wait before everything that was there has come; more are tried though they may be done.
const MOST_WAITING: usize = 10_000;
/// What is older than this and undecided was said before there was a notifier: nobody is told of it any more.
const LATE: Duration = Duration::from_secs(24 * 3_600);
const PAUSE: Duration = Duration::from_millis(500);
/// The namespace of the ids of decisions. Never changes: a decision may be tried again years later.
const DECISIONS: Uuid = Uuid::from_u128(0xc41d_70f5_93a8_4b52_8e6d_1fb0_5a37_29e4);

/// Decides for ever. Stops with an alarm at a fact that cannot be read: behind it nobody's wishes are certain.
pub(crate) async fn run(log: EventLog) {
    let categories =
        [Category::Conversation, Category::Preference, Category::Follow, Category::Presence, Category::Message];
    let prefixes = categories.into_iter().chain([Category::Notification]).map(Category::prefix).collect();
    let mut deliveries = log.subscribe(prefixes, None);
    let mut notifier = Notifier { log, attention: Attention::default(), waiting: Waiting::default(), live: false };
    while let Some(first) = deliveries.next().await {
        let mut next = Some(first);
        while let Some(delivery) = next {
            if let Err(Unreadable) = notifier.take(delivery) {
                return;
            }
            let gathering = notifier.waiting.decided.len() < AT_ONCE;
            next = if gathering { deliveries.next().now_or_never().flatten() } else { None };
        }
        notifier.settle().await;
    }
}

/// A fact that cannot be read was met.
struct Unreadable;

struct Notifier {
    log: EventLog,
    attention: Attention,
    waiting: Waiting,
    /// Whether everything that was there at the start has come.
    live: bool,
}

impl Notifier {
    fn take(&mut self, delivery: Delivery) -> Result<(), Unreadable> {
        match delivery {
            Delivery::Fact(fact) => self.take_fact(&fact, now()),
            Delivery::CaughtUp => self.live = true,
            Delivery::Checkpoint(_) | Delivery::FellBehind => {}
            Delivery::Poison { position, stream, reason } => {
                metrics::counter!("confab_notifier_unreadable_total").increment(1);
                tracing::error!(%position, %stream, %reason, "a fact cannot be read; nobody is notified any more");
                return Err(Unreadable);
            }
        }
        Ok(())
    }

    fn take_fact(&mut self, fact: &Recorded, now: Timestamp) {
        if let Fact::Notification { message, part, .. } = fact.event {
            return self.waiting.done(message, part);
        }
        let parts = self.attention.fold(fact, local_time);
        let Fact::Message { message, event: MessageEvent::MessagePosted { .. } } = fact.event else { return };
        if is_late(fact.at, now) {
            return;
        }
        for (part, event) in (0..).zip(parts) {
            self.waiting.add(message, part, event, fact);
        }
    }

    /// Appends what waits, as soon as it is certain that it was not done before.
    async fn settle(&mut self) {
        if !self.live && self.waiting.decided.len() < MOST_WAITING {
            return;
        }
        while !self.waiting.decided.is_empty() {
            let batch: Vec<Decided> = self.waiting.batch();
            futures::future::join_all(batch.iter().map(|decided| record(&self.log, decided))).await;
            metrics::counter!("confab_notifier_decisions_total").increment(batch.len() as u64);
        }
    }
}

fn is_late(at: Timestamp, now: Timestamp) -> bool {
    let age = now.unix_ms().saturating_sub(at.unix_ms());
    u64::try_from(age).is_ok_and(|age| u128::from(age) > LATE.as_millis())
}

/// One part of a decision that may not be recorded yet.
#[derive(Debug)]
struct Decided {
    message: MessageId,
    part: u32,
    order: u64,
    append: NewEvent<NotificationEvent>,
}

/// Decisions in the order in which they were made.
#[derive(Debug, Default)]
struct Waiting {
    decided: VecDeque<Decided>,
    made: u64,
}

impl Waiting {
    fn add(&mut self, message: MessageId, part: u32, event: NotificationEvent, of: &Recorded) {
        self.made += 1;
        let id = Uuid::new_v5(&DECISIONS, format!("{message}.{part}").as_bytes());
        let (correlation_id, causation_id) = (of.metadata.correlation_id, of.event_id);
        let metadata = Metadata { actor: None, session: None, correlation_id, causation_id };
        let append = NewEvent { id, event, metadata };
        self.decided.push_back(Decided { message, part, order: self.made, append });
    }

    /// Somebody recorded this decision. What was made long before it was recorded then, if it was to be: what was
    /// wanted at that time may not be known any more, since not every setting is kept for ever.
    fn done(&mut self, message: MessageId, part: u32) {
        let found = self.decided.iter().position(|decided| (decided.message, decided.part) == (message, part));
        let Some(done) = found.and_then(|place| self.decided.remove(place)) else { return };
        while self.decided.front().is_some_and(|first| first.order + (AT_ONCE as u64) < done.order) {
            self.decided.pop_front();
        }
    }

    fn batch(&mut self) -> Vec<Decided> {
        let size = self.decided.len().min(AT_ONCE);
        self.decided.drain(..size).collect()
    }
}

/// Records a decision, for as long as it takes.
async fn record(log: &EventLog, decided: &Decided) {
    let stream = StreamName::notification(decided.message, decided.part);
    loop {
        match log.append(&stream, Expected::NoStream, vec![decided.append.clone()]).await {
            // A conflict means that it is done.
            Ok(_) => return,
            Err(error @ (LogError::Refused(_) | LogError::InvalidUrl(_) | LogError::Unreadable { .. })) => {
                return tracing::error!(%error, %stream, "a decision about notifications cannot be recorded");
            }
            Err(error @ (LogError::Unavailable(_) | LogError::Full)) => {
                tracing::warn!(%error, "decisions about notifications wait for the event store");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
#[path = "notifier_tests.rs"]
mod tests;
