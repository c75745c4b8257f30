//! How long commands take and what comes of them, by the kind of stream they are for.

use std::time::Instant;

use events::StreamName;

/// A command being carried out; counted when it is done, or given up by its sender.
pub(crate) struct Measure {
    category: &'static str,
    started: Instant,
    outcome: &'static str,
}

impl Measure {
    pub(crate) fn start(stream: &StreamName) -> Self {
        let category = stream.category().map_or("unknown", events::Category::as_str);
        Self { category, started: Instant::now(), outcome: "given_up" }
    }

    /// Ends with what came of it: `done`, `refused`, `busy` or `failed`.
    pub(crate) fn end(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Measure {
    fn drop(&mut self) {
        let seconds = self.started.elapsed().as_secs_f64();
        metrics::histogram!("confab_command_seconds", "category" => self.category).record(seconds);
        metrics::counter!("confab_commands_total", "category" => self.category, "outcome" => self.outcome).increment(1);
    }
}
