//! Looks at every event of a store and at the chain that ties them together.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{LogError, OpenError};
use crate::folder;
use crate::log::{Seen, Snapshot};

/// What was found in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Events that are there.
    pub events: u64,
    /// Events that scavenges took out. That the chain goes on over them is taken from the log itself.
    pub scavenged: u64,
    /// The position of the newest event; 0 without any.
    pub newest: u64,
    /// The chain up to the newest event: two stores with the same one hold the same history.
    pub chain: [u8; 32],
}

/// Why a store's files could not be verified, copied or restored. The text is one line.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The log is damaged, or cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] OpenError),
    /// Something is there already.
    #[error("{} is there already: choose another folder, or move it away", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// A copy cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Verifies the store in a folder, whether or not one has it open. Reads all of it once.
///
/// # Errors
/// The first bad position, if there is one.
pub fn verify(data_dir: &Path) -> Result<Verified, FilesError> {
    Ok(snapshot(data_dir)?.walk()?.into())
}

/// The store's files as they are, held still where no other store holds them.
pub(crate) fn snapshot(data_dir: &Path) -> Result<Snapshot, FilesError> {
    let log = folder::log(data_dir);
    match folder::lock(data_dir) {
        Ok(_alone) => Ok(Snapshot::take(&log, true)?),
        Err(OpenError::Locked { .. }) => Ok(Snapshot::take(&log, false)?),
        Err(error) => Err(error.into()),
    }
}

impl From<Seen> for Verified {
    fn from(seen: Seen) -> Self {
        Self { events: seen.events, scavenged: seen.scavenged, newest: seen.newest, chain: seen.chain }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events in order, the newest at position {}; ", self.events, self.newest)?;
        if self.scavenged > 0 {
            write!(f, "{} scavenged before; ", self.scavenged)?;
        }
        write!(f, "chain ")?;
        self.chain.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
