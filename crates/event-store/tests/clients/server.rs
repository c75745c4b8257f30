//! A server process that can be killed and comes back on its port, with its events.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

pub(crate) struct Server {
    port: u16,
    guarded: bool,
    folder: TempDir,
    process: Child,
}

impl Server {
    /// For everybody on this machine.
    pub(crate) fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), false)
    }

    /// With TLS, a certificate of its own, and one user.
    pub(crate) fn start_guarded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        let key = made.signing_key.serialize_pem();
        for (name, text) in [("cert", made.cert.pem().as_str()), ("key", &key), ("users", "ann:s3cret")] {
            fs::write(folder.path().join(name), text).unwrap();
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        Self::start_in(folder, true)
    }

    fn start_in(folder: TempDir, guarded: bool) -> Self {
        let (process, port) = spawn(&folder, 0, guarded);
        Self { port, guarded, folder, process }
    }

    pub(crate) fn is_guarded(&self) -> bool {
        self.guarded
    }

    pub(crate) fn url(&self) -> String {
        if !self.guarded {
            return format!("kurrentdb://127.0.0.1:{}?tls=false", self.port);
        }
        let certificate = self.folder.path().join("cert");
        format!("kurrentdb://ann:s3cret@127.0.0.1:{}?tls=true&tlsCaFile={}", self.port, certificate.display())
    }

    /// Kills the server and starts it again.
    pub(crate) fn restart(&mut self) {
        self.end();
        (self.process, self.port) = spawn(&self.folder, self.port, self.guarded);
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(folder: &TempDir, port: u16, guarded: bool) -> (Child, u16) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_event-store"));
    command.arg("--listen").arg(format!("127.0.0.1:{port}")).arg("--data-dir").arg(folder.path().join("store"));
    if guarded {
        for (option, file) in [("--tls-cert", "cert"), ("--tls-key", "key"), ("--password-file", "users")] {
            command.arg(option).arg(folder.path().join(file));
        }
    }
    let mut process = command.env("CONFAB_LOG", "warn").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim_end().rsplit(':').next().and_then(|port| port.parse().ok());
    (process, port.expect("the server says where it listens"))
}
