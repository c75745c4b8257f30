//! What the disk can do right now: one write after the other, each synced, by one thread and no queue.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::appends::{BYTES, Round, micros, microseconds};

/// As many as there is time for.
pub(crate) fn fdatasync(folder: &Path, length: Duration) -> Round {
    let path = folder.join("probe");
    let mut file = File::create(&path).unwrap();
    let (begun, mut took) = (Instant::now(), microseconds());
    while begun.elapsed() < length {
        let from = Instant::now();
        file.write_all(&[7; BYTES]).unwrap();
        file.sync_data().unwrap();
        took.saturating_record(micros(from.elapsed()));
    }
    let rate = took.len() as f64 / begun.elapsed().as_secs_f64();
    std::fs::remove_file(path).unwrap();
    Round { rate, took }
}
