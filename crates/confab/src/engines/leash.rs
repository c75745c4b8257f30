//! A child process that cannot outlive this one: a shell holds it on a pipe, and ends it when the pipe closes.
//! It works for SIGKILL of this process too, and without unsafe code. The engine never reads our standard input.

use std::ffi::OsString;
use std::fs::File;
use std::process::{ExitStatus, Stdio};

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

/// How long a stopping engine may take to put its data in order before it is killed.
const GRACE_SECONDS: &str = "20";

/// Starts the engine, says its pid, then waits for whichever comes first: its end, or the end of our side of the pipe.
const SCRIPT: &str = r#"
exec 3<&0 </dev/null
tries=$(($1 * 10)); shift
"$@" 3<&- >&2 &
engine=$!
echo "$engine"
exec >/dev/null
{
    read -r _ <&3
    kill -TERM "$engine"
    while [ "$tries" -gt 0 ] && kill -0 "$engine"; do sleep 0.1; tries=$((tries - 1)); done
    kill -KILL "$engine"
} 2>/dev/null &
watcher=$!
wait "$engine"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
"#;

/// A running engine. Dropping it stops the engine, without waiting for that.
#[derive(Debug)]
pub(super) struct Leash {
    shell: Child,
    hold: Option<ChildStdin>,
    pid: u32,
}

impl Leash {
    /// Starts a command line whose output goes to `log`. The file stays open for as long as the engine lives, so that a
    /// lock held on it is released by the engine's end and by nothing else.
    pub(super) async fn launch(command: &[OsString], log: File) -> Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "confab-engine", GRACE_SECONDS])
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            // A group of its own: Ctrl-C is for the program, which stops the engines last.
            .process_group(0)
            .spawn()
            .context("Cannot start /bin/sh")?;
        let hold = shell.stdin.take();
        let mut line = String::new();
        if let Some(stdout) = shell.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).await?;
        }
        let pid = line.trim().parse().context("The shell named no pid")?;
        Ok(Self { shell, hold, pid })
    }

    /// The engine's own process id.
    pub(super) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for the engine's end. Safe to cancel.
    pub(super) async fn ended(&mut self) -> std::io::Result<ExitStatus> {
        self.shell.wait().await
    }

    /// Asks the engine to stop, and kills it after [`GRACE_SECONDS`]; returns when it is gone.
    pub(super) async fn stop(mut self) {
        drop(self.hold.take());
        if let Err(error) = self.shell.wait().await {
            tracing::warn!(engine.pid = self.pid, %error, "cannot wait for a stopping engine");
        }
    }
}
