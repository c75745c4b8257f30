//! One process that is a whole Confab: started, made ready, and stopped in the right order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::routing::any;
use event_log::EventLog;
use event_store::EventStore;
use service_kit::{Env, Readiness, Verifier, health_routes, layered, metrics_routes, not_found, public, serve};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::engines::{Engines, Search};
use crate::{client_files, documents, secrets};

/// How long all parts may stand still before they are ready. As long as one of them gets on, with rebuilding its view
/// perhaps, it is waited for.
const STANDSTILL: Duration = Duration::from_secs(60);
/// How often a long start says what it waits for.
const SAY: Duration = Duration::from_secs(10);
/// How long they may take to stop.
const STOP: Duration = Duration::from_secs(15);

/// Where an all-in-one listens and keeps everything.
#[derive(Debug, Clone)]
pub struct Options {
    /// The public address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where metrics are served; `None`: nowhere.
    pub metrics: Option<SocketAddr>,
    /// Holds events, engines' data and keys.
    pub data_dir: PathBuf,
    /// The built web client, when it is to be served.
    pub web_dir: Option<PathBuf>,
}

/// A running Confab.
pub struct AllInOne {
    /// The public address.
    pub address: SocketAddr,
    /// Where the event store listens, when it is the embedded one.
    pub event_store: String,
    /// The engines beside it.
    pub engines: Engines,
    services: Part,
    /// The embedded store; empty when the environment names another one.
    store: Part,
}

/// Tasks that start and stop together.
#[derive(Default)]
struct Part {
    tasks: JoinSet<Result<()>>,
    shutdown: CancellationToken,
}

impl Part {
    async fn stop(mut self) {
        self.shutdown.cancel();
        drop(tokio::time::timeout(STOP, async { while self.tasks.join_next().await.is_some() {} }).await);
    }
}

/// The configuration of every service inside.
struct Configs {
    command_api: command_api::Config,
    query_api: query_api::Config,
    projector: projector::Config,
    realtime: realtime::Config,
    event_store_url: Option<String>,
}

impl Configs {
    fn read(env: &mut Env) -> Self {
        Self {
            command_api: command_api::Config::read(env),
            query_api: query_api::Config::read(env),
            projector: projector::Config::read(env),
            realtime: realtime::Config::read(env),
            event_store_url: env.read_optional("CONFAB_EVENT_STORE_URL", "An existing event store, `esdb://…`"),
        }
    }
}

impl AllInOne {
    /// Starts everything and waits until it can serve.
    ///
    /// # Errors
    /// One line saying what is wrong: configuration, a taken port, a folder that cannot be written, a missing engine,
    /// a part that does not become ready. Nothing is left running.
    pub async fn start(options: Options, mut env: Env) -> Result<Self> {
        Configs::read(&mut env.clone()).check(&mut env.clone())?;
        let listener = listen(options.listen).await?;
        let address = listener.local_addr()?;
        std::fs::create_dir_all(&options.data_dir)
            .with_context(|| format!("cannot create the data folder {}", options.data_dir.display()))?;
        let mut store = Part::default();
        let event_store = match Configs::read(&mut env).event_store_url {
            Some(given) => given,
            None => start_event_store(&options.data_dir, &mut store).await?,
        };
        let engines = Engines::start(&Search::process(), &options.data_dir).await?;
        preset(&mut env, &options, address, &event_store, &engines)?;
        let configs = Configs::read(&mut env);
        let mut all = Self { address, event_store, engines, services: Part::default(), store };
        match all.serve(configs, &options, listener).await {
            Ok(()) => Ok(all),
            Err(error) => {
                all.stop().await;
                Err(error)
            }
        }
    }

    /// Waits until a part fails by itself; without failures, for ever.
    pub async fn failed(&mut self) -> anyhow::Error {
        let ended = tokio::select! {
            Some(ended) = self.services.tasks.join_next() => ended,
            Some(ended) = self.store.tasks.join_next() => ended,
            else => return anyhow::anyhow!("nothing is running"),
        };
        match ended {
            Ok(Ok(())) => anyhow::anyhow!("a part of Confab ended by itself"),
            Ok(Err(error)) => error,
            Err(panic) => anyhow::Error::new(panic).context("a part of Confab panicked"),
        }
    }

    /// Lets open requests finish, closes sockets with a hint to come back, and stops whatever was started: first the
    /// services, then the store and the engines that they use.
    pub async fn stop(self) {
        self.services.stop().await;
        self.store.stop().await;
        self.engines.stop().await;
    }

