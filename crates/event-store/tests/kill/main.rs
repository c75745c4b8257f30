//! SPEC.md rule 7.1 with a real process that dies, again and again. Every acknowledged append is there
//! once, at its acknowledged place; what was not acknowledged may be sent again.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod at_points;
mod at_random;
mod load;
