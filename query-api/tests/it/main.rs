//! The read side as its users meet it: facts go into a real event store, a real projector folds them into a real
//! `mongod`, and the router answers.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod api;
#[path = "../../../projector/tests/it/engines.rs"]
#[allow(dead_code, reason = "shared with the projector's tests, which use more of it")]
mod engines;
mod freshness;
mod keys;
mod messages;
mod openapi;
mod people;
mod places;
mod recounts;
mod visibility;
#[path = "../../../projector/tests/it/world.rs"]
#[allow(dead_code, reason = "shared with the projector's tests, which use more of it")]
mod world;
