//! Conversation state, kept hot: a bounded cache that the log itself keeps up to date. What is not in it is read from
//! its stream. A "no" is never taken from the cache: whoever has just joined may post at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Aggregate;
use domain::conversation::{Conversation, Participant, Poster, Reader, Refusal, State, Viewer};
use event_log::{Delivery, EventLog, Folded, LogError};
use events::{Category, ConversationId, Fact, Position, Recorded, StreamName, UserId};
use futures::StreamExt;
use quick_cache::unsync::Cache;
use service_kit::{Gate, Principal};

use crate::actor::actor;
use crate::app::App;
use crate::execute::{Failure, load};

/// How many conversations are kept hot.
const CAPACITY: usize = 20_000;

/// The cache. Facts for a conversation that is being read right now are remembered, so that a slow read never puts
/// back what is over.
pub(crate) struct Conversations {
    log: EventLog,
    hot: Mutex<Hot>,
}

struct Hot {
    known: Cache<ConversationId, Known>,
    reading: HashMap<ConversationId, Reading>,
}

#[derive(Clone)]
struct Known {
    state: Arc<State>,
    revision: u64,
}

#[derive(Default)]
struct Reading {
    readers: usize,
    /// Revision of the newest fact that came meanwhile.
    newest: Option<u64>,
}

impl Conversations {
    pub(crate) fn new(log: EventLog) -> Self {
        Self { log, hot: Mutex::new(Hot { known: Cache::new(CAPACITY), reading: HashMap::new() }) }
    }

    /// Follows the log for ever, from its newest position.
    pub(crate) async fn follow(&self, app: &App, gate: &Gate) {
        let head = self.first_head().await;
        app.saw(head);
        gate.open();
        let mut deliveries = self.log.subscribe(vec![Category::Conversation.prefix()], Some(head));
        while let Some(delivery) = deliveries.next().await {
            match delivery {
                Delivery::Fact(fact) => {
                    app.saw(fact.position);
                    self.apply(*fact);
                }
                Delivery::Checkpoint(position) => app.saw(position),
                Delivery::CaughtUp | Delivery::FellBehind => {}
                Delivery::Poison { position, stream, reason } => {
                    tracing::error!(%position, %stream, %reason, "an unreadable fact; its conversation is read anew");
                    self.lock().known.clear();
                }
            }
        }
    }

    async fn first_head(&self) -> Position {
        loop {
            match self.log.head().await {
                Ok(head) => return head,
                Err(error) => {
                    tracing::warn!(%error, "waiting for the event store");
                    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                }
            }
        }
    }

    /// Proves that somebody may post.
    pub(crate) async fn poster(&self, id: ConversationId, by: Principal) -> Result<Poster, Failure<Refusal>> {
        self.proof(id, |state| state.poster(actor(by))).await
    }

    /// Proves that somebody may take part in what was said.
    pub(crate) async fn participant(&self, id: ConversationId, user: UserId) -> Result<Participant, Failure<Refusal>> {
        self.proof(id, |state| state.participant(user)).await
    }

    /// Proves that somebody belongs to a conversation.
    pub(crate) async fn reader(&self, id: ConversationId, user: UserId) -> Result<Reader, Failure<Refusal>> {
        self.proof(id, |state| state.reader(user)).await
    }

    /// Proves that somebody may see a conversation.
    pub(crate) async fn viewer(&self, id: ConversationId, user: UserId) -> Result<Viewer, Failure<Refusal>> {
        self.proof(id, |state| state.viewer(user)).await
    }

    async fn proof<T>(
        &self,
        id: ConversationId,
        ask: impl Fn(&State) -> Result<T, Refusal>,
    ) -> Result<T, Failure<Refusal>> {
        let known = self.lock().known.get(&id).cloned();
        if let Some(proof) = known.and_then(|known| ask(&known.state).ok()) {
            return Ok(proof);
        }
        ask(&*self.read(id).await?).map_err(Failure::Refused)
    }

    /// The state as it is in the cache, else in the log.
    pub(crate) async fn state(&self, id: ConversationId) -> Result<Arc<State>, LogError> {
        let known = self.lock().known.get(&id).cloned();
        match known {
            Some(known) => Ok(known.state),
            None => self.read(id).await,
        }
    }

    /// Forgets a conversation after a change of ours that nobody should be late to see.
    pub(crate) fn forget(&self, id: ConversationId) {
        self.lock().known.remove(&id);
    }

    /// The state as it is in the log.
    pub(crate) async fn read(&self, id: ConversationId) -> Result<Arc<State>, LogError> {
        let reading = ReadingGuard::begin(self, id);
        let Folded { state, end } = load::<Conversation>(&self.log, &StreamName::conversation(id)).await?;
        let state = Arc::new(state);
        if let Some(revision) = end.revision {
            reading.keep(Known { state: Arc::clone(&state), revision });
        }
        Ok(state)
    }

    fn apply(&self, fact: Recorded) {
        let Fact::Conversation { conversation, event } = fact.event.clone() else { return };
        let fact = fact.map(|_| event);
        let mut hot = self.lock();
        if let Some(reading) = hot.reading.get_mut(&conversation) {
            reading.newest = Some(fact.revision);
        }
        // Taken out to be changed in place: a channel may have many members, and many may join at once.
        let taken = hot.known.remove_if(&conversation, |known| fact.revision > known.revision);
        let Some((_, Known { state, revision })) = taken else { return };
        if fact.revision == revision + 1 {
            let state = Arc::new(Conversation::evolve(Arc::unwrap_or_clone(state), &fact));
            hot.known.insert(conversation, Known { state, revision: fact.revision });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Hot> {
        self.hot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read in progress; ends even when its caller gives up.
struct ReadingGuard<'a> {
    conversations: &'a Conversations,
    id: ConversationId,
}

impl<'a> ReadingGuard<'a> {
    fn begin(conversations: &'a Conversations, id: ConversationId) -> Self {
        conversations.lock().reading.entry(id).or_default().readers += 1;
        Self { conversations, id }
    }

    /// Keeps what was read, unless something newer came by or is there.
    fn keep(&self, read: Known) {
        let mut hot = self.conversations.lock();
        let missed = hot.reading.get(&self.id).and_then(|reading| reading.newest);
        let newer = hot.known.get(&self.id).is_some_and(|known| known.revision >= read.revision);
        if !newer && missed.is_none_or(|missed| missed <= read.revision) {
            hot.known.insert(self.id, read);
        }
    }
}

impl Drop for ReadingGuard<'_> {
    fn drop(&mut self) {
        let mut hot = self.conversations.lock();
        let Some(reading) = hot.reading.get_mut(&self.id) else { return };
        reading.readers -= 1;
        if reading.readers == 0 {
            hot.reading.remove(&self.id);
        }
    }
}

#[cfg(test)]
#[path = "conversations_tests.rs"]
mod tests;
