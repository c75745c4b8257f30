//! query-api: HTTP GET → document. It reads what the projector has written, and facts to check it, and writes nothing; queries are built from
//! typed values only, and whatever the one visibility rule hides does not exist.

mod activity;
mod app;
mod config;
mod conversation;
mod drafts;
mod forwards;
mod freshness;
mod notification;
mod page;
mod reading;
mod receipts;
mod recount;
mod recounting;
mod routes;
mod saved;
mod shown;
mod threads;
mod timeline;

use axum::Router;
use event_log::EventLog;
use service_kit::{Readiness, Verifier, health_routes, install_metrics, metrics_routes, public, serve};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use utoipa::openapi::OpenApi;

pub use app::App;
pub use config::Config;
pub use conversation::Conversation;
pub use page::Page;
pub use routes::list_members::Member;
pub use routes::routes;

/// Every route, without layers: whoever serves it adds those.
pub fn router(app: App) -> Router {
    routes().split_for_parts().0.with_state(app)
}

/// The routes as an OpenAPI document; the whole of Confab's is merged from its services'.
#[must_use]
pub fn openapi() -> OpenApi {
    routes().split_for_parts().1
}

/// Serves the API alone until told to stop.
///
/// # Errors
/// When an address cannot be used.
pub async fn run(config: Config, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
    install_metrics();
    let readiness = Readiness::default();
    let verifier = Verifier::fetching(config.jwks_url.clone(), &readiness);
    let metrics = config.metrics_listen;
    let log = EventLog::connect(&config.event_store_url)?;
    let app = App::start(config, log, verifier, readiness.clone(), shutdown.clone()).await?;
    let api = serve(listener, public(router(app).merge(health_routes(readiness))), shutdown.clone());
    if let Some(address) = metrics {
        tokio::spawn(serve(TcpListener::bind(address).await?, metrics_routes(), shutdown));
    }
    api.await;
    Ok(())
}
