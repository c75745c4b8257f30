//! Who is here, as told to those who watch.

use std::time::{Duration, Instant};

use events::UserId;
use serde_json::{Value, json};

use crate::client::Client;
use crate::world::{ANN, BOB, CAT, World};

/// Waits until somebody is shown in a state; how long that took.
async fn shown(client: &mut Client, user: UserId, state: &str, within: Duration) -> Duration {
    let began = Instant::now();
    let wanted = json!({ "type": "presence", "user": user, "state": state });
    let seen = async { while client.patient_frame().await != wanted {} };
    tokio::time::timeout(within, seen).await.unwrap_or_else(|_| panic!("{user} was not shown as {state}"));
    began.elapsed()
}

fn watch(users: &[UserId]) -> Value {
    json!({ "type": "watch", "users": users })
}

const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a13_b03_b14_c12_coming_falling_idle_and_going_are_shown_to_those_who_watch() {
    let world = World::new().await.with_commands().await;
    let (one, other) = (world.node(&[]).await, world.node(&[]).await);
    let (mut bob, mut cat) = (world.client(&one, BOB).await, world.client(&one, CAT).await);
    bob.say(watch(&[ANN])).await;
    assert_eq!(bob.frame().await, json!({ "type": "presence", "user": ANN, "state": "offline" }));
    let mut ann = world.client(&other, ANN).await;
    shown(&mut bob, ANN, "active", SOON).await;
    ann.say(json!({ "type": "presence", "state": "away" })).await;
    shown(&mut bob, ANN, "away", SOON).await;
    let tablet = world.client(&one, ANN).await;
    shown(&mut bob, ANN, "active", SOON).await;
    drop(tablet);
    shown(&mut bob, ANN, "away", SOON).await;
    drop(ann);
    shown(&mut bob, ANN, "offline", SOON).await;
    // Cat watches nobody and hears of nobody.
    cat.silent_for(Duration::from_millis(200)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_back_within_the_grace_was_never_gone() {
    let world = World::new().await.with_commands().await;
    let node = world.node(&[("CONFAB_OFFLINE_AFTER_MS", "1500")]).await;
    let mut bob = world.client(&node, BOB).await;
    let ann = world.client(&node, ANN).await;
    bob.say(watch(&[ANN])).await;
    shown(&mut bob, ANN, "active", SOON).await;
    drop(ann);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let _back = world.client(&node, ANN).await;
    bob.silent_for(Duration::from_millis(2_500)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b20_the_people_of_a_node_that_died_are_offline_within_thirty_seconds() {
    let world = World::new().await.with_commands().await;
    let (one, other) = (world.node(&[]).await, world.node(&[]).await);
    let mut bob = world.client(&one, BOB).await;
    bob.say(watch(&[ANN])).await;
    let ann = world.client(&other, ANN).await;
    shown(&mut bob, ANN, "active", SOON).await;
    other.kill();
    let took = shown(&mut bob, ANN, "offline", Duration::from_secs(31)).await;
    assert!(took > Duration::from_secs(5), "a lease is not given up at once, but after {took:?}");
    drop(ann);
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_that_was_lost_with_nats_is_said_again() {
    let mut world = World::new().await.with_commands().await;
    let node = world.node(&[]).await;
    let ann = world.client(&node, ANN).await;
    let mut bob = world.client(&node, BOB).await;
    bob.say(watch(&[ANN])).await;
    shown(&mut bob, ANN, "active", SOON).await;
    world.nats.kill();
    assert_eq!(bob.close_code().await, 1013);
    world.nats.run();
    drop(ann);
    let (_ann, mut bob) = (back(&world, &node, ANN).await, back(&world, &node, BOB).await);
    bob.say(watch(&[ANN])).await;
    shown(&mut bob, ANN, "active", SOON).await;
    bob.silent_for(Duration::from_secs(12)).await;
}

/// A live client, as soon as the node takes one again.
pub(crate) async fn back(world: &World, node: &crate::world::Node, user: UserId) -> Client {
    for _ in 0..100 {
        let mut client = Client::open(node.address).await;
        client.hello(&world.token(user), None).await;
        if client.try_frame().await.is_some_and(|frame| frame["type"] == "ready") {
            return client;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the node takes nobody again")
}
