//! A real nats-server of one test's own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A nats-server with JetStream on a port of its own; killed when dropped.
pub(crate) struct Nats {
    child: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl Nats {
    pub(crate) fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut nats = Self { child: None, port, folder: tempfile::tempdir().unwrap() };
        nats.run();
        nats
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Runs it again on the same port.
    pub(crate) fn run(&mut self) {
        let child = Command::new(binary())
            .args(["-a", "127.0.0.1", "-p", &self.port.to_string(), "-js", "-sd"])
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "nats-server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Loses everything it has stored.
    pub(crate) fn forget(&mut self) {
        self.folder = tempfile::tempdir().unwrap();
    }

    /// Kills it with -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}

/// On PATH, or in `.confab/bin` of this folder or one above.
fn binary() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("nats-server"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let unpacked = here.ancestors().map(|folder| folder.join(".confab/bin/nats-server"));
    let found = on_path.chain(unpacked).find(|file| file.is_file());
    found.expect("no nats-server on PATH or in .confab/bin: run `cargo xtask up` once, which fetches it")
}
