//! The system under test: the real binary, in a folder of its own, started and killed as an operator would.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `confab` process.
pub struct Server {
    pub address: String,
    pub data_dir: PathBuf,
    child: Child,
}

/// A data folder with nothing in it.
pub fn empty_folder(name: &str) -> PathBuf {
    let data_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&data_dir));
    data_dir
}

impl Server {
    /// Starts with an empty data folder.
    pub fn start() -> Self {
        Self::start_in(empty_folder("bench"))
    }

    /// Starts with what a data folder has, however long its views take to be complete.
    pub fn start_in(data_dir: PathBuf) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_confab"))
            .args(["--port", "0", "--data-dir"])
            .arg(&data_dir)
            .env("CONFAB_RATE_REGISTER_PER_MINUTE", "1000000")
            .env("CONFAB_RATE_LOGIN_PER_MINUTE", "1000000")
            .env("CONFAB_RATE_WRITES_PER_MINUTE", "1000000")
            .env("CONFAB_RATE_READS_PER_MINUTE", "1000000")
            .env("CONFAB_SOCKETS_PER_ADDRESS", "1000000")
            .env("CONFAB_FRAMES_PER_SECOND", "100000")
            .env("CONFAB_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("http://")?.1.to_owned()));
        Self { address: address.expect("confab says where it listens"), data_dir, child }
    }

    /// Stops it, empties its read models, and starts it again on the same events.
    pub fn restart_without_views(&mut self) {
        self.stop();
        std::fs::remove_dir_all(self.data_dir.join("mongo")).unwrap();
        *self = Self::start_in(self.data_dir.clone());
    }

    /// The process and everything it started.
    pub fn processes(&self) -> Vec<u32> {
        let mut family = vec![self.child.id()];
        let mut next = 0;
        while let Some(parent) = family.get(next) {
            let tasks = format!("/proc/{parent}/task");
            for task in std::fs::read_dir(tasks).into_iter().flatten().flatten() {
                let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
                family.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
            }
            next += 1;
        }
        family
    }

    pub fn stop(&mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(40) {
                self.child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
