//! The all-in-one: every service and the event store in one process, the engines supervised beside it.
//! It composes and owns lifetimes; it holds no rule, no view and no protocol of its own.

mod all_in_one;
mod client_files;
mod demo;
pub mod documents;
pub mod engines;
mod secrets;

pub use all_in_one::{AllInOne, Options, events_dir};
pub use demo::seed;
