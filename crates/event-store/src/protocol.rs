//! The generated messages and services of the EventStoreDB protocol.

#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated from proto/ by the build script"
)]

include!(concat!(env!("OUT_DIR"), "/protocol.rs"));
