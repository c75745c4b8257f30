//! What stands in MongoDB: a fold from zero, whatever happens on the way; and what MongoDB itself refuses.

use std::time::Duration;

use events::{Position, Visibility};
use mongodb::bson::{Document, doc};
use tokio::time::sleep;

use crate::world::{VIEWS, World, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn documents_equal_a_fold_from_zero() {
    let world = World::new().await;
    let running = world.project();
    world.bustle(30).await;
    world.caught_up().await;
    world.documents_equal_a_fold().await;
    assert!(running.readiness.waiting_for().keys().all(|part| *part == "relay"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_projected_in_batches() {
    let world = World::new().await;
    world.bustle(120).await;
    let _running = world.project();
    world.caught_up().await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_view_gets_to_the_head_too() {
    let world = World::new().await;
    let _running = world.project();
    let ann = world.person("Ann").await;
    let lunch = world.channel("lunch", Visibility::Public, ann).await;
    world.caught_up().await;
    let (_, position) = world.say(lunch, ann, "hello", None).await;
    let asked = std::time::Instant::now();
    for view in VIEWS {
        eventually(view, async || world.checkpoint(view).await >= position).await;
    }
    assert!(asked.elapsed() < Duration::from_secs(2), "a query would have given up: {:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_projectors_at_once_are_harmless() {
    let world = World::new().await;
    let (_one, _other) = (world.project(), world.project());
    world.bustle(40).await;
    world.caught_up().await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn delivering_everything_again_changes_nothing() {
    let world = World::new().await;
    world.bustle(20).await;
    let running = world.project();
    world.caught_up().await;
    running.kill().await;
    let checkpoints = world.database().await.collection::<Document>("checkpoints_v1");
    checkpoints.update_many(doc! {}, doc! { "$set": { "position": 0_i64 } }).await.unwrap();
    let _again = world.project();
    world.caught_up().await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_is_never_ahead_of_its_documents() {
    let world = World::new().await;
    world.bustle(25).await;
    let facts = world.facts().await;
    let messages = world.database().await.collection::<Document>("messages_v2");
    let mut before = Position::START;
    for n in 0..25_u64 {
        let running = world.project();
        // Long enough to begin, short enough to be killed at any step.
        sleep(Duration::from_millis(5 + n * 7 % 60)).await;
        running.kill().await;
        let checkpoint = world.checkpoint("messages_v2").await;
        assert!(checkpoint >= before, "a checkpoint went back from {before} to {checkpoint}");
        before = checkpoint;
        for fact in facts.iter().filter(|fact| fact.position <= checkpoint) {
            if fact.stream.as_str().starts_with("message-") {
                let seen =
                    doc! { "_id": fact.stream.id(), "seen": { "$gte": i64::try_from(fact.position.0).unwrap() } };
                assert!(messages.find_one(seen).await.unwrap().is_some(), "{} is missing", fact.stream);
            }
        }
    }
    let _running = world.project();
    world.caught_up().await;
    world.documents_equal_a_fold().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a21_mongodb_refuses_documents_of_another_shape() {
    let world = World::new().await;
    let _running = world.project();
    world.person("Ann").await;
    world.caught_up().await;
    let database = world.database().await;
    for view in VIEWS {
        let refused = database.collection::<Document>(view).insert_one(doc! { "_id": "x", "password": "y" }).await;
        assert!(refused.unwrap_err().to_string().contains("121"), "{view} takes anything");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a19_every_list_has_its_index() {
    let world = World::new().await;
    let _running = world.project();
    world.person("Ann").await;
    world.caught_up().await;
    let database = world.database().await;
    let mut names = Vec::new();
    for view in VIEWS {
        names.extend(database.collection::<Document>(view).list_index_names().await.unwrap());
    }
    for name in [
        "channels_by_name",
        "members_of_a_conversation",
        "conversations_of_a_user",
        "timeline",
        "answers",
        "pins",
        "threads_of_a_user",
    ] {
        assert!(names.iter().any(|index| index == name), "{name} is missing among {names:?}");
    }
}
