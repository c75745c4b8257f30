//! The projector as a process of its own, with health and metrics on one small listener.

use projector::Config;
use service_kit::{Env, Readiness, health_routes, init_log, install_metrics, metrics_routes, serve, shutdown_signal};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut env = Env::process();
    init_log(&mut env);
    let config = Config::read(&mut env);
    let listen: String =
        env.read("CONFAB_METRICS_LISTEN", "127.0.0.1:9091", "Where /livez, /readyz and /metrics are served");
    if std::env::args().any(|argument| argument == "--help") {
        println!("{}", env.help("projector", "keeps the read models and relays facts to NATS"));
        return Ok(());
    }
    env.finish()?;
    install_metrics();
    let (readiness, shutdown) = (Readiness::default(), shutdown_signal());
    let health = health_routes(readiness.clone()).merge(metrics_routes());
    let listener = TcpListener::bind(&listen).await?;
    let served = async { Ok(serve(listener, health, shutdown.clone()).await?) };
    tokio::try_join!(served, projector::run(config, readiness, shutdown.clone())).map(drop)
}
