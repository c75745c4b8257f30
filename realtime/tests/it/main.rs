//! Realtime on real parts: a real nats-server, the embedded event store, real sockets. The relay and the command
//! service are played by the tests themselves.
#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod backstage;
mod bad_clients;
mod client;
mod commands;
mod delivery;
mod nats;
mod outages;
mod presence;
mod resume;
mod storms;
mod world;
