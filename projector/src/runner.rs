//! The runner, written once for all views: subscribe → batch → load → evolve → write → checkpoint.
//!
//! Whatever fails, everything in memory is dropped and the view starts again from its saved checkpoint; documents
//! are guarded by their positions, so facts that come again change nothing.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use event_log::{Delivery, EventLog, LogError};
use events::Position;
use futures::{Stream, StreamExt};
use mongodb::Database;
use quick_cache::unsync::Cache;
use read_model::{Stored, View, advance};
use service_kit::Readiness;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::batch::{Batch, Poison};
use crate::checkpoint::{Checkpoint, Saved};
use crate::documents::{Documents, Failure};
use crate::outage::Outage;
use crate::{head, schema};

/// Documents kept in memory per view.
const HOT: usize = 1_024;
/// Two checkpoints without facts are at least so far apart; queries may wait so much longer for them.
const IDLE_CHECKPOINT: Duration = Duration::from_millis(50);
/// Silence after which a view looks whether the store has gone on without it.
const QUIET: Duration = Duration::from_millis(250);
/// How long one batch may take before MongoDB counts as away.
const PATIENCE: Duration = Duration::from_secs(30);

/// What every view reads from and writes to.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) log: EventLog,
    pub(crate) head: watch::Receiver<Option<Position>>,
    pub(crate) database: Database,
}

/// Why a view could not go on.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("MongoDB: {0}")]
    Documents(#[from] Failure),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("MongoDB did not answer within {} s", PATIENCE.as_secs())]
    Silence,
    #[error("the subscription ended")]
    Subscription,
    #[error("an event cannot be read: {0}")]
    Poison(Poison),
    #[error("the checkpoint is gone")]
    Emptied,
}

impl From<mongodb::error::Error> for Ended {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Documents(Failure::Mongo(error))
    }
}

/// Keeps one view for ever.
pub(crate) fn run<V: View>(
    source: &Source,
    readiness: &Readiness,
    schema: &'static str,
) -> impl Future<Output = ()> + use<V> {
    let source = source.clone();
    let mut outage = Outage::none(V::COLLECTION, readiness.gate(V::COLLECTION));
    async move {
        loop {
            match keep::<V>(&source, schema, &mut outage).await {
                Ended::Poison(poison) => return outage.stop(&poison.to_string()).await,
                Ended::Documents(Failure::Refused(reason)) => return outage.stop(&reason).await,
                Ended::Emptied => tracing::warn!(view = V::COLLECTION, "the database was emptied: rebuilding"),
                ended => outage.pause_after(&ended).await,
            }
        }
    }
}

/// Keeps one view until something fails.
async fn keep<V: View>(source: &Source, schema: &str, outage: &mut Outage) -> Ended {
    let kept = async {
        let mut runner = timeout(PATIENCE, Runner::<V>::start(source, schema)).await.map_err(|_| Ended::Silence)??;
        let after = Some(runner.position).filter(|position| *position > Position::START);
        let mut feed = source.log.subscribe(V::prefixes(), after);
        loop {
            runner.step(&mut feed, outage).await?;
        }
    };
    let Err(ended): Result<std::convert::Infallible, Ended> = kept.await;
    ended
}

struct Runner<V: View> {
    log: EventLog,
    head: watch::Receiver<Option<Position>>,
    documents: Documents<V>,
    checkpoint: Checkpoint,
    hot: Cache<V::Key, Stored<V::Doc>>,
    position: Position,
    wrote: bool,
    saved_at: Instant,
}

impl<V: View> Runner<V> {
    async fn start(source: &Source, schema: &str) -> Result<Self, Ended> {
        schema::prepare(&source.database, V::COLLECTION, schema).await?;
        let documents = Documents::of(&source.database);
        let checkpoint = Checkpoint::of(V::COLLECTION, &source.database);
        let Saved { position, wrote } = starting_point(&documents, &checkpoint, &source.log).await?;
        Ok(Self {
            log: source.log.clone(),
            head: source.head.clone(),
            documents,
            checkpoint,
            hot: Cache::new(HOT),
            position,
            wrote,
            saved_at: Instant::now(),
        })
    }

    async fn step(
        &mut self,
        feed: &mut (impl Stream<Item = Delivery> + Unpin),
        outage: &mut Outage,
    ) -> Result<(), Ended> {
        let Some(first) = self.next(feed).await? else {
            if self.head.borrow().is_some_and(|head| head <= self.position) {
                outage.caught_up(true);
            }
            return Ok(());
        };
        let idle_until = self.saved_at + IDLE_CHECKPOINT;
        let batch = Batch::collect(first, feed, idle_until).await.ok_or(Ended::Subscription)?;
        timeout(PATIENCE, self.apply(&batch)).await.map_err(|_| Ended::Silence)??;
        outage.over();
        if batch.caught_up {
            outage.caught_up(true);
        }
        batch.poison.map_or(Ok(()), |poison| Err(Ended::Poison(poison)))
    }

