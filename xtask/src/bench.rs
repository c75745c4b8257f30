//! `cargo xtask bench`: the load measurement, on the real engines. Measures nothing itself.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use crate::place::Place;
use crate::{cargo, engines, run};

/// Runs the measurement with the given arguments; its exit code becomes ours.
pub(crate) fn bench(place: &Place, arguments: &[OsString]) -> Result<ExitCode> {
    engines::ensure(place)?;
    let mut command = cargo::cargo(place);
    command.args(["bench", "--package", "confab", "--bench", "load", "--"]).args(arguments);
    run::check(run::finish(&mut command)?, "The measurement")?;
    Ok(ExitCode::SUCCESS)
}
