//! SPEC.md §5: catch-up subscriptions.

use std::time::{Duration, Instant};

use eventstore::{
    Error, ExpectedRevision, Position, ReadAllOptions, StreamPosition, SubscribeToAllOptions, SubscribeToStreamOptions,
    SubscriptionEvent, SubscriptionFilter,
};

use crate::harness::{Server, all_of, ids, new_events, next, next_event, soon, until_caught_up};

fn from(position: Position) -> SubscribeToAllOptions {
    SubscribeToAllOptions::default().position(StreamPosition::Position(position))
}

fn prefix(prefix: &str) -> SubscribeToAllOptions {
    SubscribeToAllOptions::default()
        .position(StreamPosition::Start)
        .filter(SubscriptionFilter::on_stream_name().add_prefix(prefix))
}

fn events_in(messages: &[SubscriptionEvent]) -> Vec<uuid::Uuid> {
    let events = messages.iter().filter_map(|message| match message {
        SubscriptionEvent::EventAppeared(event) => Some(event.get_original_event().id),
        _ => None,
    });
    events.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_1_confirmation_then_what_was_then_caught_up_then_what_comes() {
    let server = Server::start().await;
    let mut written = server.fill("a", 2).await;
    written.extend(server.fill("b", 700).await);
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let mut subscription = server.client.subscribe_to_all(&options).await;
    let before = until_caught_up(&mut subscription).await;
    assert!(matches!(before[0], SubscriptionEvent::Confirmed(_)));
    assert_eq!(events_in(&before), written);
    for id in server.fill("c", 3).await {
        assert_eq!(next_event(&mut subscription).await.get_original_event().id, id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_2_a_subscription_starts_after_its_position() {
    let server = Server::start().await;
    server.fill("a", 1).await;
    let second = server.append("a", ExpectedRevision::Any, new_events(1)).await.unwrap();
    let third = server.fill("b", 1).await;
    let mut subscription = server.client.subscribe_to_all(&from(second.position)).await;
    assert_eq!(events_in(&until_caught_up(&mut subscription).await), third);

    let end = SubscribeToAllOptions::default().position(StreamPosition::End);
    let mut subscription = server.client.subscribe_to_all(&end).await;
    assert!(events_in(&until_caught_up(&mut subscription).await).is_empty());
    let next = server.fill("a", 1).await;
    assert_eq!(next_event(&mut subscription).await.get_original_event().id, next[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_3_a_stream_is_subscribed_to_after_a_revision() {
    let server = Server::shared().await;
    let a = server.fill("a", 4).await;
    server.fill("b", 4).await;
    let options = SubscribeToStreamOptions::default();
    for (start, skipped) in [(StreamPosition::Start, 0), (StreamPosition::Position(1), 2), (StreamPosition::End, 4)] {
        let options = options.clone().start_from(start);
        let mut subscription = server.client.subscribe_to_stream("a", &options).await;
        assert_eq!(events_in(&until_caught_up(&mut subscription).await), a[skipped..]);
    }
    let mut subscription = server.client.subscribe_to_stream("later", &options).await;
    until_caught_up(&mut subscription).await;
    server.fill("a", 1).await;
    let later = server.fill("later", 2).await;
    for id in later {
        assert_eq!(next_event(&mut subscription).await.get_original_event().id, id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_4_each_event_once_in_order_across_the_switch_to_live() {
    let server = Server::start().await;
    server.fill("old", 500).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let client = server.client.clone();
            tokio::spawn(async move {
                for _ in 0..60 {
                    let stream = format!("new-{writer}");
                    let events = new_events(2);
                    client.append_to_stream(stream, &Default::default(), events).await.unwrap();
                }
            })
        })
        .collect();
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let mut subscriptions = Vec::new();
    for _ in 0..6 {
        subscriptions.push(server.client.subscribe_to_all(&options).await);
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    let mut delivered = Vec::new();
    for subscription in &mut subscriptions {
        let mut ids = Vec::new();
        for _ in 0..(500 + 8 * 60 * 2) {
            ids.push(next_event(subscription).await.get_original_event().id);
        }
        delivered.push(ids);
    }
    let stored = ids(&all_of(server.client.read_all(&ReadAllOptions::default()).await.unwrap()).await);
    assert!(delivered.iter().all(|ids| *ids == stored), "an event is missing, came twice or out of order");
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_5_a_filter_lets_through_what_matches_before_and_after_the_switch() {
    let server = Server::start().await;
    let on_type = SubscriptionFilter::on_event_type().regex("^Tested\\.v(?!2)");
    let on_type = SubscribeToAllOptions::default().position(StreamPosition::Start).filter(on_type);
    let mut wanted = server.fill("b-1", 2).await;
    server.fill("a-1", 2).await;
    let mut by_name = server.client.subscribe_to_all(&prefix("b-")).await;
    let mut by_type = server.client.subscribe_to_all(&on_type).await;
    assert_eq!(events_in(&until_caught_up(&mut by_name).await), wanted);
    assert_eq!(events_in(&until_caught_up(&mut by_type).await).len(), 4);
    server.fill("a-2", 2).await;
    wanted = server.fill("b-2", 2).await;
    for id in wanted {
        assert_eq!(next_event(&mut by_name).await.get_original_event().id, id);
    }
    for _ in 0..4 {
        next_event(&mut by_type).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_checkpoints_mark_the_way_while_catching_up() {
    let server = Server::start().await;
    for _ in 0..20 {
        server.fill("a-1", 100).await;
    }
    // A server that has just started has nothing in memory.
    let server = server.restart().await;
    let mut subscription = server.client.subscribe_to_all(&prefix("b-")).await;
    let before = until_caught_up(&mut subscription).await;
    let checkpoints: Vec<u64> = before
        .iter()
        .filter_map(|message| match message {
            SubscriptionEvent::Checkpoint(position) => Some(position.commit),
            _ => None,
        })
        .collect();
    assert!(checkpoints.len() >= 3, "{checkpoints:?}");
    assert!(checkpoints.windows(2).all(|pair| pair[0] < pair[1]));
    let stored = all_of(server.client.read_all(&ReadAllOptions::default()).await.unwrap()).await;
    assert_eq!(checkpoints.last(), Some(&stored[1_999].get_original_event().position.commit));
    let at = stored[1_499].get_original_event().position;
    let resumed = prefix("a-").position(StreamPosition::Position(at));
    let mut resumed = server.client.subscribe_to_all(&resumed).await;
    assert_eq!(events_in(&until_caught_up(&mut resumed).await).len(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_7_live_silence_is_reported_by_a_prompt_checkpoint_at_the_newest_position() {
    let server = Server::start().await;
    let mut subscription = server.client.subscribe_to_all(&prefix("b-")).await;
    until_caught_up(&mut subscription).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..50 {
        let written = server.append("a", ExpectedRevision::Any, new_events(1)).await.unwrap();
        let answered = Instant::now();
        loop {
            match next(&mut subscription).await {
                SubscriptionEvent::Checkpoint(at) if at == written.position => break,
                SubscriptionEvent::Checkpoint(at) => assert!(at.commit < written.position.commit),
                other => panic!("unexpected {other:?}"),
            }
        }
        slowest = slowest.max(answered.elapsed());
    }
    assert!(slowest < Duration::from_millis(500), "{slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_7_a_burst_of_commits_is_one_checkpoint_per_two_milliseconds() {
    let server = Server::start().await;
    let mut subscription = server.client.subscribe_to_all(&prefix("b-")).await;
    until_caught_up(&mut subscription).await;
    let begun = Instant::now();
    let mut last = 0;
    for _ in 0..300 {
        last = server.append("a", ExpectedRevision::Any, new_events(1)).await.unwrap().position.commit;
    }
    let mut checkpoints = 0;
    loop {
        let SubscriptionEvent::Checkpoint(at) = next(&mut subscription).await else {
            panic!("only checkpoints were expected");
        };
        checkpoints += 1;
        if at.commit == last {
            break;
        }
    }
    let allowed = begun.elapsed().as_millis() / 2 + 2;
    assert!(checkpoints <= allowed, "{checkpoints} checkpoints where {allowed} were allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_8_a_slow_subscriber_falls_behind_and_catches_up_without_loss() {
    let server = Server::start().await;
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let mut subscription = server.client.subscribe_to_all(&options).await;
    until_caught_up(&mut subscription).await;
    // More than memory keeps for subscribers, while this one does not read.
    let mut count = 0;
    for _ in 0..60 {
        let big = |_| eventstore::EventData::binary("Big.v1", vec![1; 250_000].into()).id(uuid::Uuid::new_v4());
        let events = (0..4).map(big).collect();
        server.append("big", ExpectedRevision::Any, events).await.unwrap();
        count += 4;
    }
    let (mut fell_behind, mut caught_up, mut seen) = (false, false, 0);
    while !caught_up || seen < count {
        match next(&mut subscription).await {
            SubscriptionEvent::EventAppeared(event) => {
                assert_eq!(event.get_original_event().revision, seen);
                seen += 1;
            }
            SubscriptionEvent::FellBehind => fell_behind = true,
            SubscriptionEvent::CaughtUp => caught_up = true,
            _ => {}
        }
    }
    assert!(fell_behind);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_9_shutdown_ends_subscriptions_with_an_error() {
    let server = Server::start().await;
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let mut subscription = server.client.subscribe_to_all(&options).await;
    until_caught_up(&mut subscription).await;
    server.shut_down();
    let ended = soon(subscription.next()).await;
    let Err(Error::ServerError(message)) = ended else {
        panic!("got {ended:?}");
    };
    assert!(message.contains("shutting down"), "{message}");
    soon(server.stop()).await;
}
