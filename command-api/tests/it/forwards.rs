//! Passing messages on: the original counts, and only what one sees is passed on.

use events::{MessageEvent, StreamName};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World, general};

fn forward(world: &World, by: &Person, conversation: &str, original: &str, text: &str) -> (String, Ask) {
    let id = Uuid::now_v7().to_string();
    let ask = send(world, by, conversation, json!({ "id": id, "text": text, "forwards": original }));
    (id, ask)
}

fn send(world: &World, by: &Person, conversation: &str, body: Value) -> Ask {
    world.post(&format!("/v1/conversations/{conversation}/messages")).by(by).body(body)
}

async fn said(world: &World, by: &Person, conversation: &str) -> String {
    let id = Uuid::now_v7().to_string();
    assert_eq!(world.message(by, conversation, &id, "soup").send().await.status, 201);
    id
}

async fn forwarded(world: &World, message: &str) -> Option<String> {
    let facts = world.facts::<MessageEvent>(&StreamName::message(message.parse().unwrap())).await;
    let MessageEvent::MessagePosted { forwards, .. } = &facts[0].event else { panic!("{facts:?}") };
    forwards.map(|original| original.to_string())
}

#[tokio::test]
async fn a_forward_of_a_forward_passes_on_the_original() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let original = said(&world, &ann, &general()).await;
    let (first, ask) = forward(&world, &ann, &general(), &original, "");
    assert_eq!(ask.send().await.status, 201, "it may say nothing itself");
    let (second, ask) = forward(&world, &bob, &general(), &first, "see");
    assert_eq!(ask.send().await.status, 201);
    assert_eq!(forwarded(&world, &first).await, Some(original.clone()));
    assert_eq!(forwarded(&world, &second).await, Some(original.clone()));
    let again = json!({ "id": second, "text": "see", "forwards": original });
    assert!(matches!(send(&world, &bob, &general(), again).send().await.status, 200 | 201));
    world.message(&bob, &general(), &second, "see").refused(409, "message_id_taken").await;
}

#[tokio::test]
async fn only_what_one_sees_and_what_is_there_is_passed_on() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let body = json!({ "kind": "channel", "name": "secret", "visibility": "private" });
    let private = world.begin(&ann, body).send().await.text("/id");
    let (secret, gone) = (said(&world, &ann, &private).await, said(&world, &ann, &general()).await);
    let (hint, ask) = forward(&world, &ann, &general(), &secret, "psst");
    assert_eq!(ask.send().await.status, 201);
    let (dead, ask) = forward(&world, &ann, &general(), &gone, "this");
    assert_eq!(ask.send().await.status, 201);
    world.delete(&format!("/v1/messages/{gone}")).by(&ann).send().await;
    let nowhere = Uuid::now_v7().to_string();
    for (original, status, code) in [
        (&secret, 404, "message_not_found"),
        (&hint, 404, "message_not_found"),
        (&nowhere, 404, "message_not_found"),
        (&gone, 410, "message_deleted"),
        (&dead, 410, "message_deleted"),
    ] {
        forward(&world, &bob, &general(), original, "look").1.refused(status, code).await;
    }
    world.delete(&format!("/v1/messages/{hint}")).by(&ann).send().await;
    forward(&world, &ann, &general(), &hint, "look").1.refused(410, "message_deleted").await;
    let blank = json!({ "id": Uuid::now_v7(), "text": "" });
    send(&world, &bob, &general(), blank).refused(422, "invalid_fields").await;
    let nonsense = json!({ "id": Uuid::now_v7(), "text": "", "forwards": "x" });
    send(&world, &bob, &general(), nonsense).refused(422, "invalid_fields").await;
    let (_, ask) = forward(&world, &bob, &general(), &said(&world, &ann, &general()).await, &"x".repeat(12_001));
    ask.refused(422, "invalid_fields").await;
}
