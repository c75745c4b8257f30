//! How each engine is started: its folders, its port, its flags, and the wait until it answers.
//! Binds to 127.0.0.1 only, where both trust whoever has an account on the machine; neither is open to the network.

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::leash::Leash;
use super::{Kind, log};

/// Long enough for the recovery of a large store after a power cut.
const START_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(50);

/// Everything needed to start one engine, again and again, at the same place.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) port: u16,
    pub(super) url: String,
    home: PathBuf,
    log: PathBuf,
    command: Vec<OsString>,
}

impl Plan {
    /// Makes the folders and settles port, password and command line. Without a port, a free one is taken.
    pub(super) fn new(kind: Kind, binary: &Path, data_dir: &Path, port: Option<u16>) -> Result<Self> {
        let data_dir = std::path::absolute(data_dir)?;
        let home = data_dir.join(kind.folder());
        let logs = data_dir.join("log");
        for folder in [&home, &logs] {
            make_folder(folder)?;
        }
        let port = match port {
            Some(port) => port,
            None => free_port()?,
        };
        let binary = std::path::absolute(binary)?;
        let (url, command) = match kind {
            Kind::Mongo => mongo(&binary, &home, port),
            Kind::Nats => nats(&binary, &home, port)?,
        };
        Ok(Self { kind, port, url, log: logs.join(kind.folder()).with_extension("log"), home, command })
    }

    /// Starts the engine and waits until it answers. Dropping the future stops what it started.
    pub(super) async fn launch(&self) -> Result<Leash> {
        let log = log::open(&self.log, log::PATIENCE).await?;
        if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)) {
            bail!("Cannot start {}: port {} of 127.0.0.1 is taken ({error}).", self.kind.binary(), self.port);
        }
        let start = log.metadata().map_or(0, |log| log.len());
        let mut leash = Leash::launch(&self.command, log).await?;
        let outcome = tokio::select! {
            ended = leash.ended() => Err(ended),
            ready = timeout(START_LIMIT, self.answers(start)) => Ok(ready),
        };
        match outcome {
            Ok(Ok(())) => Ok(leash),
            Ok(Err(_)) => bail!(
                "{} does not answer after {} s; its log is {}.",
                self.kind.binary(),
                START_LIMIT.as_secs(),
                self.log.display()
            ),
            Err(ended) => bail!(
                "{} stopped at its start ({}): {}",
                self.kind.binary(),
                ended.map_or_else(|error| error.to_string(), |status| status.to_string()),
                log::last_words(&self.log, start)
            ),
        }
    }

    /// Returns when the engine says that its port is open, and the port speaks: NATS greets first, `mongod` opens its port
    /// after its recovery. The port alone is no proof. Somebody may have been faster to take it, and a connection to a
    /// port where nobody listens yet may, by chance, start from that port and meet itself.
    async fn answers(&self, start: u64) {
        loop {
            if log::has_said(&self.log, start, self.kind.ready_words())
                && let Ok(mut socket) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await
            {
                let mut greeting = [0; 4];
                match self.kind {
                    Kind::Mongo => return,
                    Kind::Nats if socket.read_exact(&mut greeting).await.is_ok() => return,
                    Kind::Nats => {}
                }
            }
            sleep(POLL).await;
        }
    }

    /// Whether the engine's port can be had.
    pub(super) fn port_is_free(&self) -> bool {
        TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).is_ok()
    }

    /// The folder of the engine's data.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }
}

fn make_folder(folder: &Path) -> Result<()> {
    let unwritable = || format!("Cannot write to {}", folder.display());
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(unwritable)?;
    let probe = folder.join(".writable");
    File::create(&probe).with_context(unwritable)?;
    fs::remove_file(&probe).with_context(unwritable)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("No free port")?;
    Ok(listener.local_addr()?.port())
}

/// A quarter gigabyte of cache, no socket file, no scripts in queries, no diagnostics nobody reads.
fn mongo(binary: &Path, home: &Path, port: u16) -> (String, Vec<OsString>) {
    let mut command = vec![binary.into(), "--dbpath".into(), home.into(), "--port".into()];
    command.push(port.to_string().into());
    command.extend(
        [
            "--bind_ip",
            "127.0.0.1",
            "--nounixsocket",
            "--quiet",
            "--noscripting",
            "--wiredTigerCacheSizeGB",
            "0.25",
            // A slow operation would be logged with its documents: what people said, and their addresses.
            "--slowOpSampleRate",
            "0",
            "--setParameter",
            "diagnosticDataCollectionEnabled=false",
        ]
        .map(OsString::from),
    );
    (format!("mongodb://127.0.0.1:{port}/?directConnection=true"), command)
}

/// JetStream's limits can be set in a configuration file only.
fn nats(binary: &Path, home: &Path, port: u16) -> Result<(String, Vec<OsString>)> {
    let store = home.join("jetstream");
    let settings = format!(
        "# Written at every start of Confab; changes are lost.\n\
         server_name: confab\n\
         listen: \"127.0.0.1:{port}\"\n\
         max_payload: 1MB\n\
         max_connections: 1000\n\
         jetstream {{ store_dir: {store:?}, max_memory_store: 64MB, max_file_store: 8GB }}\n"
    );
    let file = home.join("nats.conf");
    fs::write(&file, settings).with_context(|| format!("Cannot write to {}", file.display()))?;
    Ok((format!("nats://127.0.0.1:{port}"), vec![binary.into(), "-c".into(), file.into()]))
}
