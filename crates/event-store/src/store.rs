//! The store as the server sees it: opened once, cloned freely, closed when the last clone goes.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::append::{Answer, Append, Command, Removal, Written};
use crate::disk::{Disk, SystemDisk};
use crate::error::{OpenError, ReadError, Refusal};
use crate::folder::{self, Lock};
use crate::index::{self, Builder};
use crate::ledger::{Ledger, RecentIds};
use crate::live::Live;
use crate::log::{self, Place};
use crate::lookup::Lookup;
use crate::reader::Readers;
use crate::scavenge::{Scavenge, ScavengeError, Scavenged};
use crate::writer::{Queued, Writer, linger};

/// Appends that may wait for the writer.
const QUEUED_APPENDS: usize = 8_192;
/// What a start has to do comes before a scavenge that is due.
const A_MOMENT: Duration = Duration::from_secs(60);
/// KiB of events that may wait for the writer.
const QUEUED_KIB: u32 = 64 << 10;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the log and its index; made if it does not exist.
    pub data_dir: PathBuf,
    /// Bytes of event types, data and metadata in one append at most; 1 MiB unless set.
    pub max_append_size: usize,
    /// Bytes after which a file of the log gets a successor; 64 MiB unless set.
    pub segment_bytes: u64,
    /// Bytes of the disk that are left free: appends are refused before; 64 MiB unless set.
    pub spare_bytes: u64,
    /// How often what retention and deletes released is taken out of the log; daily unless set.
    pub scavenge_every: Option<Duration>,
}

impl Options {
    /// The defaults, in this folder.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            max_append_size: 1 << 20,
            segment_bytes: 64 << 20,
            spare_bytes: 64 << 20,
            scavenge_every: Some(Duration::from_secs(24 * 3_600)),
        }
    }
}

/// An open event store. Clones share it; when the last one is dropped the queue is written, the
/// writing thread ends and the folder is free again.
#[derive(Debug, Clone)]
pub struct EventStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: Option<mpsc::Sender<Queued>>,
    bytes: Arc<Semaphore>,
    live: Arc<Live>,
    readers: Arc<Readers>,
    stopped: watch::Receiver<Option<Arc<str>>>,
    writer: Option<JoinHandle<()>>,
    place: Place,
    lookup: Lookup,
    max_append_size: usize,
    scavenge_every: Option<Duration>,
    // Dropped in this order: the folder is free when nobody writes to it.
    builder: Arc<Builder>,
    _lock: Lock,
}

impl EventStore {
    /// Opens or makes the store in a folder, which stays locked until the last clone is dropped.
    ///
    /// Blocks while the newest file of the log is read and checked, and while what the index lacks is
    /// indexed.
    ///
    /// # Errors
    /// The folder is in use, cannot be written, holds something else, or an acknowledged event is damaged.
    pub fn open(options: Options) -> Result<Self, OpenError> {
        Self::open_on(Arc::new(SystemDisk), options)
    }

    pub(crate) fn open_on(disk: Arc<dyn Disk>, options: Options) -> Result<Self, OpenError> {
        let lock = folder::prepare(&*disk, &options.data_dir)?;
        let place = Place {
            disk,
            folder: folder::log(&options.data_dir),
            segment_bytes: options.segment_bytes,
            spare_bytes: options.spare_bytes,
        };
        let tail = log::open(place.clone())?;
        let (segments, id) = (tail.segments().clone(), tail.store());
        // Both read the end of the log, which takes most of a start.
        let (index, ids) = thread::scope(|scope| {
            let ids = scope.spawn(|| RecentIds::read(&segments));
            let index = index::open(&folder::index(&options.data_dir), &segments, id);
            (index, ids.join().unwrap_or(Err(ReadError::Thread)))
        });
        let (index, ids) = (index.map_err(OpenError::Index)?, ids.map_err(OpenError::Index)?);
        let lookup = Lookup { segments, index: Arc::new(index) };
        let live = Arc::new(Live::new(lookup.last_position().map_err(OpenError::Index)?));
        let (sender, queue) = mpsc::channel(QUEUED_APPENDS);
        let (stop, stopped) = watch::channel(None);
        let builder = Arc::new(Builder::spawn(lookup.index.clone(), id).map_err(OpenError::Thread)?);
        builder.wake();
        let writer = Writer {
            ledger: Ledger::new(tail, lookup.clone(), ids),
            index: lookup.index.clone(),
            builder: builder.clone(),
            queue,
            live: live.clone(),
            stopped: stop,
            full: false,
            answered: 0,
            linger: linger(),
        };
        Ok(Self(Arc::new(Inner {
            queue: Some(sender),
            bytes: Arc::new(Semaphore::new(QUEUED_KIB as usize)),
            readers: Arc::new(Readers::new(lookup.clone(), live.clone())),
            live,
            stopped,
            writer: Some(writer.spawn().map_err(OpenError::Thread)?),
            place,
            lookup,
            max_append_size: options.max_append_size,
            scavenge_every: options.scavenge_every,
            builder,
            _lock: lock,
        })))
    }

