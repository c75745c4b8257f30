//! The relay: event store → JetStream, one message per public fact, in order and without a gap that cannot be seen.
//!
//! Its checkpoint is the last message of the stream. Every message names the one before it and the stream's sequence
//! it expects, so of two relays one wins and the other follows. It keeps no truth: consumers that see a gap read the
//! event store.

mod frame;
mod stream;

use std::time::Duration;

use event_log::{Delivery, EventLog, LogError};
use events::{Category, Position, public};
use futures::stream::FuturesOrdered;
use futures::{FutureExt, StreamExt, future::BoxFuture};
use service_kit::Gate;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::head;
use crate::outage::Outage;
use stream::{Relayed, Tail};

pub use stream::{AUDIENCE_HEADER, POSITION_HEADER, PREVIOUS_HEADER, STREAM};

/// Messages sent and not yet acknowledged, at most.
const IN_FLIGHT: usize = 256;
/// How often a follower looks whether the leader still works; it takes over after two looks without progress.
const FOLLOW: Duration = Duration::from_millis(500);
/// How many waiting facts a follower looks at.
const LOOK: usize = 100;
const PART: &str = "relay";

/// Why the relay could not go on.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("NATS: {0}")]
    Nats(#[from] stream::Failure),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("the subscription ended")]
    Subscription,
    #[error("another relay is at work")]
    Overtaken,
    #[error("{0}")]
    Stopped(String),
}

/// Relays for ever.
pub(crate) async fn run(url: String, log: EventLog, head: watch::Receiver<Option<Position>>, gate: Gate) {
    let mut outage = Outage::none(PART, gate);
    let stream = match stream::Stream::connect(&url).await {
        Ok(stream) => stream,
        Err(error) => return outage.stop(&error.to_string()).await,
    };
    let mut relay = Relay { log, head, stream, latest: None };
    loop {
        match relay.lead(&mut outage).await {
            Ended::Stopped(reason) => return outage.stop(&reason).await,
            Ended::Overtaken => {
                outage.caught_up(true);
                if let Err(ended) = relay.follow().await {
                    outage.pause_after(&ended).await;
                }
            }
            ended => outage.pause_after(&ended).await,
        }
    }
}

/// The prefixes of the streams whose facts have a public form.
fn prefixes() -> Vec<String> {
    [
        Category::Message,
        Category::Pins,
        Category::Follow,
        Category::Saved,
        Category::Draft,
        Category::Conversation,
        Category::Receipt,
        Category::Inbox,
        Category::Profile,
        Category::Presence,
        Category::Workspace,
        Category::Preference,
        Category::Notification,
        Category::Activity,
    ]
    .map(Category::prefix)
    .to_vec()
}

struct Relay {
    log: EventLog,
    head: watch::Receiver<Option<Position>>,
    stream: stream::Stream,
    /// The newest position seen in the stream, by whomever relayed: where to go on when NATS has lost everything.
    latest: Option<Position>,
}

impl Relay {
    /// Publishes until something fails or another relay turns out to be at work.
    async fn lead(&mut self, outage: &mut Outage) -> Ended {
        let Err(ended): Result<std::convert::Infallible, Ended> = self.publish(outage).await;
        ended
    }

    async fn publish(&mut self, outage: &mut Outage) -> Result<std::convert::Infallible, Ended> {
        let (mut tail, after) = self.tail().await?;
        let mut feed = self.log.subscribe(prefixes(), Some(after).filter(|after| *after > Position::START));
        let mut sent: FuturesOrdered<BoxFuture<'static, Result<Position, Ended>>> = FuturesOrdered::new();
        loop {
            tokio::select! {
                biased;
                Some(acknowledged) = sent.next() => {
                    self.acknowledged(acknowledged?);
                    outage.over();
                }
                delivery = feed.next(), if sent.len() < IN_FLIGHT => match delivery.ok_or(Ended::Subscription)? {
                    Delivery::Fact(fact) => if let Some((audience, public)) = public::form(&fact) {
                        let frame = frame::of(&public).map_err(|error| Ended::Stopped(error.to_string()))?;
                        let (position, subject) = (fact.position, stream::subject(&audience, &public));
                        let sending = self.stream.publish(&mut tail, position, subject, &audience, frame).await?;
                        sent.push_back(sending.map(move |outcome| outcome.map(|()| position)).boxed());
                    },
                    Delivery::CaughtUp => outage.caught_up(sent.is_empty()),
                    Delivery::Checkpoint(_) | Delivery::FellBehind => {}
                    Delivery::Poison { position, stream, reason } => {
                        return Err(Ended::Stopped(format!("{stream} at {position} cannot be read: {reason}")));
                    }
                },
            }
        }
    }

    fn acknowledged(&mut self, position: Position) {
        self.latest = Some(position);
        metrics::counter!("confab_relay_messages_total").increment(1);
        head::measure(PART, position, *self.head.borrow());
    }

    /// The end of the stream, and the position after which to relay. An empty stream begins at the store's head:
    /// consumers see by the missing predecessor that they have to read the store themselves.
    async fn tail(&mut self) -> Result<(Tail, Position), Ended> {
        let mut tail = self.stream.tail().await?;
        let head = self.log.head().await?;
        if let Some(last) = tail.last.filter(|last| last.0 > head) {
            tracing::warn!(
                relayed = last.0.0,
                head = head.0,
                "the stream lies beyond the event store, which must be another one: emptying the stream"
            );
            self.stream.purge().await?;
            self.latest = None;
            tail = self.stream.tail().await?;
        }
        let known = self.latest.filter(|latest| *latest <= head);
        let last = tail.last.map(|Relayed(position)| position).or(known);
        tail.last = last.map(Relayed);
        self.latest = last;
        Ok((tail, last.unwrap_or(head)))
    }

    /// Waits beside the relay that won, until it has stopped working: facts wait, and the stream does not grow.
    async fn follow(&mut self) -> Result<(), Ended> {
        tracing::info!("another relay is at work: following it");
        let mut before = None;
        loop {
            sleep(FOLLOW).await;
            let (tail, after) = self.tail().await?;
            let waiting = self.log.read_all(prefixes(), after, LOOK).await?;
            let stuck = before == Some(tail.sequence) && waiting.iter().any(|fact| public::form(fact).is_some());
            if stuck {
                tracing::info!("the other relay has stopped: taking over");
                return Ok(());
            }
            before = Some(tail.sequence);
        }
    }
}
