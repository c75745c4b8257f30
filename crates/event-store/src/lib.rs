//! An event store that official EventStoreDB clients can use, on one machine, over SQLite.
//! Its promises are numbered in `SPEC.md`. Knows nothing of who uses it; refuses to acknowledge
//! what is not on the disk.

mod append;
#[cfg(test)]
mod append_model;
mod checkpoint;
mod connection;
mod database;
mod error;
mod event;
mod filter;
mod grpc;
mod ledger;
mod live;
mod protocol;
mod reader;
mod retention;
mod security;
mod server;
mod store;
mod subscription;
mod writer;

pub use error::{OpenError, ServeError};
pub use security::{Security, SecurityError, Tls, Users};
pub use server::{serve, serve_with};
pub use store::{EventStore, Options};
