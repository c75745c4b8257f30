//! The connection to the store, made anew whenever the client has given it up.
//!
//! The client's own connection task ends for good after a few failed attempts, so every error that is not an answer
//! of the store retires the client; the next call starts with a fresh one.

use std::sync::{Arc, Mutex, PoisonError};

use eventstore::{BatchAppendClient, BatchAppendOptions, Client, ClientSettings};

/// Why the log did not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    /// The connection string is not one.
    #[error("the event store's connection string is not valid: {0}")]
    InvalidUrl(String),
    /// The store cannot be reached, or did not answer in time. The outcome of an append is unknown: repeat it.
    #[error("the event store is unavailable: {0}")]
    Unavailable(String),
    /// The store has no room for more. Nothing was appended; repeat it when there is.
    #[error("the event store's disk is full")]
    Full,
    /// The store holds an event that today's code cannot read.
    #[error("stream {stream} holds an unreadable event at revision {revision}")]
    Unreadable {
        /// The stream.
        stream: String,
        /// The event's revision.
        revision: u64,
        /// What is wrong with it.
        #[source]
        source: Arc<events::DecodeError>,
    },
    /// The store refused the append, and always will.
    #[error("the event store refused the append: {0}")]
    Refused(String),
}

/// A handle on the event store; clones share one connection.
#[derive(Clone)]
pub struct EventLog {
    shared: Arc<Shared>,
}

struct Shared {
    settings: ClientSettings,
    live: Mutex<Live>,
}

#[derive(Default)]
struct Live {
    client: Option<Client>,
    pipeline: Option<Arc<BatchAppendClient>>,
    /// Counts clients, so that the failure of an old one cannot retire its successor.
    generation: u64,
}

impl EventLog {
    /// A log at an `esdb://` address. Connects with the first call, so the store may still be starting.
    ///
    /// # Errors
    /// When the address cannot be parsed.
    pub fn connect(url: &str) -> Result<Self, LogError> {
        let settings = url.parse::<ClientSettings>().map_err(|error| LogError::InvalidUrl(error.to_string()))?;
        Ok(Self { shared: Arc::new(Shared { settings, live: Mutex::default() }) })
    }

    pub(crate) fn client(&self) -> Result<(Client, u64), LogError> {
        let mut live = self.live();
        if live.client.is_none() {
            let client = Client::new(self.shared.settings.clone()).map_err(|error| unavailable(&error))?;
            live.client = Some(client);
            live.generation += 1;
        }
        let client = live.client.clone().ok_or_else(|| LogError::Unavailable("no client".to_owned()))?;
        Ok((client, live.generation))
    }

    /// The pipelined append stream of the live client.
    pub(crate) async fn pipeline(&self) -> Result<(Arc<BatchAppendClient>, u64), LogError> {
        let (client, generation) = self.client()?;
        if let Some(pipeline) = self.live().pipeline.clone() {
            return Ok((pipeline, generation));
        }
        let opened = client.batch_append(&BatchAppendOptions::default()).await;
        let opened = Arc::new(opened.map_err(|error| self.retire(generation, &error))?);
        let mut live = self.live();
        let pipeline = live.pipeline.get_or_insert(opened);
        Ok((Arc::clone(pipeline), generation))
    }

    /// The pipeline ends with its first refusal, so it is closed after one and opened anew with the next append.
    pub(crate) fn close_pipeline(&self, pipeline: &Arc<BatchAppendClient>) {
        let mut live = self.live();
        if live.pipeline.as_ref().is_some_and(|current| Arc::ptr_eq(current, pipeline)) {
            live.pipeline = None;
        }
    }

    /// Gives up the client of this generation after an error that was no answer.
    pub(crate) fn retire(&self, generation: u64, error: &eventstore::Error) -> LogError {
        let mut live = self.live();
        if live.generation == generation {
            live.client = None;
            live.pipeline = None;
        }
        unavailable(error)
    }

    fn live(&self) -> std::sync::MutexGuard<'_, Live> {
        // Nothing panics while holding the lock, and the state is valid at every step.
        self.shared.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unavailable(error: &eventstore::Error) -> LogError {
    LogError::Unavailable(error.to_string())
}
