//! The event store alone: `event-store --listen 127.0.0.1:2113 --data-dir DIR`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use event_store::{EventStore, Maintenance, Options, Security, ServeError, Tls, Users, serve_with};
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
    /// Without one, the store is served.
    #[command(subcommand)]
    maintenance: Option<Maintenance>,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:2113")]
    listen: SocketAddr,
    /// The folder that holds the events; made if it does not exist.
    #[arg(long)]
    data_dir: PathBuf,
    /// Encrypt connections: the server's certificate and those that vouch for it, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, PEM; only its owner may read it.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Ask for user and password: lines `user:password` or `user:$argon2id$…`; only its owner may read it.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Allow an address that other machines can reach, without TLS or without passwords.
    #[arg(long)]
    insecure: bool,
    /// Bytes in one append at most.
    #[arg(long, default_value_t = 1 << 20)]
    max_append_size: usize,
    /// Bytes after which a file of the log gets a successor.
    #[arg(long, default_value_t = 64 << 20)]
    segment_bytes: u64,
    /// Bytes of the disk to leave free: appends are refused before, reads go on.
    #[arg(long, default_value_t = 64 << 20)]
    spare_bytes: u64,
    /// Hours between two scavenges, which take out what retention and deletes released; 0: never.
    #[arg(long, default_value_t = 24)]
    scavenge_hours: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = start_log(variable("CONFAB_LOG", "info"), variable("CONFAB_LOG_FORMAT", "text")) {
        eprintln!("event-store: {error:#}");
        return ExitCode::from(2);
    }
    let security = match security(&arguments) {
        Ok(security) => security,
        Err(error) => {
            eprintln!("event-store: {error:#}");
            return ExitCode::from(2);
        }
    };
    match run(arguments, security).await {
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

/// What the arguments ask for, if that is enough for the address.
fn security(arguments: &Arguments) -> anyhow::Result<Security> {
    let tls = arguments.tls_cert.as_deref().zip(arguments.tls_key.as_deref());
    let security = Security {
        tls: tls.map(|(certificate, key)| Tls::from_pem_files(certificate, key)).transpose()?,
        users: arguments.password_file.as_deref().map(Users::from_file).transpose()?.map(Arc::new),
    };
    if !arguments.listen.ip().is_loopback() && !security.is_whole() && !arguments.insecure {
        return Err(ServeError::Insecure(arguments.listen).into());
    }
    Ok(security)
}

async fn run(arguments: Arguments, security: Security) -> anyhow::Result<()> {
    if let Some(maintenance) = arguments.maintenance {
        println!("{}", maintenance.run(&arguments.data_dir).await?);
        return Ok(());
    }
    let mut options = Options::new(arguments.data_dir);
    options.max_append_size = arguments.max_append_size;
    options.segment_bytes = arguments.segment_bytes;
    options.spare_bytes = arguments.spare_bytes;
    let hours = Duration::from_secs(u64::from(arguments.scavenge_hours) * 3_600);
    options.scavenge_every = (!hours.is_zero()).then_some(hours);
    let store = EventStore::open(options)?;
    let listener =
        TcpListener::bind(arguments.listen).await.with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let shutdown = cancelled_by_signal()?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    // Last: who reads this line may ask the server to stop a moment later.
    println!("listening on {}", listener.local_addr()?);
    serve_with(store, listener, security, shutdown).await?;
    Ok(())
}

fn cancelled_by_signal() -> anyhow::Result<CancellationToken> {
    let mut interrupts = signal(SignalKind::interrupt()).context("signals cannot be received")?;
    let mut terminations = signal(SignalKind::terminate()).context("signals cannot be received")?;
    let shutdown = CancellationToken::new();
    let cancelled = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupts.recv() => {}
            _ = terminations.recv() => {}
        }
        cancelled.cancel();
    });
    Ok(shutdown)
}
