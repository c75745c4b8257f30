//! The event store alone: `event-store --listen 127.0.0.1:2113 --data-dir DIR`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use event_store::{EventStore, Options, ServeError, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// An event store for EventStoreDB clients, on one machine.
///
/// CONFAB_LOG says what is logged (`info`, or `target=level,…`), CONFAB_LOG_FORMAT how (`text` or `json`).
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:2113")]
    listen: SocketAddr,
    /// The folder that holds the events; made if it does not exist.
    #[arg(long)]
    data_dir: PathBuf,
    /// Allow an address that other machines can reach, without TLS and without passwords.
    #[arg(long)]
    insecure: bool,
    /// Bytes in one append at most.
    #[arg(long, default_value_t = 1 << 20)]
    max_append_size: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = start_log(variable("CONFAB_LOG", "info"), variable("CONFAB_LOG_FORMAT", "text")) {
        eprintln!("event-store: {error:#}");
        return ExitCode::from(2);
    }
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("event-store: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Logs to standard error, as the other programs do. A wrong value is named and not repeated.
fn start_log(filter: String, format: String) -> anyhow::Result<()> {
    let filter = filter.parse::<EnvFilter>().ok().context("CONFAB_LOG: must be `level` or `target=level,…`")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format.as_str() {
        "text" => builder.with_target(false).init(),
        "json" => builder.json().flatten_event(true).init(),
        _ => anyhow::bail!("CONFAB_LOG_FORMAT: must be `text` or `json`"),
    }
    Ok(())
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    if !arguments.listen.ip().is_loopback() && !arguments.insecure {
        return Err(ServeError::Insecure(arguments.listen).into());
    }
    let mut options = Options::new(arguments.data_dir);
    options.max_append_size = arguments.max_append_size;
    let store = EventStore::open(options)?;
    let listener =
        TcpListener::bind(arguments.listen).await.with_context(|| format!("cannot listen on {}", arguments.listen))?;
    println!("listening on {}", listener.local_addr()?);
    tracing::info!(address = %listener.local_addr()?, "serving");
    let shutdown = CancellationToken::new();
    tokio::spawn(cancel_on_signal(shutdown.clone()));
    serve(store, listener, shutdown).await?;
    Ok(())
}

async fn cancel_on_signal(shutdown: CancellationToken) {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => signals.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
    shutdown.cancel();
}
