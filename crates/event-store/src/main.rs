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

/// An event store for EventStoreDB clients, on one machine.
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
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("event-store: {error:#}");
            ExitCode::FAILURE
        }
    }
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
