//! Real engines for tests, on free loopback ports, gone with the test process however it ends.
//! A missing binary fails the test that wants it: `cargo xtask test` fetches them.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use std::{env, fs};

use tempfile::TempDir;

/// Kills the engine when its own standard input closes, which happens when the test process is gone.
const LEASH: &str = r#""$@" >"$LOG" 2>&1 </dev/null & engine=$!; read -r _; kill -9 $engine; wait $engine"#;

static SHARED_MONGO: LazyLock<String> = LazyLock::new(|| match env::var("CONFAB_TEST_MONGO_URL") {
    Ok(url) => url,
    // Lives as long as the process: statics are never dropped, and the leash cleans up.
    Err(_) => Box::leak(Box::new(Engine::mongo())).url(),
});

/// A `mongod` that all tests of this process share, each in a database of its own.
pub(crate) fn shared_mongo() -> String {
    SHARED_MONGO.clone()
}

/// An engine of one test, which it may kill and start again with what it had.
pub(crate) struct Engine {
    scheme: &'static str,
    port: u16,
    command: Vec<String>,
    log: PathBuf,
    leash: Option<Child>,
    folder: TempDir,
}

impl Engine {
    pub(crate) fn mongo() -> Self {
        Self::launch("mongodb", "mongod", |port, folder| {
            let words = ["--port", port, "--dbpath", folder, "--bind_ip", "127.0.0.1", "--nounixsocket"];
            let more = ["--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"];
            [words.as_slice(), more.as_slice()].concat().into_iter().map(str::to_owned).collect()
        })
    }

    pub(crate) fn nats() -> Self {
        Self::launch("nats", "nats-server", |port, folder| {
            let words = ["-a", "127.0.0.1", "-p", port, "-js", "-sd", folder, "--user", "confab", "--pass", "secret"];
            words.map(str::to_owned).to_vec()
        })
    }

    fn launch(scheme: &'static str, name: &str, words: impl FnOnce(&str, &str) -> Vec<String>) -> Self {
        let folder = TempDir::new().unwrap();
        let kept = folder.path().join("kept");
        fs::create_dir(&kept).unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = vec![binary(name).display().to_string()];
        command.extend(words(&port.to_string(), &kept.display().to_string()));
        let log = folder.path().join("log");
        let mut engine = Self { scheme, port, command, log, leash: None, folder };
        engine.start();
        engine
    }

    pub(crate) fn url(&self) -> String {
        let identity = if self.scheme == "nats" { "confab:secret@" } else { "" };
        format!("{}://{identity}127.0.0.1:{}", self.scheme, self.port)
    }

    /// Starts it and waits until its port answers.
    pub(crate) fn start(&mut self) {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", LEASH, "sh"])
            .args(&self.command)
            .env("LOG", &self.log)
            .stdin(Stdio::piped())
            .stderr(Stdio::null());
        self.leash = Some(shell.spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let words = fs::read_to_string(&self.log).unwrap_or_default();
            assert!(Instant::now() < deadline, "{:?} does not answer:\n{words}", self.command);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills it with -9, at once.
    pub(crate) fn kill(&mut self) {
        if let Some(mut leash) = self.leash.take() {
            drop(leash.stdin.take());
            leash.wait().unwrap();
        }
    }

    /// Throws away everything that it has kept; only while it is not running.
    pub(crate) fn forget(&self) {
        let kept = self.folder.path().join("kept");
        fs::remove_dir_all(&kept).unwrap();
        fs::create_dir(&kept).unwrap();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// On PATH, or where `cargo xtask` unpacks it.
fn binary(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(".confab/bin"));
    let found = env::split_paths(&path).chain(unpacked).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("no {name} on PATH or in .confab/bin: run `cargo xtask test`, which fetches it"))
}
