//! Metrics in the Prometheus text format, on a port of their own.

use std::sync::OnceLock;

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts recording for the whole process; further calls give the same recorder.
///
/// `None` when something else in the process already records.
pub fn install() -> Option<PrometheusHandle> {
    let start = || builder().ok()?.install_recorder().ok();
    RECORDER.get_or_init(start).clone()
}

/// A histogram whose name ends in `_seconds` measures time; any other counts something.
fn builder() -> Result<PrometheusBuilder, BuildError> {
    let times = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new().set_buckets(&BUCKETS_COUNT)?.set_buckets_for_metric(times, &BUCKETS_SECONDS)
}

/// From a tenth of a millisecond to ten seconds.
const BUCKETS_SECONDS: [f64; 11] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 10.0];
/// From one to ten thousand, which is as many facts as are ever caught up on.
const BUCKETS_COUNT: [f64; 9] = [1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0, 10_000.0];

/// `GET /metrics`.
pub fn routes() -> Router {
    Router::new().route("/metrics", get(|| async { install().map(|handle| handle.render()).unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_counts_have_buckets_of_their_own() {
        let recorder = builder().unwrap().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!("confab_command_seconds").record(0.002);
            metrics::histogram!("confab_realtime_resumed_facts").record(700.0);
        });
        let text = recorder.handle().render();
        for line in [
            "confab_command_seconds_bucket{le=\"0.001\"} 0",
            "confab_command_seconds_bucket{le=\"0.0025\"} 1",
            "confab_realtime_resumed_facts_bucket{le=\"500\"} 0",
            "confab_realtime_resumed_facts_bucket{le=\"1000\"} 1",
            "confab_realtime_resumed_facts_bucket{le=\"10000\"} 1",
        ] {
            assert!(text.lines().any(|said| said == line), "{line} is not in\n{text}");
        }
    }
}