    /// The newest committed position; 0 in an empty store.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.0.live.head()
    }

    /// Returns when a write error has stopped the store, with what failed.
    pub async fn stopped(&self) -> Arc<str> {
        let mut stopped = self.0.stopped.clone();
        match stopped.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => "the writing thread ended".into(),
        }
    }

    pub(crate) fn max_append_size(&self) -> usize {
        self.0.max_append_size
    }

    pub(crate) fn live(&self) -> &Arc<Live> {
        &self.0.live
    }

    pub(crate) fn readers(&self) -> &Arc<Readers> {
        &self.0.readers
    }

    /// Waits for room in the queue; `answer` is called once, when the append is on the disk or refused.
    pub(crate) async fn submit(&self, append: Append, answer: Answer) {
        let size = append.size();
        self.queue(Command::Append(append), size, answer).await;
    }

    /// As `submit`, and waits for the outcome.
    pub(crate) async fn write(&self, append: Append) -> Result<Written, Refusal> {
        let size = append.size();
        self.settle(Command::Append(append), size).await
    }

    /// Ends a stream, and returns when that is on the disk or refused.
    pub(crate) async fn remove(&self, removal: Removal) -> Result<Written, Refusal> {
        self.settle(Command::Remove(removal), 0).await
    }

    async fn settle(&self, command: Command, size: usize) -> Result<Written, Refusal> {
        let (sender, receiver) = oneshot::channel();
        let answer = move |outcome| {
            let _ = sender.send(outcome);
        };
        self.queue(command, size, Box::new(answer)).await;
        receiver.await.unwrap_or_else(|_| Err(self.refusal()))
    }

    /// Takes out of the log what nobody can see any more, while the store is used, until it is done
    /// or `interrupt` is cancelled. What is done until then stays done.
    ///
    /// # Errors
    /// See [`ScavengeError`]; the store goes on as before.
    pub async fn scavenge(&self, interrupt: CancellationToken) -> Result<Scavenged, ScavengeError> {
        let closed = self.settle(Command::Close, 0).await;
        let closed = closed.map_err(|refusal| ScavengeError::Refused(refusal.to_string()))?;
        let store = self.clone();
        let run = move || {
            let Inner { place, lookup, builder, .. } = &*store.0;
            Scavenge { place, lookup, builder, interrupt: &interrupt }.run(closed.position.unwrap_or(0))
        };
        let done = tokio::task::spawn_blocking(run).await.unwrap_or(Err(ScavengeError::Interrupted))?;
        self.0.place.scavenged_now();
        Ok(done)
    }

    /// Scavenges as often as the options say, until told to end.
    pub(crate) async fn scavenge_regularly(self, closing: CancellationToken) {
        let Some(every) = self.0.scavenge_every else {
            return;
        };
        loop {
            let due = every.saturating_sub(self.0.place.since_scavenge()).max(A_MOMENT);
            if closing.run_until_cancelled(tokio::time::sleep(due)).await.is_none() {
                return;
            }
            match self.scavenge(closing.clone()).await {
                Ok(done) => tracing::info!(files = done.files, events = done.events, bytes = done.bytes, "scavenged"),
                Err(ScavengeError::Interrupted) => return,
                Err(error) => {
                    tracing::warn!(%error, "not everything was scavenged; the next time may do it");
                    self.0.place.scavenged_now();
                }
            }
        }
    }

    async fn queue(&self, command: Command, size: usize, answer: Answer) {
        let kib = u32::try_from(1 + size / 1024).unwrap_or(QUEUED_KIB).min(QUEUED_KIB);
        let share = self.0.bytes.clone().acquire_many_owned(kib).await;
        let (Ok(share), Some(queue)) = (share, &self.0.queue) else {
            return answer(Err(self.refusal()));
        };
        let place = match queue.reserve().await {
            Ok(place) => place,
            Err(_) => return answer(Err(self.refusal())),
        };
        place.send(Queued { command, answer, share });
    }

    fn refusal(&self) -> Refusal {
        let reason = self.0.stopped.borrow().clone();
        Refusal::Stopped(reason.unwrap_or_else(|| "the store is closed".into()))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The writer ends when its queue has no sender, after it has written what is in it.
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}
