//! The load bench: an open-loop generator, latencies counted from the intended send time.

use std::time::Duration;

use crate::report::Report;
use crate::{crowd, memory, probes, replay, rounds, server};

/// People in one channel, the author included.
pub const CHANNEL_SIZE: usize = 20;
/// Channels that talk at the same time.
const CHANNELS: usize = 10;
/// The steady rate of the latency round, messages per second over all channels.
const STEADY_RATE: u32 = 200;
/// The p99 that a sustained rate must stay under.
const SUSTAINED_P99: Duration = Duration::from_millis(100);

/// Measures delivery, throughput, memory and replay.
pub async fn run(quick: bool, report: &mut Report) {
    let seconds = |full: u64, short: u64| Duration::from_secs(if quick { short } else { full });
    report.probe("before", probes::run());

    let mut server = server::Server::start();
    let mut crowd = crowd::Crowd::gather(&server.address, CHANNELS, CHANNEL_SIZE).await;
    // Before any load: afterwards, caches that shrink would hide what sockets cost.
    report.memory(memory::per_idle_socket(&server, &crowd, if quick { 200 } else { 3_000 }).await);
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
}
