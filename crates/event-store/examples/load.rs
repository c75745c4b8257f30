//! Appends with many writers through the official client and prints rates and latencies, beside
//! raw fdatasync on the same disk. `cargo run --release -p event-store --example load -- DIR`

#![allow(clippy::unwrap_used, reason = "a tool for one person at a terminal")]

use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use event_store::{EventStore, Options, serve};
use eventstore::{Client, EventData, ExpectedRevision, ReadAllOptions};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const PERIOD: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    show("raw fdatasync", 1, raw_syncs(&folder));
    let store = EventStore::open(Options::new(folder.join("store"))).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("esdb://{}?tls=false", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(serve(store, listener, shutdown.clone()));
    let client = Client::new(url.parse().unwrap()).unwrap();
    for writers in [1, 16, 256] {
        show("unary append", writers, run(&client, writers, false).await);
        show("batch append", writers, run(&client, writers, true).await);
    }
    read(&client).await;
    shutdown.cancel();
    server.await.unwrap().unwrap();
}

fn raw_syncs(folder: &std::path::Path) -> Vec<Duration> {
    let mut file = std::fs::File::create(folder.join("raw")).unwrap();
    file.write_all(&vec![0; 1 << 20]).unwrap();
    let begun = Instant::now();
    let mut took = Vec::new();
    while begun.elapsed() < Duration::from_secs(2) {
        let from = Instant::now();
        let offset = (took.len() as u64 * 4_096) % (1 << 20);
        file.write_all_at(&[1; 4_096], offset).unwrap();
        file.sync_data().unwrap();
        took.push(from.elapsed());
    }
    took
}

async fn run(client: &Client, writers: usize, batch: bool) -> Vec<Duration> {
    let until = Instant::now() + PERIOD;
    let tasks: Vec<_> = (0..writers).map(|_| tokio::spawn(write(client.clone(), until, batch))).collect();
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.unwrap());
    }
    took
}

async fn write(client: Client, until: Instant, batch: bool) -> Vec<Duration> {
    let pipeline = client.batch_append(&Default::default()).await.unwrap();
    let mut took = Vec::new();
    while Instant::now() < until {
        let stream = format!("message-{}", Uuid::new_v4());
        let event = EventData::binary("Loaded.v1", vec![7; 300].into()).id(Uuid::new_v4());
        let from = Instant::now();
        if batch {
            let append = pipeline.append_to_stream(stream, ExpectedRevision::NoStream, vec![event]);
            append.await.unwrap();
        } else {
            client.append_to_stream(stream, &Default::default(), event).await.unwrap();
        }
        took.push(from.elapsed());
    }
    took
}

async fn read(client: &Client) {
    let begun = Instant::now();
    let mut events = client.read_all(&ReadAllOptions::default()).await.unwrap();
    let mut count = 0_u32;
    while events.next().await.unwrap().is_some() {
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    println!("{:<14} {count:>9} events {rate:>9.0}/s", "read $all");
}

fn show(what: &str, writers: usize, mut took: Vec<Duration>) {
    took.sort_unstable();
    let total: Duration = took.iter().sum();
    let rate = took.len() as f64 / (total.as_secs_f64() / writers as f64);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    println!("{what:<14} {writers:>4} writers {rate:>9.0}/s  p50 {:>9.2?}  p99 {:>9.2?}", at(0.5), at(0.99));
}