    /// The next delivery. Not every store sends checkpoints while nothing matches, so after some silence the view
    /// asks: if nothing of its own stands up to a head that was known before, that head is its checkpoint.
    async fn next(&self, feed: &mut (impl Stream<Item = Delivery> + Unpin)) -> Result<Option<Delivery>, Ended> {
        if let Ok(delivery) = timeout(QUIET, feed.next()).await {
            return delivery.map(Some).ok_or(Ended::Subscription);
        }
        let head = *self.head.borrow();
        head::measure(V::COLLECTION, self.position, head);
        let Some(head) = head.filter(|head| *head > self.position) else { return Ok(None) };
        // A failed question proves nothing, and the subscription looks after itself: so it is asked again.
        let missed = self.log.read_all(V::prefixes(), self.position, 1).await;
        Ok(missed.is_ok_and(|missed| missed.is_empty()).then_some(Delivery::Checkpoint(head)))
    }

    /// Documents first, checkpoint last.
    async fn apply(&mut self, batch: &Batch) -> Result<(), Ended> {
        if !batch.facts.is_empty() {
            self.project(batch).await?;
        }
        if let Some(position) = batch.up_to.filter(|position| *position > self.position) {
            if !self.checkpoint.save(Saved { position, wrote: self.wrote }).await? {
                return Err(Ended::Emptied);
            }
            self.position = position;
            self.saved_at = Instant::now();
            head::measure(V::COLLECTION, position, *self.head.borrow());
        }
        Ok(())
    }

    async fn project(&mut self, batch: &Batch) -> Result<(), Ended> {
        let mut documents = self.touched(batch).await?;
        let mut changed: Vec<V::Key> = Vec::new();
        for fact in &batch.facts {
            for key in V::keys(&fact.event) {
                let before = documents.remove(&key);
                let seen = before.as_ref().map(|stored| stored.seen);
                let Some(stored) = advance::<V>(key, before, fact) else { continue };
                if Some(stored.seen) > seen {
                    changed.push(key);
                }
                documents.insert(key, stored);
            }
        }
        changed.sort_unstable();
        changed.dedup();
        let writes: Vec<_> = changed.iter().filter_map(|key| Some((*key, documents.get(key)?))).collect();
        self.documents.write(&writes).await?;
        self.wrote |= !writes.is_empty();
        documents.into_iter().for_each(|(key, stored)| self.hot.insert(key, stored));
        metrics::counter!("confab_projector_facts_total", "part" => V::COLLECTION).increment(batch.facts.len() as u64);
        metrics::counter!("confab_projector_batches_total", "part" => V::COLLECTION).increment(1);
        Ok(())
    }

    /// The documents that a batch touches, as far as they exist: hot ones from memory, others with one query.
    async fn touched(&self, batch: &Batch) -> Result<HashMap<V::Key, Stored<V::Doc>>, Failure> {
        let mut keys: Vec<V::Key> = batch.facts.iter().flat_map(|fact| V::keys(&fact.event)).collect();
        keys.sort_unstable();
        keys.dedup();
        let (mut touched, mut cold) = (HashMap::with_capacity(keys.len()), Vec::new());
        for key in keys {
            match self.hot.get(&key) {
                Some(stored) => drop(touched.insert(key, stored.clone())),
                None => cold.push(key),
            }
        }
        if !cold.is_empty() {
            touched.extend(self.documents.load(&cold).await?);
        }
        Ok(touched)
    }
}

/// Where to go on: at the saved checkpoint, unless it belongs to other documents or to another store.
async fn starting_point<V: View>(
    documents: &Documents<V>,
    checkpoint: &Checkpoint,
    log: &EventLog,
) -> Result<Saved, Ended> {
    let saved = checkpoint.load().await?;
    let head = log.head().await?;
    if saved.position > head {
        tracing::warn!(
            view = V::COLLECTION,
            checkpoint = saved.position.0,
            head = head.0,
            "the checkpoint lies beyond the event store, which must be another one: rebuilding from its start"
        );
        documents.remove_all().await?;
    } else if saved.wrote && documents.is_empty().await? {
        tracing::warn!(view = V::COLLECTION, "the documents are gone: rebuilding from the event store");
    } else {
        return Ok(saved);
    }
    checkpoint.reset().await?;
    Ok(Saved { position: Position::START, wrote: false })
}
