//! Programs that never outlive this one: each runs in a group of its own, on a pipe whose end ends the whole group.
//! So Ctrl-C, SIGTERM and even SIGKILL of a task leave nothing running. Programs get no standard input.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// Starts the program, and ends its group when the pipe on standard input closes: SIGTERM, after 30 s SIGKILL.
const SCRIPT: &str = r#"
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
trap '' TERM
{
    read -r _ <&3
    kill -TERM "-$$"
    tries=300
    while [ "$tries" -gt 0 ] && kill -0 "$child"; do sleep 0.1; tries=$((tries - 1)); done
    kill -KILL "-$$"
} >/dev/null 2>&1 &
watcher=$!
wait "$child"
code=$?
kill -KILL "$watcher" 2>/dev/null
exit "$code"
"#;

/// A command line to be given arguments, a folder and an environment, and then to [`finish`], [`read`] or [`keep`].
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SCRIPT, "xtask"]).arg(name).stdin(Stdio::piped()).process_group(0);
    command
}

/// A program that runs until it is stopped or dropped.
pub(crate) struct Kept {
    child: Child,
    hold: Option<ChildStdin>,
}

impl Kept {
    /// Whether the program has ended by itself.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.hold.take());
        if let Err(error) = self.child.wait() {
            eprintln!("cannot wait for a stopping program: {error}");
        }
    }
}

/// Starts a program in the background.
pub(crate) fn keep(command: &mut Command) -> Result<Kept> {
    let mut child = command.spawn().context("Cannot start /bin/sh")?;
    let hold = child.stdin.take();
    Ok(Kept { child, hold })
}

/// Runs a program to its end, its output going where ours goes.
pub(crate) fn finish(command: &mut Command) -> Result<ExitStatus> {
    let mut child = command.spawn().context("Cannot start /bin/sh")?;
    // `wait` would close the pipe, and with it the program.
    let _hold = child.stdin.take();
    Ok(child.wait()?)
}

/// As [`finish`], and showing every line of standard output to `see` as it passes.
pub(crate) fn read(command: &mut Command, mut see: impl FnMut(&str)) -> Result<ExitStatus> {
    read_silently(command, |line| {
        let mut out = std::io::stdout().lock();
        // A closed terminal is no reason to stop: the exit code still tells the outcome.
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        see(line);
    })
}

/// As [`read`], printing nothing of standard output.
pub(crate) fn read_silently(command: &mut Command, mut see: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("Cannot start /bin/sh")?;
    let _hold = child.stdin.take();
    let mut output = BufReader::new(child.stdout.take().context("No output to read")?);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        see(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(child.wait()?)
}

/// Turns a failed end into an error that names what failed.
pub(crate) fn check(status: ExitStatus, what: &str) -> Result<()> {
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(()),
        (Some(code), _) => bail!("{what} failed (exit code {code}; see above)"),
        (None, signal) => bail!("{what} was ended by signal {}", signal.unwrap_or_default()),
    }
}
