//! Cargo, as this checkout's tasks call it. Never cleans and never updates the lock file by intent.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::place::Place;
use crate::run;

/// The beginnings of the variables in which `cargo run` describes the package that it runs.
const ABOUT_XTASK: [&str; 4] = ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_", "CARGO_CRATE_"];

/// A cargo command line in the root of the checkout, the fetched engines on its PATH.
pub(crate) fn cargo(place: &Place) -> Command {
    let mut command = run::program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&place.root).env("PATH", place.path());
    // What `cargo run` said about xtask is not true of other packages; build scripts that look would run anew each time.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| ABOUT_XTASK.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command
}

/// Builds the all-in-one program and says where it is.
pub(crate) fn build_confab(place: &Place, release: bool) -> Result<PathBuf> {
    let mut command = cargo(place);
    command.args(["build", "--package", "confab", "--bin", "confab", "--message-format=json-render-diagnostics"]);
    if release {
        command.arg("--release");
    }
    let mut executable = None;
    let status = run::read_silently(&mut command, |line| {
        executable = executable_of(line).or(executable.take());
    })?;
    run::check(status, "The build of confab")?;
    executable.context("cargo named no program")
}

/// The path in one of cargo's JSON messages, if it announces the program `confab`.
fn executable_of(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let ours = message["target"]["name"] == "confab";
    message["executable"].as_str().filter(|_| ours).map(PathBuf::from)
}
