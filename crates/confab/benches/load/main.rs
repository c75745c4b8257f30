//! The benches of the whole system: a Confab as a process of its own, with real engines, and what measures it beside it,
//! the machine's own limits probed in the same run. Each prints a table and writes JSON.
//!
//! `cargo xtask bench [load | fanout | costs] [--quick] [--json FILE]`; every figure is of this machine at this moment, so only
//! ratios and neighbours in one table can be compared.

#![expect(clippy::unwrap_used, reason = "a bench stops at its first surprise")]
#![expect(unreachable_pub, reason = "the modules of one program have no outside")]

mod costs;
mod cpu;
mod crowd;
mod fanout;
mod fits;
mod line;
mod load;
mod memory;
mod probes;
mod ratios;
mod replay;
mod report;
mod rounds;
mod seeds;
mod server;
mod tokens;
mod volley;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Parser, ValueEnum};
use report::Report;

/// Measures one part of what a whole Confab can do.
#[derive(Parser)]
struct Arguments {
    /// What to measure.
    #[arg(value_enum, default_value_t = Part::Load)]
    part: Part,
    /// Short rounds: a smoke test of the bench, not a measurement.
    #[arg(long)]
    quick: bool,
    /// Where the figures are written as JSON: `bench-PART.json` in the target folder, unless said otherwise.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Cargo passes this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// Delivery, throughput, memory and replay under load.
    Load,
    /// Fan-out to many sockets, beside a bare `ws` server.
    Fanout,
    /// Costs that must not grow with histories, members, bystanders and people.
    Costs,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Fanout => "fanout",
            Self::Costs => "costs",
        }
    }
}

#[tokio::main]
async fn main() {
    let Arguments { part, quick, json, .. } = Arguments::parse();
    let mut report = Report::default();
    match part {
        Part::Load => load::run(quick, &mut report).await,
        Part::Fanout if quick => fanout::run(3, Duration::from_secs(1), &mut report).await,
        Part::Fanout => fanout::run(9, Duration::from_secs(4), &mut report).await,
        Part::Costs => costs::run(if quick { &costs::QUICK } else { &costs::FULL }, &mut report).await,
    }
    report.print();
    let file = format!("bench-{}.json", part.name());
    report.write(&json.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name(file)));
}
