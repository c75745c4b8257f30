//! How far people have received and read, as it is kept: only the newest, and nothing that nobody is told of.

use event_log::{Appended, Expected, NewEvent};
use events::{ConversationEvent, Metadata, Pointers, Position, ReceiptEvent, StreamName, Told, UserId};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World};

fn reach(world: &World, by: &Person, conversation: &str, how: &str, position: u64) -> Ask {
    let path = format!("/v1/conversations/{conversation}/{how}");
    world.put(&path).by(by).body(json!({ "position": position }))
}

async fn kept(world: &World, of: &Person, conversation: &str) -> Vec<ReceiptEvent> {
    let stream = StreamName::receipt(conversation.parse().unwrap(), of.id.parse().unwrap());
    world.facts::<ReceiptEvent>(&stream).await.into_iter().map(|fact| fact.event).collect()
}

async fn direct(world: &World, ann: &Person, bob: &Person) -> String {
    world.begin(ann, json!({ "kind": "direct", "user": bob.id })).send().await.text("/id")
}

async fn say(world: &World, by: &Person, conversation: &str) -> u64 {
    world.message(by, conversation, &Uuid::now_v7().to_string(), "hello").send().await.position()
}

#[tokio::test]
async fn e05_the_newest_receipt_carries_all_of_it_and_says_what_is_told() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let direct = direct(&world, &ann, &bob).await;
    let (first, second) = (say(&world, &ann, &direct).await, say(&world, &ann, &direct).await);
    reach(&world, &bob, &direct, "delivered", second).send().await;
    let read = reach(&world, &bob, &direct, "read", first).send().await;
    let (received, first) = (Position(second), Position(first));
    let told = Told { delivered: received, read: first };
    let pointers = Pointers { delivered: received, read: first, told, shared: true, marked: None };
    assert_eq!(kept(&world, &bob, &direct).await, [ReceiptEvent::ReadUpTo(pointers)]);
    for (how, position) in [("delivered", first.0), ("delivered", second), ("read", first.0)] {
        let again = reach(&world, &bob, &direct, how, position).send().await;
        assert_eq!(again.position(), read.position(), "{how}: nothing new happens");
    }
    let off = world.patch("/v1/preferences").by(&bob).body(json!({ "read_receipts": false }));
    assert_eq!(off.send().await.status, 200);
    reach(&world, &bob, &direct, "read", second).send().await;
    let private = Pointers { read: received, shared: false, ..pointers };
    assert_eq!(kept(&world, &bob, &direct).await, [ReceiptEvent::ReadUpTo(private)]);
}

#[tokio::test]
async fn e05_in_a_channel_what_was_received_is_not_kept() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let position = say(&world, &ann, &channel).await;
    assert_eq!(reach(&world, &ann, &channel, "delivered", position).send().await.position(), 0);
    assert_eq!(kept(&world, &ann, &channel).await, []);
    world.change(&ann, &channel, json!({ "receipts": true })).send().await;
    let race = join_all((0..6).map(|_| reach(&world, &ann, &channel, "delivered", position).send())).await;
    assert!(race.iter().all(|answer| answer.position() == race[0].position()), "{race:?}");
    assert_eq!(kept(&world, &ann, &channel).await.len(), 1);
}

#[tokio::test]
async fn e05_receipts_are_not_told_among_too_many() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    world.act(&bob, &channel, "join").send().await;
    world.change(&bob, &channel, json!({ "receipts": true })).refused(403, "managers_only").await;
    world.change(&ann, &channel, json!({ "receipts": "yes" })).refused(422, "invalid_fields").await;
    let direct = direct(&world, &ann, &bob).await;
    world.change(&ann, &direct, json!({ "receipts": false })).refused(409, "not_a_channel").await;
    let crowd = (0..49).map(|_| {
        let id = Uuid::now_v7();
        let metadata = Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
        NewEvent { id, event: ConversationEvent::MemberJoined { user: UserId::new(id) }, metadata }
    });
    let stream = StreamName::conversation(channel.parse().unwrap());
    let appended = world.log.append(&stream, Expected::Any, crowd.collect()).await.unwrap();
    assert!(matches!(appended, Appended::At(_)));
    world.change(&ann, &channel, json!({ "receipts": true })).refused(409, "too_many_for_receipts").await;
}

#[tokio::test]
async fn every_bad_receipt_gets_its_own_answer() {
    let world = World::new().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let channel = world.channel(&ann, "cooking").await;
    for how in ["read", "delivered"] {
        let path = format!("/v1/conversations/{channel}/{how}");
        reach(&world, &eve, &channel, how, 1).refused(404, "conversation_not_found").await;
        reach(&world, &ann, &Uuid::now_v7().to_string(), how, 1).refused(404, "conversation_not_found").await;
        reach(&world, &ann, &channel, how, 1 << 52).refused(422, "invalid_fields").await;
        for body in [json!({}), json!({ "position": -1 }), json!({ "position": "1" }), json!({ "position": 1, "x": 2 })]
        {
            world.put(&path).by(&ann).body(body).refused(422, "invalid_fields").await;
        }
        world.put(&path).body(json!({ "position": 1 })).refused(401, "unauthenticated").await;
    }
    let no_bool = json!({ "read_receipts": 1 });
    world.patch("/v1/preferences").by(&ann).body(no_bool).refused(422, "invalid_fields").await;
}
