//! A scenario in another language. It says `restart` when it wants the server killed and started
//! again, is told `restarted`, and ends well if every step did.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::server::Server;

/// How long a whole scenario may take.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn run(mut client: Command, mut server: Server) {
    client.arg(server.url());
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, output) = (client.stdin.take().unwrap(), BufReader::new(client.stdout.take().unwrap()));
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let deadline = Instant::now() + PATIENCE;
    let mut last = "nothing".to_owned();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) if line == "restart" => {
                server.restart();
                writeln!(input, "restarted").unwrap();
            }
            Ok(line) => {
                println!("{line}");
                last = line;
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                client.kill().unwrap();
                client.wait().unwrap();
                panic!("the client hangs after {last:?}");
            }
        }
    }
    let ended = client.wait().unwrap();
    assert!(ended.success(), "the client failed after {last:?}; what it said stands above");
}
