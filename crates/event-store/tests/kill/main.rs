//! Real processes under load. Rule 7.1 of SPEC.md: they die, again and again, and every acknowledged append
//! is there once, at its acknowledged place; what was not acknowledged may be sent again. Rule 5.8: crowds
//! of subscribers.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod at_points;
mod at_random;
mod crowds;
mod load;
