//! The event log: an adapter over the official `eventstore` client that reads, appends and subscribes for ever.
//! It speaks facts, never rules; what the client leaves to its user (dead connections, ended subscriptions) ends here.

mod append;
mod connection;
mod decode;
mod read;
mod retention;
mod subscribe;

pub use append::{Appended, Expected, NewEvent};
pub use connection::{EventLog, LogError};
pub use read::{End, Folded, History};
pub use retention::Retention;
pub use subscribe::Delivery;
