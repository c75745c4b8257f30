//! The projector on a real `mongod`, a real `nats-server` and the real event store.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod documents;
mod engines;
mod faults;
mod relay;
mod world;
