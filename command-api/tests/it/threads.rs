//! Following threads and reading in them, and every way in which that is refused.

use events::{FollowEvent, StreamName};
use serde_json::json;
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World};

/// A message in a channel of Ann's, and an answer to it.
async fn thread(world: &World, ann: &Person) -> (String, String, u64) {
    let channel = world.channel(ann, "cooking").await;
    let (root, answer) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    world.message(ann, &channel, &root, "soup?").send().await;
    let body = json!({ "id": answer, "text": "yes", "thread": root, "in_channel": true });
    let posted = world.post(&format!("/v1/conversations/{channel}/messages")).by(ann).body(body).send().await;
    assert_eq!(posted.status, 201, "{posted:?}");
    (root, answer, posted.position())
}

fn follow(world: &World, by: &Person, root: &str) -> Ask {
    world.put(&format!("/v1/messages/{root}/follow")).by(by)
}

fn unfollow(world: &World, by: &Person, root: &str) -> Ask {
    world.delete(&format!("/v1/messages/{root}/follow")).by(by)
}

fn read(world: &World, by: &Person, root: &str, position: u64) -> Ask {
    world.put(&format!("/v1/messages/{root}/thread/read")).by(by).body(json!({ "position": position }))
}

#[tokio::test]
async fn only_the_newest_place_in_a_thread_is_kept() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (root, _, position) = thread(&world, &ann).await;
    for ask in [follow(&world, &ann, &root), read(&world, &ann, &root, position), unfollow(&world, &ann, &root)] {
        assert_eq!(ask.send().await.status, 200);
    }
    let stream = StreamName::follow(root.parse().unwrap(), ann.id.parse().unwrap());
    let facts = world.facts::<FollowEvent>(&stream).await;
    let [newest] = facts.as_slice() else { panic!("{facts:?}") };
    assert!(matches!(newest.event, FollowEvent::ThreadUnfollowed { read, .. } if read.0 == position), "{newest:?}");
    let again = unfollow(&world, &ann, &root).send().await;
    assert_eq!(again.position(), newest.position.0, "nothing new happens");
}

#[tokio::test]
async fn a_thread_is_what_hangs_on_a_message_one_can_see() {
    let world = World::new().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let (root, answer, position) = thread(&world, &ann).await;
    for (by, message) in [(&eve, &root), (&ann, &answer), (&ann, &Uuid::now_v7().to_string())] {
        follow(&world, by, message).refused(404, "thread_not_found").await;
        unfollow(&world, by, message).refused(404, "thread_not_found").await;
        read(&world, by, message, position).refused(404, "thread_not_found").await;
    }
    read(&world, &ann, &root, u64::MAX >> 12).refused(422, "invalid_fields").await;
    world.delete(&format!("/v1/messages/{root}")).by(&ann).send().await;
    assert_eq!(unfollow(&world, &ann, &root).send().await.status, 200, "the thread of a deleted message goes on");
}

#[tokio::test]
async fn whether_it_stands_in_the_channel_makes_another_message_of_an_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let (root, answer) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    world.message(&ann, &channel, &root, "soup?").send().await;
    let post = |in_channel: bool| {
        let body = json!({ "id": answer, "text": "yes", "thread": root, "in_channel": in_channel });
        world.post(&format!("/v1/conversations/{channel}/messages")).by(&ann).body(body)
    };
    assert_eq!(post(true).send().await.status, 201);
    assert_eq!(post(true).send().await.body["id"], json!(answer));
    post(false).refused(409, "message_id_taken").await;
}
