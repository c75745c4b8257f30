//! Writers that each append one event after the other, for a while.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use event_store::{EventStore, Expected, NewEvent};
use eventstore::{AppendToStreamOptions, BatchAppendClient, Client, EventData, ExpectedRevision};
use hdrhistogram::Histogram;
use uuid::Uuid;

use crate::engines::Event;
use crate::queue::Queue;

/// Bytes of an event's data.
pub(crate) const BYTES: usize = 300;
/// Streams that are written in turn.
const STREAMS: usize = 1_000;

/// Where events go.
#[derive(Clone)]
pub(crate) enum Target {
    Store(EventStore),
    Engine(Queue),
    Unary(Client),
    Batch(Arc<BatchAppendClient>),
}

/// What a round gave.
pub(crate) struct Round {
    pub(crate) rate: f64,
    /// Microseconds of each append.
    pub(crate) took: Histogram<u64>,
}

/// A histogram of times up to a minute, in microseconds, to three digits.
pub(crate) fn microseconds() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).unwrap()
}

pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap()
}

/// The data of every event: as hard to compress as an encrypted one.
pub(crate) fn payload() -> Bytes {
    (0..BYTES.div_ceil(16)).flat_map(|_| *Uuid::new_v4().as_bytes()).take(BYTES).collect()
}

pub(crate) fn stream(number: usize) -> Arc<str> {
    format!("channel-{:03}", number % STREAMS).into()
}

/// So many writers at a time.
pub(crate) async fn run(target: &Target, writers: usize, length: Duration) -> Round {
    let begun = Instant::now();
    let tasks: Vec<_> =
        (0..writers).map(|writer| tokio::spawn(write(target.clone(), writer, begun + length))).collect();
    let mut took = microseconds();
    for task in tasks {
        took.add(task.await.unwrap()).unwrap();
    }
    Round { rate: took.len() as f64 / begun.elapsed().as_secs_f64(), took }
}

async fn write(target: Target, writer: usize, until: Instant) -> Histogram<u64> {
    let (mut took, data, mut number) = (microseconds(), payload(), writer * 389);
    while Instant::now() < until {
        let from = Instant::now();
        target.append(stream(number), data.clone()).await;
        took.saturating_record(micros(from.elapsed()));
        number += 1;
    }
    took
}

impl Target {
    async fn append(&self, stream: Arc<str>, data: Bytes) {
        match self {
            Self::Store(store) => {
                let event = NewEvent::binary("Measured.v1", data);
                store.append(stream, Expected::Any, vec![event]).await.unwrap();
            }
            Self::Engine(queue) => {
                queue.append(Event { stream, id: Uuid::new_v4(), data }).await;
            }
            Self::Unary(client) => {
                let event = EventData::binary("Measured.v1", data).id(Uuid::new_v4());
                client.append_to_stream(&*stream, &AppendToStreamOptions::default(), event).await.unwrap();
            }
            Self::Batch(batches) => {
                let event = EventData::binary("Measured.v1", data).id(Uuid::new_v4());
                batches.append_to_stream(&*stream, ExpectedRevision::Any, vec![event]).await.unwrap();
            }
        }
    }
}
