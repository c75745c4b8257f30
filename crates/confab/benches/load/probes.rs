//! What the machine itself can do right now: a durable write, and a round trip over loopback.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use hdrhistogram::Histogram;

/// Bytes of one probe, about one event.
const BYTES: usize = 300;
const WRITES: usize = 1_000;
const TRIPS: usize = 5_000;

/// One run of both probes, microseconds.
pub struct Probe {
    pub fdatasync: Histogram<u64>,
    pub loopback: Histogram<u64>,
}

/// A histogram of times up to a minute, in microseconds, to three digits.
pub fn microseconds() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).unwrap()
}

pub fn run() -> Probe {
    Probe { fdatasync: fdatasync(), loopback: loopback() }
}

fn fdatasync() -> Histogram<u64> {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("fdatasync.probe");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
    let mut times = microseconds();
    for _ in 0..WRITES {
        let start = Instant::now();
        file.write_all(&[7; BYTES]).unwrap();
        file.sync_data().unwrap();
        times.saturating_record(start.elapsed().as_micros().try_into().unwrap());
    }
    std::fs::remove_file(&path).unwrap();
    times
}

fn loopback() -> Histogram<u64> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut far, _) = listener.accept().unwrap();
    near.set_nodelay(true).unwrap();
    far.set_nodelay(true).unwrap();
    let echo = std::thread::spawn(move || {
        let mut bytes = [0; BYTES];
        for _ in 0..TRIPS {
            far.read_exact(&mut bytes).unwrap();
            far.write_all(&bytes).unwrap();
        }
    });
    let mut times = microseconds();
    let mut bytes = [7; BYTES];
    for _ in 0..TRIPS {
        let start = Instant::now();
        near.write_all(&bytes).unwrap();
        near.read_exact(&mut bytes).unwrap();
        times.saturating_record(start.elapsed().as_micros().try_into().unwrap());
    }
    echo.join().unwrap();
    times
}
