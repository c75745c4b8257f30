//! Laws of the whole: what a client has made of events equals what it would fetch, documents equal a fold from zero, counts
//! equal a recount, and the same command a thousand times at once is one fact. Tests of their own program, for they are long; random ones print their seeds.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]
#![expect(unreachable_pub, reason = "the modules of one program have no outside")]

mod client;
mod convergence;
mod counts;
mod documents;
mod mirror;
mod parallel;
#[path = "../it/rig.rs"]
#[expect(dead_code, reason = "shared with the other program of tests, which uses all of it")]
mod rig;
#[path = "../it/socket.rs"]
#[expect(dead_code, reason = "shared with the other program of tests, which uses all of it")]
mod socket;
mod talk;
