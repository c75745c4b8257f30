//! `confab`: a whole chat system in one process. `confab gen DIR` writes the public documents.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use confab::{AllInOne, Options, documents, seed};
use event_store::Maintenance;
use service_kit::{Env, init_log, install_metrics, shutdown_signal};

/// Team chat on an event log: every service, the event store and the engines, from one command.
#[derive(Parser)]
#[command(version, after_help = "Every CONFAB_… variable of the services works here too: see .env.example.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The address to listen on.
    #[arg(long, env = "CONFAB_HOST", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, env = "CONFAB_PORT", default_value_t = 8080)]
    port: u16,
    /// Serves Prometheus metrics on this port of 127.0.0.1.
    #[arg(long, env = "CONFAB_METRICS_PORT")]
    metrics_port: Option<u16>,
    /// Holds events, engines' data and keys.
    #[arg(long, env = "CONFAB_DATA_DIR", default_value = ".confab")]
    data_dir: PathBuf,
    /// The built web client; without it only the API is served.
    #[arg(long, env = "CONFAB_WEB_DIR")]
    web_dir: Option<PathBuf>,
    /// Fills an empty workspace with people and conversations.
    #[arg(long)]
    demo: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Writes openapi.json, asyncapi.yaml and events.json into a folder.
    Gen {
        /// The folder.
        folder: PathBuf,
    },
    /// Verifies, copies, restores or scavenges the embedded event store below the data folder.
    EventStore {
        #[command(subcommand)]
        maintenance: Maintenance,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Some(Command::Gen { folder }) => documents::write(&folder),
        Some(Command::EventStore { maintenance }) => maintain(maintenance, &arguments.data_dir).await,
        None => run(arguments).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("confab: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn maintain(maintenance: Maintenance, data_dir: &Path) -> Result<()> {
    println!("{}", maintenance.run(&confab::events_dir(data_dir)).await?);
    Ok(())
}

async fn run(arguments: Arguments) -> Result<()> {
    let mut env = Env::process();
    init_log(&mut env);
    install_metrics();
    let shutdown = shutdown_signal();
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let options = Options {
        listen: SocketAddr::new(arguments.host, arguments.port),
        metrics: arguments.metrics_port.map(|port| SocketAddr::new(loopback, port)),
        data_dir: arguments.data_dir,
        web_dir: arguments.web_dir,
    };
    let mut confab = tokio::select! {
        started = AllInOne::start(options, env) => started?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let address = format!("http://{}", confab.address);
    if arguments.demo {
        seed(&address).await?;
    }
    println!("Confab is ready: {address}");
    let outcome = tokio::select! {
        () = shutdown.cancelled() => Ok(()),
        error = confab.failed() => Err(error),
    };
    confab.stop().await;
    outcome
}
