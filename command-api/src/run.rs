//! command-api as a process of its own.

use event_log::EventLog;
use service_kit::{Readiness, health_routes, install_metrics, metrics_routes, public, serve};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::Config;
use crate::routes::router;

/// Serves on the listener until `shutdown` is cancelled.
///
/// # Errors
/// When the process cannot start.
pub async fn run(config: Config, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
    install_metrics();
    let readiness = Readiness::default();
    let log = EventLog::connect(&config.event_store_url)?;
    if let Some(address) = config.metrics_listen {
        let metrics = TcpListener::bind(address).await?;
        tokio::spawn(serve(metrics, metrics_routes(), shutdown.clone()));
    }
    let app = App::start(config, log, readiness.clone(), shutdown.clone()).await?;
    let router = public(router(app).merge(health_routes(readiness)));
    tracing::info!(address = %listener.local_addr()?, "command-api serves");
    serve(listener, router, shutdown).await;
    Ok(())
}
