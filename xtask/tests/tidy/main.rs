//! Tidy: the conventions of this repository that a program can check. Each failure names the file and the rule.
//! Looks only at what git knows or would add; understands Rust and TypeScript no further than it must.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod dependencies;
mod names;
mod papers;
mod refusals;
mod requirements;
mod settings;
mod sizes;
mod sources;
mod views;
mod words;

/// Fails with every offence at once.
#[track_caller]
fn none(rule: &str, offences: Vec<String>) {
    assert!(offences.is_empty(), "{rule}:\n  {}\n", offences.join("\n  "));
}
