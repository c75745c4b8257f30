//! The store as the server sees it: opened once, cloned freely, closed when the last clone goes.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{Semaphore, mpsc, watch};

use crate::append::{Answer, Append};
use crate::checkpoint::Checkpointer;
use crate::database;
use crate::error::{OpenError, Refusal};
use crate::ledger::Ledger;
use crate::live::Live;
use crate::reader::Readers;
use crate::writer::{Queued, Writer};

/// Appends that may wait for the writer.
const QUEUED_APPENDS: usize = 8_192;
/// KiB of events that may wait for the writer.
const QUEUED_KIB: u32 = 64 << 10;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the database; made if it does not exist.
    pub data_dir: PathBuf,
    /// Bytes of event types, data and metadata in one append at most; 1 MiB unless set.
    pub max_append_size: usize,
}

impl Options {
    /// The defaults, in this folder.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), max_append_size: 1 << 20 }
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
    max_append_size: usize,
}

impl EventStore {
    /// Opens or makes the store in a folder, which stays locked until the last clone is dropped.
    ///
    /// Blocks for as long as SQLite needs to recover its log.
    ///
    /// # Errors
    /// The folder is in use, cannot be written, or holds something else.
    pub fn open(options: Options) -> Result<Self, OpenError> {
        let (lock, connection) = database::prepare(&options.data_dir)?;
        let ledger = Ledger::new(connection)?;
        let live = Arc::new(Live::new(ledger.last_position()));
        let (sender, queue) = mpsc::channel(QUEUED_APPENDS);
        let (stop, stopped) = watch::channel(None);
        let writer = Writer {
            ledger,
            queue,
            live: live.clone(),
            checkpointer: Checkpointer::spawn(&options.data_dir)?,
            stopped: stop,
            lock,
        };
        Ok(Self(Arc::new(Inner {
            queue: Some(sender),
            bytes: Arc::new(Semaphore::new(QUEUED_KIB as usize)),
            live,
            readers: Arc::new(Readers::new(&options.data_dir)),
            stopped,
            writer: Some(writer.spawn().map_err(OpenError::Thread)?),
            max_append_size: options.max_append_size,
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
        let size: usize = append.events.iter().map(|event| event.size()).sum();
        let kib = u32::try_from(1 + size / 1024).unwrap_or(QUEUED_KIB).min(QUEUED_KIB);
        let share = self.0.bytes.clone().acquire_many_owned(kib).await;
        let (Ok(share), Some(queue)) = (share, &self.0.queue) else {
            return answer(Err(self.refusal()));
        };
        let place = match queue.reserve().await {
            Ok(place) => place,
            Err(_) => return answer(Err(self.refusal())),
        };
        place.send(Queued { append, answer, share });
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
