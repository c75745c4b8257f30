//! The rules of Confab: aggregates remember, commands decide. A rule is a total function of (state, command);
//! time, ids and foreign facts arrive inside the command. No clock, no randomness, no I/O.
#![warn(clippy::wildcard_enum_match_arm)]

mod aggregate;
mod visible;

pub mod account;
pub mod activity;
pub mod conversation;
pub mod credential;
pub mod draft;
pub mod follow;
pub mod identifier;
pub mod inbox;
pub mod message;
pub mod notification;
pub mod pins;
pub mod preference;
pub mod presence;
pub mod profile;
pub mod receipt;
pub mod saved;
pub mod session;
pub mod slash;
pub mod workspace;

#[cfg(test)]
mod spec;

pub use aggregate::{Aggregate, Command, EventOf, IdOf, RefusalOf, StateOf, replay};
