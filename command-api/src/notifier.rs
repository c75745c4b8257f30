//! The notifier: decides of every message whom it notifies, once, and records that; and of every edit, whom it mentions
//! anew. It follows the log from its first
//! fact, so that it knows what everybody wanted at each message's position; sends never wait for it.
//!
//! Each decision is appended to a stream of its own that must not exist: whoever decides again, after a restart or on
//! another node, finds it done. What was decided before the start comes along the log itself, so a start appends only
//! what is missing.

use std::collections::VecDeque;
use std::time::Duration;

use domain::notification::{Attention, decided_anew};
use event_log::{Delivery, EventLog, Expected, LogError, NewEvent};
use events::{
    Category, Fact, MessageId, Metadata, NotificationEvent, NotificationPart, Recorded, StreamName, Timestamp,
};
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
        self.attention.fold(fact);
        let Fact::Message { message, .. } = fact.event else { return };
        if is_late(fact.at, now) {
            return;
        }
        for (part, event) in self.attention.decide(fact, local_time) {
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
            metrics::counter!("confab_notifier_decisions_total").increment(batch.len() as u64);
            let (edited, posted): (Vec<_>, Vec<_>) = batch.into_iter().partition(Decided::is_of_an_edit);
            futures::future::join_all(posted.into_iter().map(|decided| record(&self.log, decided))).await;
            // What an edit decides depends on what was decided before.
            futures::future::join_all(edited.into_iter().map(|decided| record_edit(&self.log, decided))).await;
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
    part: NotificationPart,
    order: u64,
    append: NewEvent<NotificationEvent>,
}

impl Decided {
    const fn is_of_an_edit(&self) -> bool {
        matches!(self.part, NotificationPart::Edited(_))
    }
}

/// Decisions in the order in which they were made.
#[derive(Debug, Default)]
struct Waiting {
    decided: VecDeque<Decided>,
    made: u64,
}

impl Waiting {
    fn add(&mut self, message: MessageId, part: NotificationPart, event: NotificationEvent, of: &Recorded) {
        self.made += 1;
        let id = Uuid::new_v5(&DECISIONS, format!("{message}.{part}").as_bytes());
        let (correlation_id, causation_id) = (of.metadata.correlation_id, of.event_id);
        let metadata = Metadata { actor: None, session: None, correlation_id, causation_id };
        let append = NewEvent { id, event, metadata };
        self.decided.push_back(Decided { message, part, order: self.made, append });
    }

    /// Somebody recorded this decision. What was made long before it was recorded then, if it was to be: what was
    /// wanted at that time may not be known any more, since not every setting is kept for ever.
    fn done(&mut self, message: MessageId, part: NotificationPart) {
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

/// Records what an edit decides about those who were not told before.
async fn record_edit(log: &EventLog, mut decided: Decided) {
    let Some(posted) = decided_when_posted(log, decided.message).await else { return };
    if let Some(event) = decided_anew(decided.append.event, &posted) {
        decided.append.event = event;
        record(log, decided).await;
    }
}

/// All parts of what was decided when a message was posted; `None`, with an alarm, when they cannot be read.
async fn decided_when_posted(log: &EventLog, message: MessageId) -> Option<Vec<NotificationEvent>> {
    let mut parts = Vec::new();
    for part in (0..).map(NotificationPart::Posted) {
        let stream = StreamName::notification(message, part);
        let part = until_done(&stream, || log.read::<NotificationEvent>(&stream)).await?;
        if part.events.is_empty() {
            break;
        }
        parts.extend(part.events.into_iter().map(|recorded| recorded.event));
    }
    Some(parts)
}

/// Records a decision. A conflict means that it is done.
async fn record(log: &EventLog, decided: Decided) {
    let stream = StreamName::notification(decided.message, decided.part);
    until_done(&stream, || log.append(&stream, Expected::NoStream, vec![decided.append.clone()])).await;
}

/// Tries for as long as it takes; `None`, with an alarm, when it is of no use.
async fn until_done<T, F>(stream: &StreamName, attempt: impl Fn() -> F) -> Option<T>
where
    F: Future<Output = Result<T, LogError>>,
{
    loop {
        match attempt().await {
            Ok(done) => return Some(done),
            Err(error @ (LogError::Refused(_) | LogError::InvalidUrl(_) | LogError::Unreadable { .. })) => {
                tracing::error!(%error, %stream, "a decision about notifications cannot be recorded");
                return None;
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
