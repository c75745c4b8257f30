//! Unread: derived from what was read, the same on every device.

use serde_json::{Value, json};

use crate::rig::Person;

async fn unread(person: &Person, conversation: &str, position: &Value) -> u64 {
    let path = format!("/v1/conversations/{conversation}");
    person.get_at(&path, position).await.expect(200)["unread_count"].as_u64().unwrap()
}

#[tokio::test]
async fn unread_counts_what_others_said_after_my_pointer() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut said = Vec::new();
    for n in 0..5 {
        said.push(ann.say(&direct, &format!("m{n}")).await["position"].clone());
    }
    assert_eq!(unread(&bob, &direct, &said[4]).await, 5);
    assert_eq!(unread(&ann, &direct, &said[4]).await, 0, "my own messages are not news to me");

    let read = bob.put(&format!("/v1/conversations/{direct}/read"), json!({ "position": said[2] })).await;
    let read = read.expect(200)["position"].clone();
    assert_eq!(unread(&bob, &direct, &read).await, 2);
    let listed = bob.get_at("/v1/conversations", &read).await.expect(200);
    let item = listed["items"].as_array().unwrap().iter().find(|item| item["id"] == direct.as_str()).unwrap();
    assert_eq!((&item["unread_count"], &item["read_position"]), (&json!(2), &said[2]));
}

#[tokio::test]
async fn what_was_said_before_i_joined_is_not_unread() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    ann.say(&channel, "long ago").await;
    let joined = bob.join(&channel).await;
    assert_eq!(unread(&bob, &channel, &joined).await, 0);
    let said = ann.say(&channel, "welcome").await;
    assert_eq!(unread(&bob, &channel, &said["position"]).await, 1);
}

#[tokio::test]
async fn reading_in_one_window_clears_the_other() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let (mut one, mut other) = (bob.socket().await, bob.again().await.socket().await);
    let said = ann.say(&direct, "news").await;
    one.message("news").await;
    one.send(json!({ "type": "read", "id": "r1", "conversation": direct, "position": said["position"] })).await;
    assert_eq!(one.answer("r1").await["type"], "ack");
    let read = other.event("read_up_to").await;
    assert_eq!((&read["conversation"], &read["read_position"]), (&json!(direct), &said["position"]));
    assert_eq!(read["user"], json!(bob.id));
}

#[tokio::test]
async fn in_a_channel_it_is_nobody_elses_business_how_far_i_have_read() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let mut hers = ann.socket().await;
    let said = ann.say(&channel, "news").await;
    let read = json!({ "position": said["position"] });
    bob.put(&format!("/v1/conversations/{channel}/read"), read).await.expect(200);
    let leaked = hers.rest(std::time::Duration::from_millis(300)).await;
    assert!(leaked.iter().all(|frame| frame["event"]["type"] != "read_up_to"), "{leaked:?}");
}

#[tokio::test]
async fn a_stranger_has_nothing_to_read() {
    let (ann, eve) = (Person::register("Ann").await, Person::register("Eve").await);
    let notes = ann.direct(&ann).await;
    eve.put(&format!("/v1/conversations/{notes}/read"), json!({ "position": 1 })).await.problem(404);
}
