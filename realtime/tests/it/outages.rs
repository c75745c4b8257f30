//! NATS away, realtime stopping: sockets are told to come back, and nothing is lost.

use std::time::{Duration, Instant};

use events::{Fact, Family, MessageId, StreamName};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::client::Client;
use crate::presence::back;
use crate::world::{ANN, BOB, ROOM, World};

#[tokio::test(flavor = "multi_thread")]
async fn while_nats_is_away_sockets_are_closed_and_afterwards_nothing_is_missing() {
    let mut world = World::new().await;
    let node = world.node(&[]).await;
    let (mut bob, cursor) = Client::ready(node.address, &world.token(BOB), None).await;
    let relay = world.relay.take();
    world.nats.kill();
    drop(relay);
    let away = Instant::now();
    assert_eq!(bob.close_code().await, 1013);
    assert!(away.elapsed() > Duration::from_secs(1), "a short absence is nobody's business");
    let mut refused = Client::open(node.address).await;
    refused.hello(&world.token(BOB), Some(cursor)).await;
    assert_eq!(refused.close_code().await, 1013);
    world.post(ROOM, ANN, "meanwhile").await;
    world.nats.run();
    drop(back(&world, &node, BOB).await);
    let (mut bob, _) = Client::ready(node.address, &world.token(BOB), Some(cursor)).await;
    assert_eq!(bob.texts(1).await, ["meanwhile"]);
    world.post(ROOM, ANN, "afterwards").await;
    assert_eq!(bob.texts(1).await, ["afterwards"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_that_comes_back_with_nothing_loses_nothing() {
    let mut world = World::new().await;
    let node = world.node(&[]).await;
    let (mut bob, cursor) = Client::ready(node.address, &world.token(BOB), None).await;
    world.post(ROOM, ANN, "first").await;
    assert_eq!(bob.texts(1).await, ["first"]);
    world.relay = None;
    world.nats.kill();
    assert_eq!(bob.close_code().await, 1013);
    world.nats.forget();
    world.nats.run();
    world.post(ROOM, ANN, "second").await;
    drop(back(&world, &node, BOB).await);
    let (mut bob, _) = Client::ready(node.address, &world.token(BOB), Some(cursor)).await;
    assert_eq!(bob.texts(2).await, ["first", "second"]);
}

/// A fact of some later version, which today's code cannot read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "name", content = "data")]
enum Later {
    #[serde(rename = "MessageSung.v7")]
    MessageSung {},
}

impl Family for Later {
    fn fact(_: &StreamName, _: Self) -> Option<Fact> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_fact_that_nobody_can_read_everybody_starts_anew() {
    let world = World::without_relay().await;
    let node = world.node(&[]).await;
    let (mut bob, cursor) = Client::ready(node.address, &world.token(BOB), None).await;
    let message = StreamName::message(MessageId::new(Uuid::from_u128(5)));
    world.append(&message, vec![Later::MessageSung {}]).await;
    assert_eq!(bob.close_code().await, 1013);
    let (mut bob, begun) = Client::ready(node.address, &world.token(BOB), Some(cursor)).await;
    assert!(begun > cursor);
    assert_eq!(bob.frame().await["reason"], "too_far_behind");
    world.post(ROOM, ANN, "behind it").await;
    assert_eq!(bob.texts(1).await, ["behind it"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_node_says_when_to_come_back() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut bob = world.client(&node, BOB).await;
    let mut nobody = Client::open(node.address).await;
    node.shutdown.cancel();
    let closing = bob.frame_of("closing").await;
    assert!(closing["retry_after_ms"].as_u64().unwrap() < 3_000);
    assert_eq!(bob.close_code().await, 1012);
    assert_eq!(nobody.close_code().await, 1012);
}
