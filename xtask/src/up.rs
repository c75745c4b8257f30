//! `cargo xtask up`: from a fresh clone to a running Confab. Checks first, then fetches and builds, then becomes the program.
//! Becoming it (exec) passes on Ctrl-C and the exit code, and leaves no parent behind.

use std::convert::Infallible;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::place::Place;
use crate::{cargo, engines, tools, web};

/// How to run.
#[derive(Args)]
pub(crate) struct Options {
    /// The port of the web address, on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where all data is kept; by default .confab in the root of the repository.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Fill an empty workspace with people and conversations, and print two sign-ins.
    #[arg(long)]
    demo: bool,
    /// Build with optimisations.
    #[arg(long)]
    release: bool,
}

/// Returns only if something is in the way.
pub(crate) fn up(place: &Place, options: &Options) -> Result<ExitCode> {
    let data_dir = std::path::absolute(options.data_dir.as_ref().unwrap_or(&place.own))?;
    check(place, options.port, &data_dir)?;
    engines::ensure(place)?;
    let dist = web::build(place)?;
    println!("Building Confab");
    let program = cargo::build_confab(place, options.release)?;
    let mut command = Command::new(program);
    command.arg("--port").arg(options.port.to_string());
    command.arg("--data-dir").arg(&data_dir).arg("--web-dir").arg(dist);
    if options.demo {
        command.arg("--demo");
    }
    become_program(command.env("PATH", place.path())).map(|never| match never {})
}

fn become_program(command: &mut Command) -> Result<Infallible> {
    Err(command.exec()).context("Cannot start confab")
}

/// Everything that can be known before the long work starts.
fn check(place: &Place, port: u16, data_dir: &Path) -> Result<()> {
    if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        bail!("Port {port} of 127.0.0.1 cannot be had ({error}): stop what uses it, or choose another with --port.");
    }
    writable(data_dir, "choose another folder with --data-dir")?;
    writable(&place.web, "the client is built there")?;
    tools::node()?;
    engines::can_fetch(place)
}

fn writable(folder: &Path, advice: &str) -> Result<()> {
    let probe = folder.join(".writable");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&probe, ""));
    if let Err(error) = written.and_then(|()| fs::remove_file(&probe)) {
        bail!("Cannot write to {} ({error}): {advice}.", folder.display());
    }
    Ok(())
}
