//! What operators do with a store's files, as commands of a program.

use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::backup::{backup, restore};
use crate::error::OpenError;
use crate::scavenge::ScavengeError;
use crate::store::{EventStore, Options};
use crate::verify::{FilesError, verify};

/// One thing to do with the store in a folder.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Maintenance {
    /// Reads every event and checks the chain that ties them together; names the first bad position.
    Verify,
    /// Copies what is acknowledged to a new folder, and verifies the copy; the store may be in use.
    Backup {
        /// The folder to make.
        target: PathBuf,
    },
    /// Makes the store, where there is none, from a backup.
    Restore {
        /// The folder of the backup.
        backup: PathBuf,
    },
    /// Takes out what retention and deletes released. A running store does so by itself.
    Scavenge,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// The files are damaged, in the way, or cannot be written.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The scavenge ended early.
    #[error(transparent)]
    Scavenge(#[from] ScavengeError),
}

impl Maintenance {
    /// Does it to the store in a folder, and says in one line what was done.
    ///
    /// # Errors
    /// See [`MaintenanceError`].
    pub async fn run(self, data_dir: &Path) -> Result<String, MaintenanceError> {
        match self {
            Self::Verify => Ok(format!("verified: {}", verify(data_dir)?)),
            Self::Backup { target } => Ok(format!("copied to {}: {}", target.display(), backup(data_dir, &target)?)),
            Self::Restore { backup } => Ok(format!("restored: {}", restore(&backup, data_dir)?)),
            Self::Scavenge => {
                let done = EventStore::open(Options::new(data_dir))?.scavenge(CancellationToken::new()).await?;
                Ok(format!("scavenged: {} events of {} files, {} bytes", done.events, done.files, done.bytes))
            }
        }
    }
}
