//! Reading: one stream from its start, and the log from a position.

use events::{Family, Position, Recorded, StreamName};
use eventstore::{Error, ReadAllOptions, ReadStreamOptions, StreamPosition};

use crate::connection::{EventLog, LogError};
use crate::decode;

/// Everything that stands in one stream.
#[derive(Debug, Clone)]
pub struct History<F> {
    /// Its events, oldest first. Retention may have taken the first ones away.
    pub events: Vec<Recorded<F>>,
    /// Where it ends.
    pub end: End,
}

/// What a stream comes to.
#[derive(Debug, Clone)]
pub struct Folded<S> {
    /// After its newest event.
    pub state: S,
    /// Where it ends.
    pub end: End,
}

/// The newest event of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct End {
    /// Its revision; `None` when the stream does not exist.
    pub revision: Option<u64>,
    /// Its position, [`Position::START`] when there is none.
    pub position: Position,
}

impl EventLog {
    /// Reads a whole stream. A stream that does not exist has an empty history.
    ///
    /// # Errors
    /// When the store is away or holds an event that cannot be read.
    pub async fn read<F: Family>(&self, stream: &StreamName) -> Result<History<F>, LogError> {
        self.read_first(stream, usize::MAX).await
    }

    /// Reads a stream up to so many events. A stream that does not exist has an empty history.
    ///
    /// # Errors
    /// When the store is away or holds an event that cannot be read.
    pub async fn read_first<F: Family>(&self, stream: &StreamName, most: usize) -> Result<History<F>, LogError> {
        let mut events = Vec::new();
        let end = self.each(stream, most, |event| events.push(event)).await?;
        Ok(History { events, end })
    }

    /// Folds a whole stream, event by event: however long it is, no more of it is held than one event and the state.
    ///
    /// # Errors
    /// When the store is away or holds an event that cannot be read.
    pub async fn fold<F: Family, S: Default>(
        &self,
        stream: &StreamName,
        step: impl Fn(S, &Recorded<F>) -> S + Send,
    ) -> Result<Folded<S>, LogError> {
        let mut state = S::default();
        let end = self.each(stream, usize::MAX, |event| state = step(std::mem::take(&mut state), &event)).await?;
        Ok(Folded { state, end })
    }

    async fn each<F: Family>(
        &self,
        stream: &StreamName,
        most: usize,
        mut take: impl FnMut(Recorded<F>),
    ) -> Result<End, LogError> {
        let (client, generation) = self.client()?;
        let options = ReadStreamOptions::default().forwards().position(StreamPosition::Start).max_count(most);
        let mut end = End::default();
        let mut reading = match client.read_stream(stream.as_str(), &options).await {
            Ok(reading) => reading,
            Err(Error::ResourceNotFound | Error::ResourceDeleted) => return Ok(end),
            Err(error) => return Err(self.retire(generation, &error)),
        };
        loop {
            match reading.next().await {
                Ok(Some(event)) => {
                    let event = decode::typed::<F>(event.get_original_event())?;
                    end = End { revision: Some(event.revision), position: event.position };
                    take(event);
                }
                Ok(None) | Err(Error::ResourceNotFound | Error::ResourceDeleted) => return Ok(end),
                Err(error) => return Err(self.retire(generation, &error)),
            }
        }
    }

    /// The position of the newest event of all, [`Position::START`] for an empty store.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn head(&self) -> Result<Position, LogError> {
        let (client, generation) = self.client()?;
        let options = ReadAllOptions::default().backwards().position(StreamPosition::End).max_count(1);
        let newest = async { client.read_all(&options).await?.next().await };
        let newest = newest.await.map_err(|error| self.retire(generation, &error))?;
        Ok(newest.map_or(Position::START, |event| decode::position(event.get_original_event().position)))
    }
}
