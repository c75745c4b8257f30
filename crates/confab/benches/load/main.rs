//! The load bench: a whole Confab as a process of its own, an open-loop generator beside it, latencies counted from the
//! intended send time, and the machine's own limits probed in the same run. Prints a table and writes JSON.
//!
//! `cargo xtask bench [-- --quick] [--json FILE]`; every figure is of this machine at this moment, so only ratios and
//! neighbours in one table can be compared.

#![expect(clippy::unwrap_used, reason = "a bench stops at its first surprise")]
#![expect(unreachable_pub, reason = "the modules of one program have no outside")]

mod crowd;
mod memory;
mod probes;
mod replay;
mod report;
mod rounds;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use report::Report;

/// People in one channel, the author included.
pub const CHANNEL_SIZE: usize = 20;
/// Channels that talk at the same time.
pub const CHANNELS: usize = 10;
/// The steady rate of the latency round, messages per second over all channels.
const STEADY_RATE: u32 = 200;
/// The p99 that a sustained rate must stay under.
const SUSTAINED_P99: Duration = Duration::from_millis(100);

/// Measures delivery, throughput, memory and replay.
#[derive(Parser)]
struct Arguments {
    /// Short rounds: a smoke test of the bench, not a measurement.
    #[arg(long)]
    quick: bool,
    /// Where the figures are written as JSON: `bench.json` in the target folder, unless said otherwise.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Cargo passes this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let seconds = |full: u64, quick: u64| Duration::from_secs(if arguments.quick { quick } else { full });
    let mut report = Report::default();
    report.probe("before", probes::run());

    let mut server = server::Server::start();
    let mut crowd = crowd::Crowd::gather(&server.address, CHANNELS, CHANNEL_SIZE).await;
    // Before any load: afterwards, caches that shrink would hide what sockets cost.
    report.memory(memory::per_idle_socket(&server, &crowd, if arguments.quick { 200 } else { 3_000 }).await);
    rounds::run(&mut crowd, STEADY_RATE, seconds(5, 1)).await;
    report.steady(rounds::run(&mut crowd, STEADY_RATE, seconds(30, 3)).await);
    report.probe("between", probes::run());
    for rate in [500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000] {
        let round = rounds::run(&mut crowd, rate, seconds(10, 2)).await;
        let held = round.lost == 0 && round.delivered_p99() < SUSTAINED_P99;
        report.sustained(round, held);
        if !held {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    report.replay(replay::run(&mut server, &crowd).await);
    report.probe("after", probes::run());
    server.stop();
    report.print();
    let beside_the_build = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench.json");
    report.write(&arguments.json.unwrap_or_else(beside_the_build));
}
