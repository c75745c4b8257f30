//! Being without a neighbour: said once when it begins and once when it ends, with growing pauses in between.

use std::fmt::Display;
use std::time::{Duration, Instant};

use service_kit::Gate;

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What one part of the projector knows about its own troubles.
pub(crate) struct Outage {
    part: &'static str,
    gate: Gate,
    since: Option<Instant>,
    pause: Duration,
}

impl Outage {
    pub(crate) const fn none(part: &'static str, gate: Gate) -> Self {
        Self { part, gate, since: None, pause: SHORTEST_PAUSE }
    }

    /// Notes a failure and waits before the next attempt.
    pub(crate) async fn pause_after(&mut self, error: &impl Display) {
        metrics::counter!("confab_projector_failures_total", "part" => self.part).increment(1);
        if self.since.is_none() {
            tracing::warn!(part = self.part, %error, "cannot go on, trying again until it works");
            self.since = Some(Instant::now());
            self.gate.close("a neighbour is away");
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    /// Notes that work is being done, perhaps again.
    pub(crate) fn over(&mut self) {
        self.pause = SHORTEST_PAUSE;
        self.gate.advance();
        if let Some(since) = self.since.take() {
            tracing::info!(part = self.part, outage_ms = since.elapsed().as_millis(), "going on again");
        }
    }

    /// Notes that the part is at the head of what there is, and whether all its work is done.
    pub(crate) fn caught_up(&mut self, done: bool) {
        if done {
            self.over();
        }
        self.gate.open();
    }

    /// Ends the part with an alarm. Others go on; a person has to look at this one.
    pub(crate) async fn stop(self, reason: &str) {
        metrics::gauge!("confab_projector_stopped", "part" => self.part).set(1.0);
        tracing::error!(part = self.part, reason, "stopped, and stays so until a person has looked at it");
        self.gate.close("stopped: see the log");
        std::future::pending().await
    }
}
