//! Processor time that processes have used, threads that have ended included.

use std::time::Duration;

/// The kernel counts in hundredths of a second for everybody who asks, whatever its own clock does.
const TICKS_PER_SECOND: f64 = 100.0;

/// User and system time of all of them together.
pub fn used(processes: &[u32]) -> Duration {
    Duration::from_secs_f64(processes.iter().map(|pid| ticks(*pid)).sum::<f64>() / TICKS_PER_SECOND)
}

fn ticks(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th after it.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum()
}
