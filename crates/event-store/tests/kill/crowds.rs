//! Many at a time: one that does not read among ten that do, a thousand idle subscriptions, ten
//! thousand idle streams. What they cost is read off the process of the server.

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use eventstore::{
    AppendToStreamOptions, Client, EventData, ExpectedRevision, StreamPosition, SubscribeToAllOptions, Subscription,
    SubscriptionEvent, SubscriptionFilter,
};
use futures::future::join_all;
use futures::stream::{self, StreamExt};
use uuid::Uuid;

use crate::load::start;

/// What memory keeps for subscribers, and room for what is on its way to each.
const LARGE_EVENTS: u64 = 320;
const LARGE: usize = 250_000;

fn resident_kib(server: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("it must come soon")
}

async fn append(client: &Client, stream: &str, bytes: usize) {
    let options = AppendToStreamOptions::default().expected_revision(ExpectedRevision::Any);
    let event = EventData::binary("Tested.v1", vec![1; bytes].into()).id(Uuid::new_v4());
    client.append_to_stream(stream, &options, event).await.unwrap();
}

async fn subscribe(client: &Client, prefix: &str) -> Subscription {
    let filter = SubscriptionFilter::on_stream_name().add_prefix(prefix);
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start).filter(filter);
    let mut subscription = client.subscribe_to_all(&options).await;
    while !matches!(soon(subscription.next_subscription_event()).await.unwrap(), SubscriptionEvent::CaughtUp) {}
    subscription
}

/// Reads so many events, which come in order; whether it was told that it had fallen behind.
async fn follow(subscription: &mut Subscription, count: u64) -> bool {
    let (mut seen, mut fell_behind) = (0, false);
    while seen < count {
        match soon(subscription.next_subscription_event()).await.unwrap() {
            SubscriptionEvent::EventAppeared(event) => {
                assert_eq!(event.get_original_event().revision, seen);
                seen += 1;
            }
            SubscriptionEvent::FellBehind => fell_behind = true,
            _ => {}
        }
    }
    fell_behind
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_8_one_that_does_not_read_harms_none_of_ten_that_do() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, client, url) = start(folder.path()).await;
    let other = || Client::new(url.parse().unwrap()).unwrap();
    let mut slow = subscribe(&other(), "large").await;
    let readers = join_all((0..10).map(|_| async { subscribe(&other(), "large").await })).await;
    let before = resident_kib(&server);
    let following = readers.into_iter().map(|mut reader| {
        tokio::spawn(async move {
            follow(&mut reader, LARGE_EVENTS).await;
        })
    });
    let following: Vec<_> = following.collect();
    let mut most = 0;
    for _ in 0..LARGE_EVENTS {
        append(&client, "large", LARGE).await;
        most = most.max(resident_kib(&server));
    }
    // All ten have everything before the slow one has read anything.
    join_all(following).await.into_iter().for_each(Result::unwrap);
    let grown = most.max(resident_kib(&server)).saturating_sub(before) / 1024;
    assert!(follow(&mut slow, LARGE_EVENTS).await, "it was not told that it fell behind");
    println!("{grown} MiB more for {LARGE_EVENTS} events of {LARGE} bytes, ten readers and one that waits");
    assert!(grown < 200, "{grown} MiB");
    server.kill().unwrap();
    server.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_idle_streams_and_a_thousand_idle_subscriptions_cost_little() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, client, url) = start(folder.path()).await;
    append(&client, "first", 1).await;
    let before = resident_kib(&server);
    stream::iter(0..10_000).for_each_concurrent(64, |number| append_idle(&client, number)).await;
    let streams = resident_kib(&server);
    let clients: Vec<Client> = (0..10).map(|_| Client::new(url.parse().unwrap()).unwrap()).collect();
    let mut subscriptions = Vec::new();
    for client in &clients {
        subscriptions.extend(join_all((0..100).map(|_| subscribe(client, "rare"))).await);
    }
    let subscribed = resident_kib(&server);
    println!("{} B per stream", (streams.saturating_sub(before)) * 1024 / 10_000);
    println!("{} B per subscription", (subscribed.saturating_sub(streams)) * 1024 / 1_000);
    assert!(streams.saturating_sub(before) < 40 << 10, "{before} KiB, then {streams} KiB with 10,000 streams");
    assert!(subscribed.saturating_sub(streams) < 64 << 10, "{streams} KiB, then {subscribed} KiB subscribed to");
    let sent = Instant::now();
    append(&client, "rare", 1).await;
    join_all(subscriptions.iter_mut().map(|subscription| follow(subscription, 1))).await;
    println!("an event is with all of them after {:?}", sent.elapsed());
    server.kill().unwrap();
    server.wait().unwrap();
}

async fn append_idle(client: &Client, number: u64) {
    append(client, &format!("idle-{number}"), 100).await;
}
