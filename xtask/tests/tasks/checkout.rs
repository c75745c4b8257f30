//! A small checkout with a PATH of its own, on which only the tools stand that a test puts there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What scripts and xtask itself need from the machine.
const BASE: [&str; 14] =
    ["sh", "cat", "echo", "sleep", "mkdir", "touch", "printf", "env", "rm", "cp", "ls", "dirname", "bash", "kill"];

pub(crate) struct Checkout {
    folder: TempDir,
}

impl Checkout {
    /// A checkout on a machine that has nothing.
    pub(crate) fn bare() -> Self {
        let checkout = Self { folder: TempDir::new().unwrap() };
        for folder in ["xtask", "web/src", "openapi", "machine", "calls"] {
            fs::create_dir_all(checkout.path(folder)).unwrap();
        }
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/engines.txt"), checkout.path("xtask/engines.txt")).unwrap();
        fs::write(checkout.path("web/package-lock.json"), "{}").unwrap();
        for tool in BASE {
            checkout.link(tool);
        }
        checkout
    }

    /// A checkout on a machine with all tools and both engines. Every stand-in notes its arguments, see [`Self::calls`].
    pub(crate) fn equipped() -> Self {
        let checkout = Self::bare();
        checkout.tool("node", "echo v22.1.0");
        checkout.tool("npm", "case \"$1\" in ci) mkdir -p node_modules ;; run) mkdir -p dist ;; esac");
        checkout.tool("mongod", "echo db version v6.0.5");
        checkout.tool("nats-server", "echo nats-server: v2.11.0");
        checkout
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes one of the real machine's tools available.
    pub(crate) fn link(&self, name: &str) {
        let path = std::env::var_os("PATH").unwrap();
        if let Some(real) = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()) {
            std::os::unix::fs::symlink(real, self.path("machine").join(name)).unwrap();
        }
    }

    /// Makes Python available, under whatever name and version manager the machine keeps it.
    pub(crate) fn link_python(&self) {
        std::os::unix::fs::symlink(python(), self.path("machine/python3")).unwrap();
    }

    /// Puts a shell script on the PATH. A shell writes it: a file that this process has open for writing, if only for a
    /// moment and in the child of another test, cannot be run.
    pub(crate) fn tool(&self, name: &str, body: &str) -> PathBuf {
        let file = self.path("machine").join(name);
        let calls = self.path("calls").join(name);
        let text = format!("#!/bin/sh\necho \"$*\" >>'{}'\n{body}", calls.display());
        let written = Command::new("/bin/sh")
            .args(["-c", r#"rm -f "$1"; printf '%s\n' "$2" >"$1"; chmod +x "$1""#, "sh"])
            .args([file.as_os_str(), text.as_ref()])
            .status();
        assert!(written.unwrap().success());
        file
    }

    /// The arguments of every call of a stand-in.
    pub(crate) fn calls(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path("calls").join(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// `cargo xtask` with these arguments.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("PATH", self.path("machine")).env("HOME", self.folder.path());
        command.env("CARGO_MANIFEST_DIR", self.path("xtask")).env("CARGO", self.path("machine/cargo"));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.xtask(arguments).output().unwrap()
    }

    /// Runs to a failure and returns what was said on standard error.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// The file of the real Python.
pub(crate) fn python() -> PathBuf {
    let said = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().into()
}

/// Waits until this holds; what was told to end may take a moment.
pub(crate) fn eventually(mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "not within 20 s");
        sleep(Duration::from_millis(20));
    }
}

/// Whether any process has this text in its command line.
pub(crate) fn running(text: &Path) -> bool {
    let text = text.to_str().unwrap();
    fs::read_dir("/proc").unwrap().filter_map(Result::ok).any(|entry| {
        fs::read(entry.path().join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(text))
    })
}
