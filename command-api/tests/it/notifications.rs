//! Decisions about notifications: each is recorded once, whoever decides and however often.

use std::time::{Duration, Instant};

use events::{NotificationEvent, NotificationPart, NotificationReason, StreamName};
use serde_json::json;
use uuid::Uuid;

use crate::world::{Person, World};

/// Two people and what they say to each other.
struct Talk {
    ann: Person,
    bob: Person,
    direct: String,
}

async fn talk(world: &World) -> Talk {
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let opened = world.begin(&ann, json!({ "kind": "direct", "user": bob.id })).send().await;
    Talk { ann, bob, direct: opened.text("/id") }
}

async fn say(world: &World, talk: &Talk, count: usize) -> Vec<String> {
    let mut said = Vec::new();
    for _ in 0..count {
        let id = Uuid::now_v7().to_string();
        assert_eq!(world.message(&talk.ann, &talk.direct, &id, "hello").send().await.status, 201);
        said.push(id);
    }
    said
}

async fn decisions(world: &World, message: &str) -> Vec<NotificationEvent> {
    of_part(world, message, NotificationPart::Posted(0)).await
}

async fn of_part(world: &World, message: &str, part: NotificationPart) -> Vec<NotificationEvent> {
    let stream = StreamName::notification(message.parse().unwrap(), part);
    world.facts::<NotificationEvent>(&stream).await.into_iter().map(|fact| fact.event).collect()
}

/// Waits until every message was decided on.
async fn all_decided(world: &World, messages: &[String]) {
    let begin = Instant::now();
    for message in messages {
        while decisions(world, message).await.is_empty() {
            assert!(begin.elapsed() < Duration::from_secs(20), "{message} was not decided on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn once_each(world: &World, messages: &[String]) {
    for message in messages {
        assert_eq!(decisions(world, message).await.len(), 1, "{message}");
    }
}

#[tokio::test]
async fn d10_two_notifiers_at_once_decide_once() {
    let world = World::new().await;
    world.beside().await;
    world.beside().await;
    let talk = talk(&world).await;
    let said = say(&world, &talk, 40).await;
    all_decided(&world, &said).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    once_each(&world, &said).await;
    let NotificationEvent::NotificationsDecided { conversation, decisions } =
        decisions(&world, &said[0]).await.remove(0);
    assert_eq!(conversation.to_string(), talk.direct);
    assert_eq!((decisions.len(), decisions[0].reason), (1, NotificationReason::DirectMessage));
    assert_eq!((decisions[0].users.len(), decisions[0].users[0].to_string()), (1, talk.bob.id));
}

#[tokio::test]
async fn d10_a_restart_decides_what_is_left_and_nothing_twice() {
    let world = World::new().await;
    let talk = talk(&world).await;
    let mut said = say(&world, &talk, 30).await;
    let world = world.restarted().await;
    all_decided(&world, &said).await;
    said.extend(say(&world, &talk, 5).await);
    all_decided(&world, &said).await;
    let world = world.restarted().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    once_each(&world, &said).await;
}

#[tokio::test]
async fn d10_an_edit_is_decided_on_once_and_not_of_who_was_told_before() {
    let world = World::new().await;
    world.beside().await;
    let talk = talk(&world).await;
    let (public, told) = (Uuid::now_v7().to_string(), say(&world, &talk, 1).await.remove(0));
    let general = crate::world::general();
    assert_eq!(world.message(&talk.ann, &general, &public, "hello").send().await.status, 201);
    let text = format!("hello <@{}>", talk.bob.id);
    for message in [&told, &public] {
        let edit = world.patch(&format!("/v1/messages/{message}")).by(&talk.ann).body(json!({ "text": text }));
        assert_eq!(edit.send().await.status, 200);
    }
    let (begin, edit) = (Instant::now(), NotificationPart::Edited(1));
    while of_part(&world, &public, edit).await.is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(20), "the edit was not decided on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let world = world.restarted().await;
    let last = say(&world, &talk, 1).await;
    all_decided(&world, &last).await;
    let recorded = of_part(&world, &public, edit).await;
    let [NotificationEvent::NotificationsDecided { decisions: only, .. }] = &recorded[..] else {
        panic!("{recorded:?}")
    };
    assert_eq!((only.len(), only[0].reason, only[0].users.len()), (1, NotificationReason::Mention, 1));
    assert_eq!(only[0].users[0].to_string(), talk.bob.id);
    assert_eq!(of_part(&world, &told, edit).await, [], "he was told of it when it was posted");
    assert_eq!(decisions(&world, &told).await.len(), 1);
}

#[tokio::test]
async fn what_is_for_nobody_writes_nothing() {
    let world = World::new().await;
    let talk = talk(&world).await;
    let id = Uuid::now_v7().to_string();
    let general = crate::world::general();
    assert_eq!(world.message(&talk.ann, &general, &id, "hello everybody").send().await.status, 201);
    // What comes later in the log is decided later.
    let said = say(&world, &talk, 1).await;
    all_decided(&world, &said).await;
    assert_eq!(decisions(&world, &id).await, []);
}

#[tokio::test]
async fn activity_is_read_forwards_and_not_beyond_what_exists() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let read = |position: u64| world.put("/v1/activity/read").by(&ann).body(json!({ "position": position }));
    let first = read(7).send().await;
    let again = read(5).send().await;
    assert_eq!((first.status, again.position()), (200, first.position()));
    let beyond = read(1 << 50).refused(422, "invalid_fields").await;
    assert_eq!(beyond.text("/errors/0/pointer"), "/position");
    for body in [json!({}), json!({ "position": -1 }), json!({ "position": 1, "kind": "mention" })] {
        world.put("/v1/activity/read").by(&ann).body(body).refused(422, "invalid_fields").await;
    }
}
