//! The EventStoreDB protocol: turns messages into appends, reads and subscriptions, and back.
//! Decides nothing about events.

pub(crate) mod access;
pub(crate) mod append;
pub(crate) mod batch;
pub(crate) mod discovery;
pub(crate) mod links;
pub(crate) mod outbox;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod remove;
pub(crate) mod status;
pub(crate) mod streams;
pub(crate) mod wire;
