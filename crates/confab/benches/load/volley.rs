//! Messages into one channel, closed loop: the next is sent when one has reached everybody. Counts that everybody had
//! every message once.

use std::time::{Duration, Instant};

use crate::line::Lines;

/// How long the last messages may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nothing may come for so long afterwards.
const QUIET: Duration = Duration::from_millis(500);

/// What came of it.
pub struct Volley {
    pub messages: usize,
    pub seconds: f64,
    /// Milliseconds from each delivery to everybody, after which the next message was sent, to the first delivery of that
    /// one. Without sense when more than one is on its way.
    pub first: Vec<f64>,
}

/// Sends for so long to those behind the first so many sockets, each message by another of the first `outstanding`.
pub fn volley(
    lines: &mut Lines,
    members: usize,
    outstanding: usize,
    length: Duration,
    compose: impl Fn() -> String,
) -> Volley {
    let before: Vec<u64> = (0..lines.len()).map(|line| lines.events(line)).collect();
    // How many sockets had the n-th message, and how many this socket had.
    let (mut reached, mut had): (Vec<usize>, Vec<usize>) = (Vec::new(), vec![0; members]);
    let (start, mut sent, mut done) = (Instant::now(), 0, 0);
    let (mut last, mut first) = (start, Vec::new());
    while sent < outstanding {
        lines.send(sent, &compose());
        sent += 1;
    }
    while done < sent {
        lines.turn(Duration::from_secs(1), |line| {
            let message = had[line];
            had[line] += 1;
            reached.resize(reached.len().max(message + 1), 0);
            reached[message] += 1;
            if reached[message] == 1 {
                first.push(last.elapsed().as_secs_f64() * 1_000.0);
            }
        });
        while reached.get(done) == Some(&members) {
            done += 1;
            last = Instant::now();
            if start.elapsed() < length {
                lines.send(sent % outstanding, &compose());
                sent += 1;
            }
        }
        assert!(start.elapsed() < length + PATIENCE, "{done} of {sent} messages have reached everybody");
    }
    let seconds = start.elapsed().as_secs_f64();
    lines.settle(QUIET);
    let once = |line: usize| lines.events(line) - before[line] == if line < members { sent as u64 } else { 0 };
    assert!((0..lines.len()).all(once), "somebody had what was not hers, or had it twice");
    Volley { messages: sent, seconds, first }
}
