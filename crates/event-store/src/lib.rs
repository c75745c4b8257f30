//! An event store that official EventStoreDB clients can use, on one machine: a log of
//! its own, and an index that is made from it.
//! Its promises are numbered in `SPEC.md`. Knows nothing of who uses it; refuses to acknowledge
//! what is not on the disk.
//!
//! [`serve`] puts a store on the network. A program can also use it directly:
//!
//! ```
//! use event_store::{EventStore, Expected, NewEvent, Options};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let store = EventStore::open(Options::new(folder))?;
//! let opened = NewEvent::json("AccountOpened", r#"{"owner":"Ann"}"#);
//! let written = store.append("account-1", Expected::NoStream, vec![opened]).await?;
//! assert_eq!(written.revision, Some(0)); // It is on the disk.
//!
//! let history = store.read_stream("account-1", 0, 100).await?;
//! assert_eq!(&*history[0].kind, "AccountOpened");
//!
//! let mut events = store.subscribe_all(0);
//! assert_eq!(events.next().await?[0], history[0]);
//! # Ok(())
//! # }
//! ```

mod append;
#[cfg(test)]
mod append_model;
mod backup;
mod connection;
mod crash;
mod disk;
mod embedded;
mod error;
mod event;
mod filter;
mod folder;
mod grpc;
mod index;
mod ledger;
mod live;
mod log;
mod lookup;
mod maintenance;
mod protocol;
mod reader;
mod retention;
mod scavenge;
mod security;
mod server;
mod store;
mod subscription;
mod verify;
mod writer;

pub use append::Written;
pub use backup::{backup, restore};
pub use embedded::{NewEvent, RecordedEvent, Subscription};
pub use error::{AppendError, LogError, OpenError, ReadError, ServeError};
pub use event::Expected;
pub use maintenance::{Maintenance, MaintenanceError};
pub use scavenge::{ScavengeError, Scavenged};
pub use security::{Security, SecurityError, Tls, Users};
pub use server::{serve, serve_with};
pub use store::{EventStore, Options};
pub use verify::{FilesError, Verified, verify};
