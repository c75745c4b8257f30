//! The laws that every view obeys, and what each view's documents say.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod activity;
mod histories;
mod laws;
mod recounts;
mod specs;
mod threads;
