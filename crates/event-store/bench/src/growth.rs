//! What must not grow with the store: the time of an append and of a start, memory, bytes per event.
//! Memory and starts are measured in processes of their own.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use event_store::{EventStore, Expected, NewEvent, Options};
use serde_json::{Value, json};

use crate::appends::{BYTES, Target, microseconds, payload, run, stream};
use crate::ratios::Spread;
use crate::report::Report;

/// Events of one append when a store is filled, and such appends at a time.
const BATCH: usize = 100;
const FILLERS: usize = 32;
/// The small store that a large one is compared with.
const SMALL: usize = 10_000;
/// What all events are called: its bytes are payload too.
const KIND: &str = "Measured.v1";

/// Rows for a store of so many events, beside one of 10,000.
pub(crate) async fn measure(folder: &Path, events: usize, rounds: usize, length: Duration, report: &mut Report) {
    let (small, large) = (folder.join("small"), folder.join(format!("of-{events}")));
    if !small.exists() {
        fill(open(&small), SMALL).await;
    }
    let begun = Instant::now();
    fill(open(&large), events).await;
    let name = |what: &str| format!("{what}, {} k events", events / 1_000);
    report.figure(&name("written in batches of 100"), events as f64 / begun.elapsed().as_secs_f64(), "events/s", None);
    let share = bytes_in(&large) as f64 / (events * (BYTES + KIND.len())) as f64;
    report.figure(&name("bytes on disk / payload"), share, "", Some(("≤ 1.6", share <= 1.6)));
    starts(&large, events, &name, report);
    read_all(&large, &name, report).await;
    for (what, folder, count) in [("small", &small, SMALL), ("large", &large, events)] {
        let held = in_a_process(folder)["resident"].as_f64().unwrap() / f64::from(1 << 20);
        report.figure(&format!("memory in use, {what} store of {} k", count / 1_000), held, "MiB", None);
    }
    appends(&small, &large, rounds, length, &name, report).await;
}

fn open(folder: &Path) -> EventStore {
    EventStore::open(Options::new(folder)).unwrap()
}

fn starts(folder: &Path, events: usize, name: &impl Fn(&str) -> String, report: &mut Report) {
    let opened = Spread::of((0..5).map(|_| in_a_process(folder)["opened_ms"].as_f64().unwrap()));
    let goal = (events == 1_000_000).then_some(("≤ 300 ms", opened.median <= 300.0));
    report.figure(&name("start, warm"), opened.median, "ms", goal);
}

async fn read_all(folder: &Path, name: &impl Fn(&str) -> String, report: &mut Report) {
    let store = open(folder);
    let mut rates = Vec::new();
    for _ in 0..3 {
        let (begun, mut after, mut count) = (Instant::now(), 0, 0);
        loop {
            let page = store.read_all(after, u64::MAX).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.position;
            count += page.len();
        }
        rates.push(count as f64 / begun.elapsed().as_secs_f64());
    }
    let rate = Spread::of(rates).median;
    report.figure(&name("$all read in process"), rate, "events/s", Some(("≥ 300,000", rate >= 300_000.0)));
}

async fn appends(
    small: &Path,
    large: &Path,
    rounds: usize,
    length: Duration,
    name: &impl Fn(&str) -> String,
    report: &mut Report,
) {
    let (small, large) = (Target::Store(open(small)), Target::Store(open(large)));
    let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
    let (mut all_small, mut all_large) = (microseconds(), microseconds());
    for number in 0..=rounds {
        for (target, figures, all) in [(&small, &mut of_small, &mut all_small), (&large, &mut of_large, &mut all_large)]
        {
            let round = run(target, 16, length).await;
            if number > 0 {
                figures.push(round.took.value_at_quantile(0.99) as f64);
                all.add(round.took).unwrap();
            }
        }
    }
    let pairs = Spread::of_pairs(&of_large, &of_small);
    report.ratio(&name("append p99 of 16 writers / in 10 k, by round"), pairs, None);
    // A round's p99 hangs on a few stalls of the disk; all rounds together say more.
    let ratio = all_large.value_at_quantile(0.99) as f64 / all_small.value_at_quantile(0.99) as f64;
    report.figure(&name("append p99 of 16 writers / in 10 k"), ratio, "", Some(("≤ 1.1", ratio <= 1.1)));
}

/// Makes a store of so many events, in as many streams as the writers use.
pub(crate) async fn fill(store: EventStore, events: usize) {
    let fillers: Vec<_> = (0..FILLERS).map(|filler| tokio::spawn(fill_share(store.clone(), filler, events))).collect();
    for filler in fillers {
        filler.await.unwrap();
    }
}

async fn fill_share(store: EventStore, filler: usize, events: usize) {
    let data = payload();
    for number in (filler..events / BATCH).step_by(FILLERS) {
        let events = (0..BATCH).map(|_| NewEvent::binary(KIND, data.clone())).collect();
        store.append(stream(number), Expected::Any, events).await.unwrap();
    }
}

fn bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| {
        let about = entry.metadata().unwrap();
        if about.is_dir() { bytes_in(&entry.path()) } else { about.len() }
    });
    sizes.sum()
}

/// Opens a store in a new process, uses it, and says what that took.
fn in_a_process(folder: &Path) -> Value {
    let output = Command::new(std::env::current_exe().unwrap()).arg("--inside").arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What the new process does: a start, then appends and reads for two seconds.
pub(crate) async fn inside(folder: &Path) {
    let begun = Instant::now();
    let store = open(folder);
    let opened_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    run(&Target::Store(store.clone()), 16, Duration::from_secs(2)).await;
    for number in 0..1_000 {
        store.read_stream(stream(number), 0, 100).await.unwrap();
    }
    println!("{}", json!({ "opened_ms": opened_ms, "resident": resident() }));
}

/// Bytes of memory that this process holds.
pub(crate) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1_024
}
