//! Realtime as a process of its own.

use event_log::EventLog;
use service_kit::{Readiness, Verifier, health_routes, install_metrics, metrics_routes, public, serve};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{App, Config, router};

/// Serves until told to stop, then closes every socket with a time to come back.
///
/// # Errors
/// When an address is not one, or a listener fails.
pub async fn run(config: Config, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
    install_metrics();
    let log = EventLog::connect(&config.event_store_url)?;
    let readiness = Readiness::default();
    let verifier = Verifier::fetching(config.jwks_url.clone(), &readiness);
    if let Some(address) = config.metrics_listen {
        let metrics = TcpListener::bind(address).await?;
        tokio::spawn(serve(metrics, metrics_routes(), shutdown.clone()));
    }
    let app = App::start(config, log, verifier, readiness.clone(), shutdown.clone()).await?;
    let routes = public(router(app.clone()).merge(health_routes(readiness)));
    serve(listener, routes, shutdown).await;
    app.drained().await;
    Ok(())
}
