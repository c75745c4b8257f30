//! The same through gRPC, with the official client, server and client in one process.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use event_store::{EventStore, Expected, NewEvent, Options, serve};
use eventstore::{Client, ReadAllOptions, StreamPosition, SubscribeToAllOptions, SubscriptionFilter};
use hdrhistogram::Histogram;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::appends::{Target, micros, microseconds, run, stream};
use crate::growth::{fill, resident};
use crate::ratios::Spread;
use crate::report::Report;

/// Events read through gRPC.
const READ: usize = 200_000;
const SUBSCRIBERS: usize = 1_000;
/// Events per second that the subscribers share.
const LIVE_RATE: u64 = 100;

/// Rows for appends, a read of everything, and subscribers.
pub(crate) async fn measure(folder: &Path, rounds: usize, length: Duration, report: &mut Report) {
    let store = EventStore::open(Options::new(folder.join("served"))).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("esdb://{}?tls=false", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(serve(store.clone(), listener, shutdown.clone()));
    let client = Client::new(url.parse().unwrap()).unwrap();
    // Before anything else: memory that others have given back would hide what subscribers take.
    subscribers(&store, &client, length * 3, report).await;
    fill(store.clone(), READ).await;
    read_all(&client, report).await;
    appends(&client, rounds, length, report).await;
    shutdown.cancel();
    drop((store, client));
    server.await.unwrap().unwrap();
}

async fn read_all(client: &Client, report: &mut Report) {
    let mut rates = Vec::new();
    for _ in 0..5 {
        let (begun, mut count) = (Instant::now(), 0);
        let options = ReadAllOptions::default().position(StreamPosition::Start).max_count(READ);
        let mut events = client.read_all(&options).await.unwrap();
        while events.next().await.unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, READ);
        rates.push(READ as f64 / begun.elapsed().as_secs_f64());
    }
    let rate = Spread::of(rates).median;
    report.figure("$all read through gRPC", rate, "events/s", Some(("≥ 100,000", rate >= 100_000.0)));
}

async fn appends(client: &Client, rounds: usize, length: Duration, report: &mut Report) {
    let batches = Arc::new(client.batch_append(&Default::default()).await.unwrap());
    let targets = [("unary", Target::Unary(client.clone())), ("batch", Target::Batch(batches))];
    for writers in [1, 16, 256] {
        let mut figures = [(Vec::new(), microseconds()), (Vec::new(), microseconds())];
        for number in 0..=rounds {
            for ((_, target), (rates, took)) in targets.iter().zip(&mut figures) {
                let round = run(target, writers, length).await;
                if number > 0 {
                    rates.push(round.rate);
                    took.add(round.took).unwrap();
                }
            }
        }
        for ((name, _), (rates, took)) in targets.iter().zip(&figures) {
            report.rate(&format!("{writers:>3} writers, gRPC, {name}"), rates, took);
        }
    }
}

/// Each hears the events of one stream, live.
async fn subscribers(store: &EventStore, client: &Client, length: Duration, report: &mut Report) {
    let (epoch, before) = (Instant::now(), resident());
    let (sender, mut heard) = mpsc::unbounded_channel();
    let tasks: Vec<_> =
        (0..SUBSCRIBERS).map(|number| tokio::spawn(listen(client.clone(), number, epoch, sender.clone()))).collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let held = (resident() - before.min(resident())) as f64 / SUBSCRIBERS as f64 / 1_024.0;
    let (spent, begun) = (cpu_seconds(), Instant::now());
    let (mut ticks, mut sent) = (interval(Duration::from_micros(1_000_000 / LIVE_RATE)), 0);
    while begun.elapsed() < length {
        ticks.tick().await;
        let now = Bytes::copy_from_slice(&micros(epoch.elapsed()).to_le_bytes());
        store.append(stream(sent * 389), Expected::Any, vec![NewEvent::binary("Live.v1", now)]).await.unwrap();
        sent += 1;
    }
    let cores = (cpu_seconds() - spent) / begun.elapsed().as_secs_f64();
    let mut took = microseconds();
    while took.len() < sent as u64
        && let Ok(Some(micros)) = timeout(Duration::from_secs(5), heard.recv()).await
    {
        took.saturating_record(micros);
    }
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    show(&took, sent, cores, held, report);
}

fn show(took: &Histogram<u64>, sent: usize, cores: f64, held: f64, report: &mut Report) {
    let ms = |quantile| took.value_at_quantile(quantile) as f64 / 1_000.0;
    let name = |what: &str| format!("{SUBSCRIBERS} filtered subscribers, {LIVE_RATE} events/s: {what}");
    report.figure(&name("append → delivery p50"), ms(0.5), "ms", None);
    report.figure(&name("append → delivery p99"), ms(0.99), "ms", None);
    report.figure(&name("lost"), sent as f64 - took.len() as f64, "events", Some(("0", took.len() == sent as u64)));
    report.figure(&name("CPU, client included"), cores, "cores", None);
    report.figure(&name("memory each, client included"), held, "KiB", None);
}

async fn listen(client: Client, number: usize, epoch: Instant, heard: mpsc::UnboundedSender<u64>) {
    let filter = SubscriptionFilter::on_stream_name().add_prefix(&*stream(number));
    let options = SubscribeToAllOptions::default().position(StreamPosition::End).filter(filter);
    let mut subscription = client.subscribe_to_all(&options).await;
    while let Ok(event) = subscription.next().await {
        let data = event.get_original_event().data.as_ref();
        let sent = u64::from_le_bytes(data.try_into().unwrap());
        let _ = heard.send(micros(epoch.elapsed()).saturating_sub(sent));
    }
}

/// What this process has used so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum();
    ticks / 100.0
}
