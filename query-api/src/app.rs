//! What every handler may reach: the keys that prove identities, the documents, and the facts to check them by.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::extract::FromRef;
use event_log::EventLog;
use mongodb::Client;
use mongodb::bson::doc;
use mongodb::options::ClientOptions;
use service_kit::{Gate, Readiness, Verifier};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::freshness::Freshness;
use crate::reading::Reading;
use crate::recounting::Recounting;

/// How long to look for a usable MongoDB before a read is answered with 503.
const SERVER_SELECTION: Duration = Duration::from_millis(1_500);
/// How often to look whether MongoDB is there.
const WATCH: Duration = Duration::from_secs(1);

/// The state of query-api. Clones share everything.
#[derive(Clone)]
pub struct App {
    pub(crate) reading: Reading,
    pub(crate) freshness: Arc<Freshness>,
    pub(crate) recounting: Arc<Recounting>,
    verifier: Verifier,
}

impl App {
    /// Prepares the connection to MongoDB, which may still be away, and starts watching it until `shutdown`.
    ///
    /// # Errors
    /// When the address of MongoDB is not one.
    pub async fn start(
        config: Config,
        log: EventLog,
        verifier: Verifier,
        readiness: Readiness,
        shutdown: CancellationToken,
    ) -> anyhow::Result<Self> {
        let mut options = ClientOptions::parse(&config.mongo_url).await.context("CONFAB_MONGO_URL")?;
        options.app_name = Some("confab-query-api".to_owned());
        options.server_selection_timeout = Some(SERVER_SELECTION);
        options.connect_timeout = Some(SERVER_SELECTION);
        let database = Client::with_options(options)?.database(&config.mongo_database);
        let (reading, freshness) = (Reading::of(&database), Freshness::of(&database));
        tokio::spawn(shutdown.clone().run_until_cancelled_owned(freshness.clone().poll()));
        tokio::spawn(shutdown.run_until_cancelled_owned(watch(database, readiness.gate("read models"))));
        let recounting = Arc::new(Recounting::of(log, config.recounts_per_minute));
        Ok(Self { reading, freshness, recounting, verifier: verifier.paced(config.reads_per_minute) })
    }
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

/// Opens and closes the gate as MongoDB comes and goes.
async fn watch(database: mongodb::Database, gate: Gate) {
    let mut there = None;
    loop {
        let answer = tokio::time::timeout(2 * SERVER_SELECTION, database.run_command(doc! { "ping": 1 })).await;
        let now = matches!(answer, Ok(Ok(_)));
        if there != Some(now) {
            if now {
                gate.open()
            } else {
                gate.close("MongoDB is away")
            }
            tracing::info!(mongo.there = now, "MongoDB came or went");
            there = Some(now);
        }
        tokio::time::sleep(WATCH).await;
    }
}
