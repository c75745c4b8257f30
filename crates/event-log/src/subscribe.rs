//! Subscriptions that never end.
//!
//! The client's own subscription gives up after an error; and it may fall silent without one. So each is pumped by a
//! task of its own, watched against the store's head, and made again for ever from the last position seen here.

use std::time::Duration;

use events::{DecodeError, Position, Recorded, StreamName};
use eventstore::{StreamPosition, SubscribeToAllOptions, SubscriptionEvent, SubscriptionFilter};
use futures::Stream;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;

use crate::connection::{EventLog, LogError};
use crate::decode;

/// Facts on their way to a subscriber; when it is slower, the store waits.
const BUFFER: usize = 1024;
/// Silence after which the subscription is compared with the store's head.
const SILENCE: Duration = Duration::from_secs(5);
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What a subscription brings.
#[derive(Debug)]
pub enum Delivery {
    /// The next fact. Positions only grow.
    Fact(Box<Recorded>),
    /// Nothing that matches stands up to here.
    Checkpoint(Position),
    /// Everything that was there has come; what follows is live.
    CaughtUp,
    /// No longer live; facts still come in order, without a gap.
    FellBehind,
    /// An event that today's code cannot read. The next delivery would skip it: whoever must not skip stops here.
    Poison {
        /// Its position.
        position: Position,
        /// Its stream.
        stream: StreamName,
        /// What is wrong with it.
        reason: DecodeError,
    },
}

impl EventLog {
    /// All facts after a position (`None`: from the start) whose stream's name has one of the prefixes. Never ends;
    /// stops when dropped. The store may come and go meanwhile.
    pub fn subscribe(
        &self,
        prefixes: Vec<String>,
        after: Option<Position>,
    ) -> impl Stream<Item = Delivery> + Send + Unpin + use<> {
        let (sender, receiver) = mpsc::channel(BUFFER);
        let follower = Follower { log: self.clone(), prefixes, seen: after, sender };
        tokio::spawn(follower.run());
        ReceiverStream::new(receiver)
    }

