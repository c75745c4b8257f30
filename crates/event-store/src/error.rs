//! What can go wrong, one enum per place where a caller chooses what to do.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a store could not be opened. The text is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another store in this one, has the folder open.
    #[error("the folder {} is in use by another event store: stop it, or choose another folder", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The folder cannot be made, read or synced.
    #[error("the folder {} cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file was written by another version of this program.
    #[error("the store has format {found}, which this version cannot read: use the version that wrote it")]
    UnknownVersion {
        /// The format number found.
        found: i64,
    },
    /// The log cannot be read, or is damaged.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The index cannot be made.
    #[error("the events cannot be indexed: {0}")]
    Index(#[source] ReadError),
    /// A thread could not be started.
    #[error("a thread could not be started")]
    Thread(#[source] io::Error),
}

/// What is wrong with the files of the log. The text is one line.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The system refused a file.
    #[error("{} cannot be used: {source}", path.display())]
    Io {
        /// The file or its folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file does not begin as a file of a log does.
    #[error("{} is not a whole file of a log: restore it from a backup", path.display())]
    Header {
        /// The file.
        path: PathBuf,
    },
    /// A file was written by another version of this program.
    #[error("{} has format {found}, which this version cannot read: use the version that wrote it", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format number found.
        found: u32,
    },
    /// A file belongs to another store.
    #[error("{} belongs to another store: two folders were mixed", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// An acknowledged event is missing or not as it was written.
    #[error("the log is damaged at position {position}, in {}: restore it from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first bad position.
        position: u64,
    },
}

/// Why serving ended before it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener has no address.
    #[error("the listener cannot be used")]
    Listener(#[source] io::Error),
    /// The transport failed.
    #[error("the gRPC server failed")]
    Transport(#[from] tonic::transport::Error),
    /// The store stopped because a write failed; nothing unwritten was acknowledged.
    #[error("the event store stopped: {reason}")]
    Stopped {
        /// What failed.
        reason: Arc<str>,
    },
    /// Plain text on a network that others can reach was not asked for.
    #[error(
        "{0} is reachable from elsewhere: give --tls-cert, --tls-key and --password-file, listen on loopback, or pass --insecure"
    )]
    Insecure(SocketAddr),
}

/// Why an append was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The stream is not where the writer believed; `current` is `None` when it does not exist.
    #[error("wrong expected version")]
    WrongExpected { current: Option<u64> },
    /// The stream has been ended for ever.
    #[error("the stream {stream:?} is deleted")]
    Deleted { stream: Arc<str> },
    /// The deadline passed before the append was looked at.
    #[error("the deadline passed; nothing was written")]
    Expired,
    /// There is no room on the disk; later there may be.
    #[error("the disk is full; nothing was written")]
    Full,
    /// What it depends on cannot be read.
    #[error("nothing was written: {0}")]
    Unreadable(Arc<str>),
    /// The store does not write any more.
    #[error("nothing was acknowledged: {0}")]
    Stopped(Arc<str>),
}

/// Why [`append`](crate::EventStore::append) has written nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The stream is not where the writer believed.
    #[error("the stream is not as expected: its last revision is {current:?}")]
    WrongExpected {
        /// The revision of its last event; `None` when it has none.
        current: Option<u64>,
    },
    /// The stream has been ended for ever.
    #[error("the stream {stream:?} is deleted")]
    Deleted {
        /// Its name.
        stream: Arc<str>,
    },
    /// A stream or an event type cannot have this name.
    #[error("{name:?} cannot be appended: a name has 1 to 1,024 bytes and is none of the store's own")]
    Name {
        /// The name.
        name: Arc<str>,
    },
    /// An event's id is all zeros.
    #[error("an event id must not be all zeros")]
    NilId,
    /// The events are too large for one append.
    #[error("an append may have {limit} bytes at most")]
    TooLarge {
        /// Bytes of types, data and metadata at most.
        limit: usize,
    },
    /// There is no room on the disk; later there may be.
    #[error("the disk is full; nothing was written")]
    Full,
    /// The stored events that it depends on are damaged.
    #[error("nothing was written: {reason}")]
    Unreadable {
        /// What is damaged.
        reason: Arc<str>,
    },
    /// The store does not write any more. What was asked last may or may not have been written.
    #[error("nothing was acknowledged: {reason}")]
    Stopped {
        /// What failed.
        reason: Arc<str>,
    },
}

impl From<Refusal> for AppendError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::WrongExpected { current } => Self::WrongExpected { current },
            Refusal::Deleted { stream } => Self::Deleted { stream },
            Refusal::Full => Self::Full,
            Refusal::Unreadable(reason) => Self::Unreadable { reason },
            Refusal::Stopped(reason) => Self::Stopped { reason },
            // Only clients on the network set deadlines.
            Refusal::Expired => Self::Stopped { reason: "the deadline passed".into() },
        }
    }
}

/// Why a read gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A stored event is not as it was written.
    #[error("the stored event at position {position} is damaged")]
    Damaged {
        /// Where it is, or should be.
        position: u64,
    },
    /// A file of the index is damaged; it is made anew at the next start.
    #[error("the index is damaged in {}: start the store again", path.display())]
    DamagedIndex {
        /// The file.
        path: PathBuf,
    },
    /// The stream has been ended for ever.
    #[error("the stream {stream:?} is deleted")]
    Deleted {
        /// Its name.
        stream: Arc<str>,
    },
    /// A regular expression takes too many steps.
    #[error("the filter's regular expression takes too long on {subject:?}")]
    FilterTooSlow {
        /// What it was matched against.
        subject: String,
    },
    /// The system refused a read.
    #[error("the log cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The reading thread is gone.
    #[error("the reading thread failed")]
    Thread,
}
