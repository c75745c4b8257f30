//! Bad days: MongoDB away or emptied, another event store, an event nobody can read.

use std::time::Duration;

use events::{Position, Visibility};
use eventstore::{AppendToStreamOptions, EventData};
use mongodb::bson::{Document, doc};
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use crate::engines::Engine;
use crate::world::{VIEWS, World, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn everything_catches_up_after_mongodb_was_away() {
    let mut mongo = Engine::mongo();
    let world = World::on(mongo.url()).await;
    let running = world.project();
    world.bustle(5).await;
    world.caught_up().await;
    mongo.kill();
    world.bustle(5).await;
    eventually("it says that it is not ready", async || running.readiness.waiting_for().len() == VIEWS.len() + 1).await;
    mongo.start();
    world.caught_up().await;
    world.documents_equal_a_fold().await;
    eventually("it says that it is ready", async || running.readiness.waiting_for().len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_database_is_rebuilt_while_live() {
    let world = World::new().await;
    let _running = world.project();
    world.bustle(5).await;
    world.caught_up().await;
    world.database().await.drop().await.unwrap();
    world.person("Cyd").await;
    world.caught_up().await;
    eventually("all people are back", async || {
        let users = world.database().await.collection::<Document>("users_v1");
        users.count_documents(doc! {}).await.unwrap() == 3
    })
    .await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emptied_collections_are_rebuilt_at_the_next_start() {
    let world = World::new().await;
    let running = world.project();
    world.bustle(5).await;
    world.caught_up().await;
    running.kill().await;
    let messages = world.database().await.collection::<Document>("messages_v2");
    messages.delete_many(doc! {}).await.unwrap();
    let _again = world.project();
    eventually("a message is back", async || messages.find_one(doc! {}).await.unwrap().is_some()).await;
    world.caught_up().await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_event_store_means_other_documents() {
    let mut world = World::new().await;
    let running = world.project();
    world.bustle(10).await;
    world.caught_up().await;
    running.kill().await;
    world.replace_store().await;
    world.person("Dee").await;
    let _again = world.project();
    eventually("only the new person is there", async || {
        let users = world.database().await.collection::<Document>("users_v1");
        users.count_documents(doc! {}).await.unwrap() == 1
    })
    .await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_event_stops_its_views_and_no_other() {
    let world = World::new().await;
    let running = world.project();
    let ann = world.person("Ann").await;
    let lunch = world.channel("lunch", Visibility::Public, ann).await;
    world.caught_up().await;
    let reached = world.checkpoint("messages_v2").await;
    poison(&world.store_url, &format!("message-{}", Uuid::now_v7())).await;
    world.say(lunch, ann, "after it", None).await;
    eventually("the view says that it has stopped", async || {
        running.readiness.waiting_for().get("messages_v2").is_some_and(|reason| reason.starts_with("stopped"))
    })
    .await;
    let bob = world.person("Bob").await;
    let users = world.database().await.collection::<Document>("users_v1");
    let presence = doc! { "_id": bob.to_string(), "presence": "active" };
    eventually("people still come", async || users.find_one(presence.clone()).await.unwrap().is_some()).await;
    sleep(Duration::from_millis(500)).await;
    assert!(world.checkpoint("messages_v2").await <= Position(reached.0 + 1), "it went past what it could not read");
    assert!(!running.readiness.waiting_for().contains_key("users_v1"));
}

async fn poison(url: &str, stream: &str) {
    let client = eventstore::Client::new(url.parse().unwrap()).unwrap();
    let event = EventData::json("MessagePosted.v99", &json!({ "from": "the future" })).unwrap();
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}