    /// Up to `limit` facts after a position whose stream's name has one of the prefixes, in order, as of now.
    ///
    /// # Errors
    /// When the store is away, stays silent, or holds an event that cannot be read.
    pub async fn read_all(
        &self,
        prefixes: Vec<String>,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogError> {
        // The client reads `$all` without a filter only; a subscription up to "caught up" is a filtered read.
        let mut events = self.open(&prefixes, Some(after)).await?;
        let mut facts = Vec::new();
        while facts.len() < limit {
            let next = timeout(SILENCE, events.recv()).await;
            match next.ok().flatten() {
                Some(Ok(SubscriptionEvent::EventAppeared(event))) => {
                    let event = event.get_original_event();
                    let fact = decode::fact(event).map_err(|source| decode::unreadable(event, source))?;
                    if fact.position > after {
                        facts.push(fact);
                    }
                }
                Some(Ok(SubscriptionEvent::CaughtUp)) => break,
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Err(LogError::Unavailable("the store stopped answering a read".to_owned())),
            }
        }
        Ok(facts)
    }

    /// Subscribes once. The pump ends when the receiver is dropped or the subscription breaks.
    async fn open(&self, prefixes: &[String], after: Option<Position>) -> Result<Events, LogError> {
        let (client, generation) = self.client()?;
        let filter = prefixes.iter().fold(SubscriptionFilter::on_stream_name(), SubscriptionFilter::add_prefix);
        let from = after.map_or(StreamPosition::Start, |seen| StreamPosition::Position(decode::resume(seen)));
        let options = SubscribeToAllOptions::default().position(from).filter(filter);
        let mut subscription = client.subscribe_to_all(&options).await;
        let (sender, receiver) = mpsc::channel(BUFFER);
        let log = self.clone();
        // `next_subscription_event` must not be cancelled half-way, hence a task instead of a timeout around it.
        tokio::spawn(async move {
            loop {
                let next = tokio::select! {
                    () = sender.closed() => return,
                    next = subscription.next_subscription_event() => next,
                };
                let next = next.map_err(|error| log.retire(generation, &error));
                let broken = next.is_err();
                if sender.send(next).await.is_err() || broken {
                    return;
                }
            }
        });
        Ok(receiver)
    }
}

type Events = mpsc::Receiver<Result<SubscriptionEvent, LogError>>;

/// Why one subscription came to its end.
enum Ended {
    SubscriberGone,
    Broken(LogError),
}

struct Follower {
    log: EventLog,
    prefixes: Vec<String>,
    seen: Option<Position>,
    sender: mpsc::Sender<Delivery>,
}

impl Follower {
    async fn run(mut self) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let before = self.seen;
            let Ended::Broken(error) = self.follow().await else { return };
            if self.sender.is_closed() {
                return;
            }
            pause = if self.seen == before { (pause * 2).min(LONGEST_PAUSE) } else { SHORTEST_PAUSE };
            tracing::debug!(%error, ?pause, "subscription ended, subscribing again");
            sleep(pause).await;
        }
    }

    async fn follow(&mut self) -> Ended {
        let mut events = match self.log.open(&self.prefixes, self.seen).await {
            Ok(events) => events,
            Err(error) => return Ended::Broken(error),
        };
        loop {
            let next = tokio::select! {
                () = self.sender.closed() => return Ended::SubscriberGone,
                next = timeout(SILENCE, events.recv()) => next,
            };
            let delivery = match next {
                Ok(Some(Ok(event))) => self.delivery(event),
                Ok(Some(Err(error))) => return Ended::Broken(error),
                Ok(None) => return Ended::Broken(LogError::Unavailable("the subscription ended".to_owned())),
                Err(_) => match self.compare_with_head().await {
                    Ok(checkpoint) => checkpoint,
                    Err(error) => return Ended::Broken(error),
                },
            };
            if let Some(delivery) = delivery
                && self.sender.send(delivery).await.is_err()
            {
                return Ended::SubscriberGone;
            }
        }
    }

    fn delivery(&mut self, event: SubscriptionEvent) -> Option<Delivery> {
        match event {
            SubscriptionEvent::EventAppeared(event) => {
                let event = event.get_original_event();
                let position = decode::position(event.position);
                self.advance(position)?;
                Some(match decode::fact(event) {
                    Ok(fact) => Delivery::Fact(Box::new(fact)),
                    Err(reason) => {
                        Delivery::Poison { position, stream: StreamName::stored(event.stream_id.clone()), reason }
                    }
                })
            }
            SubscriptionEvent::Checkpoint(position) => {
                let position = decode::position(position);
                self.advance(position).map(|()| Delivery::Checkpoint(position))
            }
            SubscriptionEvent::CaughtUp => Some(Delivery::CaughtUp),
            SubscriptionEvent::FellBehind => Some(Delivery::FellBehind),
            SubscriptionEvent::Confirmed(_)
            | SubscriptionEvent::FirstStreamPosition(_)
            | SubscriptionEvent::LastStreamPosition(_)
            | SubscriptionEvent::LastAllPosition(_) => None,
        }
    }

    /// Moves forward; `None` for what was already seen, which a new subscription may bring again.
    fn advance(&mut self, position: Position) -> Option<()> {
        if self.seen.is_some_and(|seen| position <= seen) {
            return None;
        }
        self.seen = Some(position);
        Some(())
    }

    /// After silence: asks again for everything up to the store's head. Nothing that matches there means the head is
    /// a checkpoint (some stores send none while idle); anything that does means the subscription died in silence.
    async fn compare_with_head(&mut self) -> Result<Option<Delivery>, LogError> {
        let head = self.log.head().await?;
        let seen = self.seen.unwrap_or(Position::START);
        if head <= seen {
            return Ok(None);
        }
        if self.log.read_all(self.prefixes.clone(), seen, 1).await?.is_empty() {
            return Ok(self.advance(head).map(|()| Delivery::Checkpoint(head)));
        }
        Err(LogError::Unavailable("the subscription fell silent".to_owned()))
    }
}
