//! command-api on the real event store and a real `nats-server`, called as its clients call it.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod bad_input;
mod changes;
mod channels;
mod commands;
mod conversations;
mod documents;
mod drafts;
mod forwards;
mod groups;
mod limits;
mod messages;
mod notifications;
mod preferences;
mod receipts;
mod registration;
mod requests;
mod retention;
mod saved;
mod sessions;
mod sockets;
mod threads;
mod tokens;
mod world;
