//! Commands from sockets.

use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use crate::world::{ANN, BOB, ROOM, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_acknowledged_and_delivered_in_the_order_of_sending() {
    let world = World::new().await.with_commands().await;
    let node = world.node(&[]).await;
    let (mut ann, mut bob) = (world.client(&node, ANN).await, world.client(&node, BOB).await);
    let texts: Vec<String> = (0..30).map(|n| n.to_string()).collect();
    for (n, text) in (1_u128..).zip(&texts) {
        ann.say(json!({ "type": "send", "id": Uuid::from_u128(n), "conversation": ROOM, "text": text })).await;
    }
    assert_eq!(bob.texts(30).await, texts);
    let mut positions = Vec::new();
    for n in 1_u128..=30 {
        let ack = ann.frame_of("ack").await;
        assert_eq!(ack["id"], json!(Uuid::from_u128(n)));
        positions.push(ack["position"].as_u64().unwrap());
    }
    assert!(positions.is_sorted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_comes_back_under_its_id() {
    let world = World::new().await.with_commands().await;
    let node = world.node(&[]).await;
    let mut ann = world.client(&node, ANN).await;
    let id = Uuid::from_u128(5);
    ann.say(json!({ "type": "send", "id": id, "conversation": ROOM, "text": "refuse me" })).await;
    let error = ann.frame_of("error").await;
    assert_eq!((&error["id"], &error["problem"]["code"]), (&json!(id), &json!("conversation_not_found")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_command_service_the_answer_is_503_at_once() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut ann = world.client(&node, ANN).await;
    let asked = Instant::now();
    ann.say(json!({ "type": "read", "id": "r", "conversation": ROOM, "position": 1 })).await;
    let error = ann.frame_of("error").await;
    assert_eq!((&error["id"], &error["problem"]["status"]), (&json!("r"), &json!(503)));
    assert_eq!(error["problem"]["code"], "unavailable");
    assert!(asked.elapsed() < Duration::from_secs(1));
}
