//! A whole Confab for the browser tests: a free port, an empty data folder, and neither is left behind.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::run::{self, Kept};

const START_LIMIT: Duration = Duration::from_secs(120);

/// All browsers of the tests come from one address, within minutes.
const LIMITS: [&str; 6] = [
    "CONFAB_RATE_REGISTER_PER_MINUTE",
    "CONFAB_RATE_LOGIN_PER_MINUTE",
    "CONFAB_RATE_REFRESH_PER_MINUTE",
    "CONFAB_RATE_WRITES_PER_MINUTE",
    "CONFAB_RATE_READS_PER_MINUTE",
    "CONFAB_SOCKETS_PER_ADDRESS",
];

/// A running Confab; dropping it stops it and removes its data.
pub(crate) struct Server {
    /// Its web address.
    pub(crate) url: String,
    // The order matters: the program ends before its data goes.
    _program: Kept,
    _folder: Folder,
}

struct Folder {
    path: PathBuf,
    _alone: File,
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Starts the program and waits until it says that it is ready.
pub(crate) fn start(place: &Place, confab: &Path, web_dir: &Path) -> Result<Server> {
    let folder = folder(place)?;
    let log = folder.path.join("confab.log");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let output = File::create(&log)?;
    let mut command = run::program(confab);
    command.arg("--port").arg(port.to_string());
    command.arg("--data-dir").arg(folder.path.join("data-dir")).arg("--web-dir").arg(web_dir);
    command.envs(LIMITS.map(|limit| (limit, "10000")));
    command.env("PATH", place.path()).stdout(output.try_clone()?).stderr(output);
    let mut program = run::keep(&mut command)?;
    let deadline = Instant::now() + START_LIMIT;
    while !is_ready(port) {
        if let Some(status) = program.ended()? {
            bail!("confab stopped at its start ({status}):\n{}", tail(&log));
        }
        if Instant::now() > deadline {
            bail!("confab is not ready after {} s:\n{}", START_LIMIT.as_secs(), tail(&log));
        }
        sleep(Duration::from_millis(100));
    }
    Ok(Server { url: format!("http://127.0.0.1:{port}"), _program: program, _folder: folder })
}

/// One run of the browser tests at a time; what a killed one left is removed.
fn folder(place: &Place) -> Result<Folder> {
    let path = place.own.join("browser-tests");
    fs::create_dir_all(&place.own).with_context(|| format!("Cannot write to {}", place.own.display()))?;
    let alone = File::create(place.own.join("browser-tests.lock"))?;
    if alone.try_lock().is_err() {
        bail!("Browser tests are running in this checkout already.");
    }
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir(&path)?;
    Ok(Folder { path, _alone: alone })
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        socket.write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        socket.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