    async fn serve(&mut self, configs: Configs, options: &Options, listener: TcpListener) -> Result<()> {
        let readiness = Readiness::default();
        let log = EventLog::connect(&self.event_store)?;
        let stop = &self.services.shutdown;
        let commands =
            command_api::App::start(configs.command_api, log.clone(), readiness.clone(), stop.clone()).await?;
        let verifier = Verifier::of(&commands.jwks());
        let queries =
            query_api::App::start(configs.query_api, log.clone(), verifier.clone(), readiness.clone(), stop.clone())
                .await?;
        let realtime =
            realtime::App::start(configs.realtime, log.clone(), verifier, readiness.clone(), stop.clone()).await?;
        let projector = projector::run(configs.projector, log, readiness.clone(), stop.clone());
        self.services.tasks.spawn(projector);
        let sockets = realtime.clone();
        self.services.tasks.spawn(async move {
            sockets.drained().await;
            Ok(())
        });
        let api = Router::new()
            .merge(command_api::router(commands))
            .merge(query_api::router(queries))
            .merge(realtime::router(realtime))
            .merge(health_routes(readiness.clone()))
            .merge(documents::routes());
        self.spawn_server(listener, with_client(api, options.web_dir.as_deref()));
        if let Some(metrics) = options.metrics {
            self.spawn_server(listen(metrics).await?, metrics_routes());
        }
        self.ready(&readiness).await
    }

    fn spawn_server(&mut self, listener: TcpListener, router: Router) {
        let stop = self.services.shutdown.clone();
        self.services.tasks.spawn(async move {
            serve(listener, router, stop).await;
            Ok(())
        });
    }

    async fn ready(&mut self, readiness: &Readiness) -> Result<()> {
        tokio::select! {
            error = self.failed() => Err(error),
            outcome = becomes_ready(readiness, STANDSTILL) => outcome,
        }
    }
}

async fn becomes_ready(readiness: &Readiness, standstill: Duration) -> Result<()> {
    let (mut steps, mut moved, mut said) = (readiness.steps(), Instant::now(), Instant::now());
    loop {
        let waiting_for = readiness.waiting_for();
        if waiting_for.is_empty() {
            return Ok(());
        }
        if std::mem::replace(&mut steps, readiness.steps()) != steps {
            moved = Instant::now();
        }
        if moved.elapsed() > standstill {
            bail!("nothing has got on for {} s, still waiting for {waiting_for:?}", standstill.as_secs());
        }
        if said.elapsed() > SAY {
            tracing::info!(?waiting_for, "not ready yet");
            said = Instant::now();
        }
        sleep(Duration::from_millis(10)).await;
    }
}

impl Configs {
    fn check(self, env: &mut Env) -> Result<()> {
        drop(self);
        Self::read(env);
        Ok(env.finish()?)
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: choose another port with --port"))
}

/// Where the embedded event store lies below the data folder.
#[must_use]
pub fn events_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("events")
}

/// Serves the embedded store on a free loopback port and gives its address.
async fn start_event_store(data_dir: &Path, part: &mut Part) -> Result<String> {
    let store = EventStore::open(event_store::Options::new(events_dir(data_dir)))?;
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    // The client waits this many milliseconds before its first connection; half a second by default.
    let url = format!("esdb://{}?tls=false&discoveryInterval=10", listener.local_addr()?);
    let shutdown = part.shutdown.clone();
    part.tasks
        .spawn(async move { event_store::serve(store, listener, shutdown).await.context("the event store failed") });
    Ok(url)
}

/// What the all-in-one knows because it started it itself.
fn preset(env: &mut Env, options: &Options, address: SocketAddr, event_store: &str, engines: &Engines) -> Result<()> {
    let keys = options.data_dir.join("keys");
    env.preset("CONFAB_EVENT_STORE_URL", event_store);
    env.preset("CONFAB_MONGO_URL", engines.mongo.url());
    env.preset("CONFAB_NATS_URL", engines.nats.url());
    env.preset("CONFAB_PUBLIC_URL", format!("http://{address}"));
    env.preset("CONFAB_SIGNING_KEY_FILE", keys.join("signing.pem").display().to_string());
    env.preset("CONFAB_NODE_KEY", secrets::key(&keys.join("node.key"))?);
    Ok(())
}

/// The API answers what it knows; everything else is a page of the client, when there is one.
fn with_client(api: Router, web_dir: Option<&Path>) -> Router {
    let Some(folder) = web_dir else { return public(api) };
    let unknown = || any(|| async { not_found() });
    layered(
        api.route("/v1/{*rest}", unknown())
            .route("/.well-known/{*rest}", unknown())
            .merge(client_files::routes(folder)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_start_waits_for_whatever_gets_on_and_no_longer() {
        let (readiness, standstill) = (Readiness::default(), Duration::from_secs(1));
        let (slow, stuck) = (readiness.gate("slow"), readiness.gate("stuck"));
        let start = Instant::now();
        let working = async {
            for _ in 0..10 {
                sleep(standstill / 5).await;
                slow.advance();
            }
            slow.open();
        };
        let ((), outcome) = tokio::join!(working, becomes_ready(&readiness, standstill));
        let error = outcome.expect_err("one part never got ready").to_string();
        assert!(error.contains("stuck") && !error.contains("slow"), "{error}");
        assert!(start.elapsed() > standstill * 3, "{:?}", start.elapsed());
        stuck.open();
        becomes_ready(&readiness, standstill).await.expect("all are");
    }
}
