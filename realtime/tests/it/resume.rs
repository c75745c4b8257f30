//! Coming back with a cursor: everything missed, each once, in order, and then live.

use std::time::Duration;

use events::{ConversationEvent, MessageEvent, MessageId, StreamName};
use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::world::{ANN, BOB, CAT, ROOM, World, posted};

const A_WHILE: Duration = Duration::from_millis(400);

#[tokio::test(flavor = "multi_thread")]
async fn without_a_cursor_it_begins_now() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    world.post(ROOM, ANN, "old").await;
    let (mut bob, cursor) = Client::ready(node.address, &world.token(BOB), None).await;
    assert!(cursor > 0);
    let new = world.post(ROOM, ANN, "new").await;
    let event = bob.frame_of("event").await;
    if event["event"]["message"]["text"] == "old" {
        // The node had not heard of it when Bob came; then it is news to him.
        assert_eq!(bob.frame_of("event").await["cursor"], json!(new));
    } else {
        assert_eq!(event["cursor"], json!(new));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_comes_from_the_ring_while_others_go_on_talking() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut bob, mut cursor) = Client::ready(node.address, &world.token(BOB), None).await;
    let expected: Vec<String> = (0..200).map(|n| n.to_string()).collect();
    let talking = talk(&world, expected.clone());
    let mut got = Vec::new();
    let listening = async {
        while got.len() < expected.len() {
            let event = bob.frame_of("event").await;
            cursor = event["cursor"].as_u64().unwrap();
            got.push(event["event"]["message"]["text"].as_str().unwrap().to_owned());
            if got.len() % 7 == 0 {
                bob = Client::ready(node.address, &world.token(BOB), Some(cursor)).await.0;
            }
        }
    };
    tokio::join!(talking, listening);
    assert_eq!(got, expected);
    bob.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_ring_never_had_comes_from_the_event_store_while_others_go_on_talking() {
    let world = World::new().await;
    let start = world.log.head().await.unwrap().0;
    for n in 0..400 {
        world.post(ROOM, ANN, &n.to_string()).await;
    }
    // This node begins after all of it.
    let node = world.node(&[]).await;
    let later: Vec<String> = (400..500).map(|n| n.to_string()).collect();
    let expected: Vec<String> = (0..500).map(|n| n.to_string()).collect();
    let token = world.token(BOB);
    let back = async {
        let (mut bob, cursor) = Client::ready(node.address, &token, Some(start)).await;
        assert_eq!(cursor, start);
        assert_eq!(bob.texts(500).await, expected);
        bob.silent_for(A_WHILE).await;
    };
    let also_back = async {
        let (mut ann, _) = Client::ready(node.address, &world.token(ANN), Some(start)).await;
        assert_eq!(ann.texts(500).await, expected);
    };
    tokio::join!(talk(&world, later), back, also_back);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_authorised_at_its_own_position() {
    let world = World::new().await;
    let start = world.log.head().await.unwrap().0;
    world.post(ROOM, ANN, "before").await;
    world.changed(ROOM, ConversationEvent::MemberJoined { user: CAT }).await;
    world.post(ROOM, ANN, "while").await;
    world.changed(ROOM, ConversationEvent::MemberLeft { user: CAT }).await;
    world.post(ROOM, ANN, "after").await;
    let node = world.node(&[]).await;
    let (mut cat, _) = Client::ready(node.address, &world.token(CAT), Some(start)).await;
    assert_eq!(cat.frame().await["event"]["type"], "member_joined");
    assert_eq!(cat.texts(1).await, ["while"]);
    assert_eq!(cat.frame().await["event"]["type"], "member_left");
    cat.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_missed_more_than_ten_thousand_facts_is_told_to_fetch_again() {
    let world = World::new().await;
    let start = world.log.head().await.unwrap().0;
    let message = StreamName::message(MessageId::new(Uuid::now_v7()));
    for _ in 0..20 {
        let edits =
            (0..500).map(|_| MessageEvent::MessageEdited { conversation: ROOM, text: "x".into(), mentions: vec![] });
        world.append(&message, edits.collect()).await;
    }
    let within = world.post(ROOM, ANN, "the last but one").await.0;
    world.append(&message, vec![posted(ROOM, ANN, "the last")]).await;
    let node = world.node(&[]).await;
    let (mut bob, cursor) = Client::ready(node.address, &world.token(BOB), Some(start)).await;
    assert!(cursor > within);
    assert_eq!(bob.frame().await, json!({ "type": "reset", "reason": "too_far_behind" }));
    world.post(ROOM, ANN, "live again").await;
    assert_eq!(bob.texts(1).await, ["live again"]);
    let (mut ann, _) = Client::ready(node.address, &world.token(ANN), Some(within)).await;
    assert_eq!(ann.texts(2).await, ["the last", "live again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ping_moves_the_cursor_of_whoever_hears_nothing() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut cat, before) = Client::ready(node.address, &world.token(CAT), None).await;
    let mut bob = world.client(&node, BOB).await;
    let last = world.post(ROOM, ANN, "not for Cat").await.0;
    assert_eq!(bob.texts(1).await, ["not for Cat"]);
    cat.say(json!({ "type": "ping" })).await;
    let pong = cat.frame().await;
    assert_eq!((&pong["type"], pong["cursor"].as_u64()), (&json!("pong"), Some(last)));
    assert!(before < last);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_history_is_told_so() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut bob, cursor) = Client::ready(node.address, &world.token(BOB), Some(1 << 50)).await;
    assert!(cursor < 1 << 50);
    assert_eq!(bob.frame().await, json!({ "type": "reset", "reason": "unknown_cursor" }));
    world.post(ROOM, ANN, "here").await;
    assert_eq!(bob.texts(1).await, ["here"]);
}

async fn talk(world: &World, texts: Vec<String>) {
    for text in texts {
        world.post(ROOM, ANN, &text).await;
    }
}
