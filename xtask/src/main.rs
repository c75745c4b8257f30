//! `cargo xtask`: every task of this repository, the same on a laptop and in CI.
//! Uses nothing of Confab's own crates, so that it works while they do not compile.

mod bench;
mod browser;
mod cargo;
mod checks;
mod clocks;
mod engines;
mod generate;
mod place;
mod run;
mod server;
mod steps;
mod tally;
mod tools;
mod up;
mod web;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::place::Place;

/// Tasks of the Confab repository.
#[derive(Parser)]
#[command(name = "cargo xtask", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds everything and runs it on this machine until Ctrl-C.
    Up(up::Options),
    /// Runs every check and test; the last line counts them.
    Test {
        /// Leave out the browser tests.
        #[arg(long)]
        quick: bool,
    },
    /// Writes what is generated from code: API documents, and the client's types from them.
    Gen {
        /// Only compare with the files in the repository.
        #[arg(long)]
        check: bool,
    },
    /// Measures a whole system: under load, or `fanout`, or `costs`.
    Bench {
        /// Measure the event store by itself, beside other engines.
        #[arg(long)]
        store: bool,
        /// Handed to the measurement as they are.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Finds the engines (MongoDB, NATS), or fetches them into .confab/bin.
    Engines,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    let place = Place::find();
    match task {
        Task::Up(options) => up::up(&place, &options),
        Task::Test { quick } => checks::all(&place, quick),
        Task::Gen { check: false } => generate::write(&place).map(|()| ExitCode::SUCCESS),
        Task::Gen { check: true } => generate::compare(&place).map(|()| ExitCode::SUCCESS),
        Task::Bench { store: true, arguments } => bench::store(&place, &arguments),
        Task::Bench { store: false, arguments } => bench::bench(&place, &arguments),
        Task::Engines => engines::ensure(&place).map(|()| ExitCode::SUCCESS),
    }
}
