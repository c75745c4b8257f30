//! The write side's shell: command → decide → append. The only writer of events.
//! It moves bytes between HTTP, NATS and the event store; every rule stands in `domain`.

mod activity;
mod actor;
mod app;
mod channels;
mod commands;
mod config;
mod conversations;
mod cookies;
mod drafts;
mod execute;
mod fields;
mod forwarding;
mod me;
mod measure;
mod messages;
mod nats;
mod notifier;
mod passwords;
mod people;
mod preferences;
mod problems;
mod rate;
mod receipts;
mod refresh_token;
mod registration;
mod retention;
mod routes;
mod run;
mod saved;
mod sending;
mod session_index;
mod sessions;
mod signing_key;
mod status;
mod threads;
mod zones;

pub mod node_claim;

pub use app::App;
pub use config::{Config, Rates};
pub use routes::{openapi, router, routes};
pub use run::run;
