//! The projector: subscribes to the event store, evolves the views, saves their documents; and the relay, which
//! publishes each fact's public form to NATS. It decides nothing: what a document says is `read-model`'s.

mod batch;
mod checkpoint;
mod config;
mod documents;
mod head;
mod outage;
mod relay;
mod runner;
mod schema;
mod views;

use anyhow::Context;
use event_log::EventLog;
use mongodb::options::ClientOptions;
use service_kit::Readiness;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use config::Config;
pub use relay::{AUDIENCE_HEADER, POSITION_HEADER, PREVIOUS_HEADER, STREAM};

/// Projects and relays until told to stop. Every part may be away at any time, also at the start: each retries for
/// ever. Nothing needs to be finished at the end: what was not saved is delivered again.
///
/// # Errors
/// When the address of MongoDB cannot be used at all, or a part panics.
pub async fn run(
    config: Config,
    log: EventLog,
    readiness: Readiness,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let database = database(&config).await.context("CONFAB_MONGO_URL")?;
    let mut parts = JoinSet::new();
    let head = head::follow(log.clone(), &mut parts);
    let source = runner::Source { log: log.clone(), head: head.clone(), database };
    views::start(&source, &readiness, &mut parts);
    parts.spawn(relay::run(config.nats_url, log, head, readiness.gate("relay")));
    tokio::select! {
        () = shutdown.cancelled() => Ok(()),
        Some(ended) = parts.join_next() => Err(match ended {
            Ok(()) => anyhow::anyhow!("a part of the projector ended by itself"),
            Err(panic) => anyhow::Error::new(panic).context("a part of the projector panicked"),
        }),
    }
}

async fn database(config: &Config) -> mongodb::error::Result<mongodb::Database> {
    let mut options = ClientOptions::parse(&config.mongo_url).await?;
    options.app_name = Some("confab-projector".to_owned());
    options.server_selection_timeout = Some(config::SERVER_SELECTION);
    options.connect_timeout = Some(config::SERVER_SELECTION);
    Ok(mongodb::Client::with_options(options)?.database(&config.mongo_database))
}
