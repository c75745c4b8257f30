//! Metrics in the Prometheus text format, on a port of their own.

use std::sync::OnceLock;

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts recording for the whole process; further calls give the same recorder.
///
/// `None` when something else in the process already records.
pub fn install() -> Option<PrometheusHandle> {
    let start = || PrometheusBuilder::new().set_buckets(&BUCKETS_SECONDS).ok()?.install_recorder().ok();
    RECORDER.get_or_init(start).clone()
}

/// From a tenth of a millisecond to ten seconds.
const BUCKETS_SECONDS: [f64; 11] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 10.0];

/// `GET /metrics`.
pub fn routes() -> Router {
    Router::new().route("/metrics", get(|| async { install().map(|handle| handle.render()).unwrap_or_default() }))
}
