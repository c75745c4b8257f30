//! An event store that official EventStoreDB clients can use, on one machine: a log of
//! its own, and an index that is made from it.
//! Its promises are numbered in `SPEC.md`. Knows nothing of who uses it; refuses to acknowledge
//! what is not on the disk.

mod append;
#[cfg(test)]
mod append_model;
mod backup;
mod connection;
mod crash;
mod disk;
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

pub use backup::{backup, restore};
pub use error::{LogError, OpenError, ReadError, ServeError};
pub use maintenance::{Maintenance, MaintenanceError};
pub use scavenge::{ScavengeError, Scavenged};
pub use security::{Security, SecurityError, Tls, Users};
pub use server::{serve, serve_with};
pub use store::{EventStore, Options};
pub use verify::{FilesError, Verified, verify};
