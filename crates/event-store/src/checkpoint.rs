//! Moves SQLite's log into the database beside the writer, so that no append waits for it unless
//! the log has grown far too long.

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use crate::database::{checkpoint, checkpointer, log};
use crate::error::OpenError;

/// Commits between two looks at the log.
const COMMITS: u32 = 32;
/// Pages that only the log has (4 MiB) above which they are moved in the background.
const PAGES: i64 = 1_024;
/// Pages in the log (64 MiB) above which the writer moves the rest itself: only when nobody writes
/// can the log become empty and begin anew.
const PAGES_TOO_MANY: i64 = 16_384;

/// The writer's end of the checkpointing thread.
pub(crate) struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    commits: u32,
}

impl Checkpointer {
    pub(crate) fn spawn(folder: &Path) -> Result<Self, OpenError> {
        let connection = checkpointer(folder)?;
        let (wake, woken) = sync_channel::<()>(1);
        let thread = thread::Builder::new()
            .name("event-store-checkpoint".into())
            .spawn(move || {
                while woken.recv().is_ok() {
                    if let Err(error) = checkpoint(&connection) {
                        tracing::warn!(%error, "a checkpoint failed and is tried again later");
                    }
                }
            })
            .map_err(OpenError::Thread)?;
        Ok(Self { wake: Some(wake), thread: Some(thread), commits: 0 })
    }

    /// To be called after each commit, outside a transaction.
    pub(crate) fn committed(&mut self, connection: &Connection) {
        self.commits += 1;
        if self.commits < COMMITS {
            return;
        }
        self.commits = 0;
        if let Err(error) = self.look(connection) {
            tracing::warn!(%error, "the log could not be emptied and keeps growing");
        }
    }

    fn look(&self, connection: &Connection) -> rusqlite::Result<()> {
        let log = log(connection)?;
        if log.pages > PAGES_TOO_MANY {
            return checkpoint(connection);
        }
        if log.pages - log.moved > PAGES
            && let Some(wake) = &self.wake
        {
            // A full channel means that one is on its way.
            let _ = wake.try_send(());
        }
        Ok(())
    }

    /// The last checkpoint: a clean end leaves an empty log.
    pub(crate) fn finish(&mut self, connection: &Connection) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if let Err(error) = checkpoint(connection) {
            tracing::warn!(%error, "the last checkpoint failed; the next start does it");
        }
    }
}
