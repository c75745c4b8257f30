//! The bench of the event store: how fast it is beside the bare disk and beside engines that could keep
//! its events, and what grows with it. Prints a table and writes JSON.
//!
//! `cargo xtask bench --store [--quick] [--deep] [--json FILE]`; every figure is of this machine at this
//! moment, so only ratios and neighbours in one table can be compared.

#![expect(clippy::unwrap_used, reason = "a bench stops at its first surprise")]

mod appends;
mod ceiling;
mod engines;
mod growth;
mod network;
mod probes;
mod queue;
mod ratios;
mod report;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use report::Report;

/// Measures appends, reads, subscribers and growth.
#[derive(Parser)]
struct Arguments {
    /// Short rounds and small stores: a smoke test of the bench, not a measurement.
    #[arg(long)]
    quick: bool,
    /// Ten million events too: some minutes and 5 GB more.
    #[arg(long)]
    deep: bool,
    /// Only these parts, separated by commas: ceiling, network, growth.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Where the stores are made: below the target folder, unless said otherwise.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Where the figures are written as JSON: `store-bench.json` in the target folder, unless said otherwise.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Opens and uses the store in a folder, and says what that took.
    #[arg(long, hide = true)]
    inside: Option<PathBuf>,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    match &arguments.inside {
        Some(folder) => growth::inside(folder).await,
        None => measure(&arguments).await,
    }
}

async fn measure(arguments: &Arguments) {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target");
    let parent = arguments.folder.clone().unwrap_or_else(|| target.clone());
    std::fs::create_dir_all(&parent).unwrap();
    let folder = tempfile::tempdir_in(parent).unwrap();
    let (rounds, length) = if arguments.quick { (2, 300) } else { (6, 1_500) };
    let length = Duration::from_millis(length);
    let wanted = |part: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == part);
    let mut report = Report::default();
    probe("before", folder.path(), length, &mut report);
    if wanted("ceiling") {
        ceiling::measure(folder.path(), arguments.quick, &mut report).await;
        probe("between", folder.path(), length, &mut report);
    }
    if wanted("network") {
        network::measure(folder.path(), rounds, length, &mut report).await;
        probe("between", folder.path(), length, &mut report);
    }
    if wanted("growth") {
        let large = if arguments.quick { 100_000 } else { 1_000_000 };
        growth::measure(folder.path(), large, rounds, length, &mut report).await;
        if arguments.deep {
            growth::measure(folder.path(), 10_000_000, rounds, length, &mut report).await;
        }
        probe("after", folder.path(), length, &mut report);
    }
    report.print();
    report.write(&arguments.json.clone().unwrap_or_else(|| target.join("store-bench.json")));
}

fn probe(when: &str, folder: &Path, length: Duration, report: &mut Report) {
    let round = probes::fdatasync(folder, length);
    report.rate(&format!("fdatasync of 300 B, {when}"), &[round.rate], &round.took);
}
