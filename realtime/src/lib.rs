//! The realtime service: websockets. It tells everybody what is for them, once and in order, and carries commands to
//! the command service. It writes no event and reads no document.

mod admission;
mod app;
mod asyncapi;
mod board;
mod commands;
mod config;
mod entry;
mod feed;
mod indexes;
mod link;
mod mailbox;
mod node;
mod presence;
pub mod protocol;
mod resume;
mod ring;
mod run;
pub mod session;
mod signals;
mod socket;
mod wire;

pub use app::{App, router};
pub use asyncapi::asyncapi;
pub use config::Config;
pub use run::run;
