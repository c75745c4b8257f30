//! Channels and direct conversations: created, joined, left, opened, read.

use events::{ConversationEvent, ReceiptEvent, StreamName};
use futures::future::join_all;
use serde_json::json;

use crate::world::{World, general};

#[tokio::test]
async fn d07_a_channel_is_created_joined_and_left() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let body = json!({ "kind": "channel", "name": "cooking", "topic": "bread", "description": "food" });
    let created = world.post("/v1/conversations").by(&ann).body(body).send().await;
    assert_eq!(created.status, 201);
    assert!(created.position() > 0);
    let id = created.text("/id");
    let joined = world.post(&format!("/v1/conversations/{id}/join")).by(&bob).send().await;
    assert_eq!(joined.status, 200);
    assert!(joined.position() > created.position());
    let again = world.post(&format!("/v1/conversations/{id}/join")).by(&bob).send().await;
    assert_eq!((again.status, again.position()), (200, joined.position()));
    let left = world.post(&format!("/v1/conversations/{id}/leave")).by(&bob).send().await;
    assert!(left.position() > joined.position());
    let facts = world.facts::<ConversationEvent>(&StreamName::conversation(id.parse().unwrap())).await;
    assert_eq!(facts.len(), 4, "{facts:?}");
    assert_eq!(facts[2].metadata.actor.unwrap().to_string(), bob.id);
}

#[tokio::test]
async fn a_channels_name_belongs_to_one_channel_even_in_a_race() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let body = json!({ "kind": "channel", "name": "cooking" });
    let race = (0..10).map(|_| world.post("/v1/conversations").by(&ann).body(body.clone()).send());
    let answers = join_all(race).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.code() == "channel_name_taken"));
    let general = json!({ "kind": "channel", "name": "general" });
    world.post("/v1/conversations").by(&ann).body(general).refused(409, "channel_name_taken").await;
}

#[tokio::test]
async fn a_channel_is_created_once_under_one_key() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let body = json!({ "kind": "channel", "name": "cooking" });
    let create = |person| world.post("/v1/conversations").by(person).header("idempotency-key", "k").body(body.clone());
    let (first, again) = (create(&ann).send().await, create(&ann).send().await);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!((first.text("/id"), first.position()), (again.text("/id"), again.position()));
    create(&bob).refused(409, "channel_name_taken").await;
    create(&ann).header("idempotency-key", "").refused(400, "invalid_idempotency_key").await;
}

#[tokio::test]
async fn b04_a_direct_conversation_is_opened_once_by_either_side() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let open = |by, with: &str| {
        let body = json!({ "kind": "direct", "user": with });
        world.post("/v1/conversations").by(by).body(body)
    };
    let first = open(&ann, &bob.id).send().await;
    let second = open(&bob, &ann.id).send().await;
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!((first.text("/id"), first.position()), (second.text("/id"), second.position()));
    let race = join_all((0..8).map(|_| open(&ann, &ann.id).send())).await;
    assert!(race.iter().all(|answer| answer.text("/id") == race[0].text("/id")), "{race:?}");
    open(&ann, &uuid::Uuid::now_v7().to_string()).refused(404, "user_not_found").await;
}

#[tokio::test]
async fn b02_notes_to_self_are_a_conversation_too() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let body = json!({ "kind": "direct", "user": ann.id });
    let notes = world.post("/v1/conversations").by(&ann).body(body).send().await;
    assert_eq!(notes.status, 201);
    let posted = world.message(&ann, &notes.text("/id"), &uuid::Uuid::now_v7().to_string(), "milk").send().await;
    assert_eq!(posted.status, 201);
}

#[tokio::test]
async fn d09_a_direct_conversation_does_not_exist_for_strangers() {
    let world = World::new().await;
    let (ann, bob, cid) = (world.person("ann").await, world.person("bob").await, world.person("cid").await);
    let body = json!({ "kind": "direct", "user": bob.id });
    let direct = world.post("/v1/conversations").by(&ann).body(body).send().await.text("/id");
    let missing = uuid::Uuid::now_v7().to_string();
    for id in [direct.as_str(), missing.as_str()] {
        let path = |end: &str| format!("/v1/conversations/{id}/{end}");
        world.post(&path("join")).by(&cid).refused(404, "conversation_not_found").await;
        world.post(&path("leave")).by(&cid).refused(404, "conversation_not_found").await;
        let read = world.put(&path("read")).by(&cid).body(json!({ "position": 1 }));
        read.refused(404, "conversation_not_found").await;
        let message = world.message(&cid, id, &uuid::Uuid::now_v7().to_string(), "hello");
        message.refused(404, "conversation_not_found").await;
    }
}

#[tokio::test]
async fn e03_many_people_talk_in_one_channel_that_nobody_leaves() {
    let world = World::new().await;
    let general = general();
    for name in ["ann", "bob", "cid"] {
        let person = world.person(name).await;
        let posted = world.message(&person, &general, &uuid::Uuid::now_v7().to_string(), "hello").send().await;
        assert_eq!(posted.status, 201);
        let leave = world.post(&format!("/v1/conversations/{general}/leave")).by(&person);
        leave.refused(409, "general_channel").await;
    }
}

#[tokio::test]
async fn reading_moves_the_pointer_forward_only() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let first = world.message(&ann, &channel, &uuid::Uuid::now_v7().to_string(), "one").send().await.position();
    let second = world.message(&ann, &channel, &uuid::Uuid::now_v7().to_string(), "two").send().await.position();
    let path = format!("/v1/conversations/{channel}/read");
    let read = |position: u64| world.put(&path).by(&ann).body(json!({ "position": position }));
    let moved = read(second).send().await;
    assert_eq!(moved.status, 200);
    let back = read(first).send().await;
    assert_eq!((back.status, back.position()), (200, moved.position()), "nothing new was written");
    let beyond = read(1 << 50).refused(422, "invalid_fields").await;
    assert_eq!(beyond.text("/errors/0/pointer"), "/position");
    let receipt = StreamName::receipt(channel.parse().unwrap(), ann.id.parse().unwrap());
    let facts = world.facts::<ReceiptEvent>(&receipt).await;
    assert_eq!(facts.len(), 1);
    assert!(matches!(facts[0].event, ReceiptEvent::ReadUpTo(at) if at.delivered == at.read && at.read.0 == second));
}
