//! The projector alone: reads its configuration, projects and relays until told to stop, and serves its health.

use std::net::SocketAddr;
use std::process::ExitCode;

use event_log::EventLog;
use projector::Config;
use service_kit::{Env, Readiness, health_routes, init_log, install_metrics, metrics_routes, serve, shutdown_signal};
use tokio::net::TcpListener;

/// The addresses that only a process of its own needs.
struct Addresses {
    event_store: String,
    metrics: SocketAddr,
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut env = Env::process();
    init_log(&mut env);
    let config = Config::read(&mut env);
    let addresses = Addresses {
        event_store: event_store(&mut env),
        metrics: env.read("CONFAB_METRICS_LISTEN", "127.0.0.1:9083", "Where /livez, /readyz and /metrics are served"),
    };
    if std::env::args().any(|argument| argument == "--help") {
        println!("{}", env.help("projector", "keeps the read models of Confab and relays its events to NATS"));
        return ExitCode::SUCCESS;
    }
    if let Err(faults) = env.finish() {
        eprintln!("{faults}");
        return ExitCode::from(2);
    }
    match run(config, addresses).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("projector: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn event_store(env: &mut Env) -> String {
    let name = "CONFAB_EVENT_STORE_URL";
    let url: String = env.read(name, "esdb://127.0.0.1:2113?tls=false", "The event store, as an esdb:// address");
    if EventLog::connect(&url).is_err() {
        env.fault(name, "is not an esdb:// address");
    }
    url
}

async fn run(config: Config, addresses: Addresses) -> anyhow::Result<()> {
    install_metrics();
    let log = EventLog::connect(&addresses.event_store)?;
    let (readiness, shutdown) = (Readiness::default(), shutdown_signal());
    let health = health_routes(readiness.clone()).merge(metrics_routes());
    let listener = TcpListener::bind(addresses.metrics).await?;
    tokio::spawn(serve(listener, health, shutdown.clone()));
    projector::run(config, log, readiness, shutdown).await
}
