//! `cargo xtask bench`: the measurements of a whole system, on the real engines, or that of the event store by itself.
//! Measures nothing itself.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use crate::place::Place;
use crate::{cargo, engines, run};

/// The event store's bench is a workspace of its own, so that nothing else builds what it compares with.
const STORE_BENCH: &str = "crates/event-store/bench/Cargo.toml";

/// Runs the measurement that the arguments name; its exit code becomes ours.
pub(crate) fn bench(place: &Place, arguments: &[OsString]) -> Result<ExitCode> {
    engines::ensure(place)?;
    let mut command = cargo::cargo(place);
    command.args(["bench", "--package", "confab", "--bench", "load", "--"]).args(arguments);
    run::check(run::finish(&mut command)?, "The measurement")?;
    Ok(ExitCode::SUCCESS)
}

/// Measures the event store beside the engines that it could have been built on.
pub(crate) fn store(place: &Place, arguments: &[OsString]) -> Result<ExitCode> {
    let mut command = cargo::cargo(place);
    command.args(["run", "--release", "--locked", "--manifest-path", STORE_BENCH, "--target-dir", "target", "--"]);
    run::check(run::finish(command.args(arguments))?, "The measurement")?;
    Ok(ExitCode::SUCCESS)
}
