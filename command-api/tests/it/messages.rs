//! Sends: each happens once for ever, whatever is repeated.

use events::{MessageEvent, MessageId, StreamName};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::world::{World, general};

fn fresh() -> String {
    Uuid::now_v7().to_string()
}

async fn events(world: &World, id: &str) -> Vec<MessageEvent> {
    let stream = StreamName::message(MessageId::new(id.parse().unwrap()));
    world.facts::<MessageEvent>(&stream).await.into_iter().map(|fact| fact.event).collect()
}

#[tokio::test]
async fn d08_a_message_is_posted_and_stands_in_the_log() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (channel, id) = (world.channel(&ann, "cooking").await, fresh());
    let request = Uuid::now_v7().to_string();
    let ask = world.message(&ann, &channel, &id, "  hello\n\tworld ").header("x-request-id", &request);
    let answer = ask.send().await;
    assert_eq!((answer.status, answer.text("/id")), (201, id.clone()));
    let facts = world.facts::<MessageEvent>(&StreamName::message(id.parse().unwrap())).await;
    assert_eq!(facts[0].position.0, answer.position());
    assert_eq!(facts[0].metadata.correlation_id.to_string(), request);
    assert!(matches!(&facts[0].event, MessageEvent::MessagePosted { text, author, .. }
        if text == "  hello\n\tworld " && author.to_string() == ann.id));
}

#[tokio::test]
async fn fifty_sends_of_one_message_are_one_message_with_one_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (channel, id) = (world.channel(&ann, "cooking").await, fresh());
    let answers = join_all((0..50).map(|_| world.message(&ann, &channel, &id, "hello").send())).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201)), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body), "{answers:?}");
    assert_eq!(events(&world, &id).await.len(), 1);
    let later = world.message(&ann, &channel, &id, "hello").send().await;
    assert_eq!((later.status, &later.body), (200, &answers[0].body));
}

#[tokio::test]
async fn d11_a_send_repeated_after_a_restart_finds_its_first_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (channel, id) = (world.channel(&ann, "cooking").await, fresh());
    let first = world.message(&ann, &channel, &id, "hello").send().await;
    let world = world.restarted().await;
    let again = world.message(&ann, &channel, &id, "hello").send().await;
    assert_eq!((first.status, again.status, &again.body), (201, 200, &first.body));
    world.message(&ann, &channel, &id, "other").refused(409, "message_id_taken").await;
    assert_eq!(events(&world, &id).await.len(), 1);
}

#[tokio::test]
async fn c07_what_several_people_send_at_once_is_all_there() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let general = general();
    let sends = (0..40).map(|n| {
        let (world, general, author) = (&world, &general, if n % 2 == 0 { &ann } else { &bob });
        async move { world.message(author, general, &fresh(), &format!("message {n}")).send().await.position() }
    });
    let positions: std::collections::BTreeSet<_> = join_all(sends).await.into_iter().collect();
    assert_eq!(positions.len(), 40, "each has a position of its own");
}

#[tokio::test]
async fn a_message_id_with_other_content_is_taken() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let (channel, id) = (world.channel(&ann, "cooking").await, fresh());
    world.post(&format!("/v1/conversations/{channel}/join")).by(&bob).send().await;
    assert_eq!(world.message(&ann, &channel, &id, "hello").send().await.status, 201);
    world.message(&ann, &channel, &id, "other").refused(409, "message_id_taken").await;
    world.message(&ann, &general(), &id, "hello").refused(409, "message_id_taken").await;
    world.message(&bob, &channel, &id, "hello").refused(409, "message_id_taken").await;
    let race = join_all((0..20).map(|n| {
        let text = format!("text {}", n % 2);
        let id = "0198a000-0000-7000-8000-000000000001";
        let (world, ann, channel) = (&world, &ann, &channel);
        async move { (n % 2, world.message(ann, channel, id, &text).send().await.status) }
    }))
    .await;
    let winners: std::collections::BTreeSet<_> =
        race.iter().filter(|(_, status)| *status != 409).map(|(n, _)| n).collect();
    assert_eq!(winners.len(), 1, "one content only: {race:?}");
    assert_eq!(events(&world, &id).await.len(), 1);
}

#[tokio::test]
async fn whoever_has_just_joined_may_post_and_whoever_has_just_left_may_not() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    for _ in 0..5 {
        world.message(&bob, &channel, &fresh(), "hello").refused(404, "conversation_not_found").await;
        world.post(&format!("/v1/conversations/{channel}/join")).by(&bob).send().await;
        assert_eq!(world.message(&bob, &channel, &fresh(), "hello").send().await.status, 201);
        world.post(&format!("/v1/conversations/{channel}/leave")).by(&bob).send().await;
    }
}

#[tokio::test]
async fn an_answer_stands_in_a_thread_of_the_same_conversation() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (channel, root) = (world.channel(&ann, "cooking").await, fresh());
    world.message(&ann, &channel, &root, "hello").send().await;
    let path = |conversation: &str| format!("/v1/conversations/{conversation}/messages");
    let answer = |conversation: &str, thread: &str| {
        let body = json!({ "id": fresh(), "text": "hi", "thread": thread });
        world.post(&path(conversation)).by(&ann).body(body)
    };
    let posted = answer(&channel, &root).send().await;
    assert_eq!(posted.status, 201, "{posted:?}");
    answer(&channel, &posted.text("/id")).refused(404, "thread_not_found").await;
    answer(&channel, &fresh()).refused(404, "thread_not_found").await;
    answer(&general(), &root).refused(404, "thread_not_found").await;
}

#[tokio::test]
async fn without_the_event_store_nothing_is_acknowledged() {
    let mut world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    assert_eq!(world.message(&ann, &channel, &fresh(), "hello").send().await.status, 201);
    world.stop_store().await;
    let answer = world.message(&ann, &channel, &fresh(), "hello").refused(503, "event_store_unavailable").await;
    assert!(answer.headers.contains_key("retry-after"));
}
