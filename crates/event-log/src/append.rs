//! Appending. An answer means that the events are durable; an error means that nobody knows, and the same append may
//! be repeated: equal event ids and an equal expectation make it the same one.

use std::time::Duration;

use events::{Family, Metadata, Position, StreamName};
use eventstore::{AppendToStreamOptions, Error, EventData, ExpectedRevision};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::connection::{EventLog, LogError};
use crate::decode;

/// How long an append is repeated while the store is away.
const PATIENCE: Duration = Duration::from_secs(3);

/// gRPC's code for a store that has no room.
const RESOURCE_EXHAUSTED: i32 = 8;

/// An event about to be appended.
#[derive(Debug, Clone)]
pub struct NewEvent<F> {
    /// Its own id; the same id in the same place is the same event.
    pub id: Uuid,
    /// What happened.
    pub event: F,
    /// Who and why.
    pub metadata: Metadata,
}

/// What must be true of the stream for the append to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Any,
    /// It does not exist.
    NoStream,
    /// It exists.
    Exists,
    /// Its newest event has this revision.
    Exact(u64),
}

/// The store's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The events are durable; the position is that of the last one.
    At(Position),
    /// The stream is not as expected; nothing was appended.
    Conflict,
}

impl From<Expected> for ExpectedRevision {
    fn from(expected: Expected) -> Self {
        match expected {
            Expected::Any => Self::Any,
            Expected::NoStream => Self::NoStream,
            Expected::Exists => Self::StreamExists,
            Expected::Exact(revision) => Self::Exact(revision),
        }
    }
}

impl EventLog {
    /// Appends to one stream, repeating for up to 3 s while the store is away.
    ///
    /// # Errors
    /// When the store stays away (the outcome is unknown) or refuses for good.
    pub async fn append<F: Family>(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent<F>>,
    ) -> Result<Appended, LogError> {
        self.append_encoded(stream, expected, encode(&events)?).await
    }

    pub(crate) async fn append_encoded(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<EventData>,
    ) -> Result<Appended, LogError> {
        let options = AppendToStreamOptions::default().expected_revision(expected.into());
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.try_append(stream, &options, &events).await {
                Err(LogError::Unavailable(_)) if Instant::now() < deadline => sleep(Duration::from_millis(50)).await,
                outcome => return outcome,
            }
        }
    }

    /// As [`EventLog::append`], over one stream that is always open and shared by all: cheapest where conflicts are
    /// rare. After a refusal the question is asked again alone, since a refusal ends the shared stream.
    ///
    /// # Errors
    /// As [`EventLog::append`].
    pub async fn append_pipelined<F: Family>(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent<F>>,
    ) -> Result<Appended, LogError> {
        let (pipeline, _) = match self.pipeline().await {
            Ok(pipeline) => pipeline,
            Err(_) => return self.append(stream, expected, events).await,
        };
        let answer = pipeline.append_to_stream(stream.as_str(), expected.into(), encode(&events)?).await;
        if let Ok(Some(position)) = answer.as_ref().map(eventstore::BatchWriteResult::current_position) {
            return Ok(Appended::At(decode::position(position)));
        }
        self.close_pipeline(&pipeline);
        self.append(stream, expected, events).await
    }

    async fn try_append(
        &self,
        stream: &StreamName,
        options: &AppendToStreamOptions,
        events: &[EventData],
    ) -> Result<Appended, LogError> {
        let (client, generation) = self.client()?;
        match client.append_to_stream(stream.as_str(), options, events.to_vec()).await {
            Ok(written) => Ok(Appended::At(decode::position(written.position))),
            Err(Error::WrongExpectedVersion { .. }) => Ok(Appended::Conflict),
            Err(error @ (Error::ResourceDeleted | Error::AccessDenied)) => Err(LogError::Refused(error.to_string())),
            Err(Error::Grpc { code, .. }) if i32::from(code) == RESOURCE_EXHAUSTED => Err(LogError::Full),
            Err(error) => Err(self.retire(generation, &error)),
        }
    }
}

fn encode<F: Family>(events: &[NewEvent<F>]) -> Result<Vec<EventData>, LogError> {
    events.iter().map(encode_one).collect()
}

fn encode_one<F: Family>(new: &NewEvent<F>) -> Result<EventData, LogError> {
    let (name, data) = new.event.encode();
    EventData::json(name, &data)
        .and_then(|event| event.id(new.id).metadata_as_json(&new.metadata))
        .map_err(|error| LogError::Refused(error.to_string()))
}
