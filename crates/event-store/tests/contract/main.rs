//! The contract suite: one test per rule of SPEC.md, named after it, run through the official
//! `eventstore` client against a listening server. Knows nothing of how the server works inside. Rules of
//! the protocol alone are also tried on the server that `CONFAB_TEST_EVENTSTORE_URL` names.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod appending;
mod batches;
mod client;
mod discovery;
mod durability;
mod full_disk;
mod half_open;
mod harness;
mod keeping;
mod links;
mod not_offered;
mod raw;
mod reading;
mod refusals;
mod removing;
mod retention;
mod security;
mod subscribing;
mod wrong_requests;
