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

#[tokio::test]
async fn a_conversation_is_marked_unread_from_a_message_on_all_devices_and_nobody_else_knows() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut said = Vec::new();
    for n in 0..4 {
        said.push(ann.say(&direct, &format!("m{n}")).await);
    }
    let path = format!("/v1/conversations/{direct}/read");
    bob.put(&path, json!({ "position": said[3]["position"] })).await.expect(200);
    let (mut his, mut hers) = (bob.again().await.socket().await, ann.socket().await);
    let unread_from = format!("/v1/messages/{}/unread", said[1]["id"].as_str().unwrap());
    let marked = bob.put(&unread_from, json!({})).await.expect(200)["position"].clone();
    let told = his.event("marked_unread").await;
    let before = json!(said[1]["position"].as_u64().unwrap() - 1);
    assert_eq!((&told["conversation"], &told["read_position"]), (&json!(direct), &before));
    assert_eq!(unread(&bob, &direct, &marked).await, 3);
    assert_eq!(bob.put(&unread_from, json!({})).await.expect(200)["position"], marked, "it is so already");
    let seen = ann.get_at(&format!("/v1/messages/{}/receipts", said[3]["id"].as_str().unwrap()), &marked).await;
    assert_eq!(seen.expect(200)["items"], json!([{ "user": bob.id, "seen": true }]), "what was seen stays seen");

    let late = json!({ "position": said[3]["position"], "known": said[3]["position"] });
    assert_eq!(bob.put(&path, late).await.expect(200)["position"], marked, "a report from before changes nothing");
    let again = json!({ "position": said[3]["position"], "known": marked });
    let read = bob.put(&path, again).await.expect(200)["position"].clone();
    assert_eq!(unread(&bob, &direct, &read).await, 0);
    let heard = hers.rest(std::time::Duration::from_millis(300)).await;
    let leaked = heard.iter().any(|frame| frame["event"]["user"] == bob.id.as_str());
    assert!(!leaked, "that he came back to it is his own business: {heard:?}");
}

#[tokio::test]
async fn everything_is_marked_read_at_once_but_for_what_was_marked_unread_later() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (direct, channel) = (ann.direct(&bob).await, ann.channel().await);
    bob.join(&channel).await;
    let first = ann.say(&direct, "one").await;
    let root = ann.say(&channel, "soup?").await;
    let thread = |text: &str| json!({ "id": uuid::Uuid::now_v7(), "text": text, "thread": root["id"] });
    let messages = format!("/v1/conversations/{channel}/messages");
    bob.post(&messages, thread("yes")).await.expect(201);
    let last = ann.post(&messages, thread("really?")).await.expect(201)["position"].clone();
    assert_eq!((unread(&bob, &direct, &last).await, unread(&bob, &channel, &last).await), (1, 1));
    let threads = async |position: &Value| {
        bob.get_at("/v1/threads", position).await.expect(200)["items"][0]["unread_count"].clone()
    };
    assert_eq!(threads(&last).await, 1);

    let mut other = bob.again().await.socket().await;
    let read = bob.put("/v1/inbox/read", json!({ "position": last })).await.expect(200)["position"].clone();
    assert_eq!(other.event("all_read_up_to").await["read_position"], last);
    assert_eq!((unread(&bob, &direct, &read).await, unread(&bob, &channel, &read).await), (0, 0));
    assert_eq!(threads(&read).await, 0);
    assert_eq!(bob.put("/v1/inbox/read", json!({ "position": first["position"] })).await.expect(200)["position"], read);
    let seen = ann.get_at(&format!("/v1/messages/{}/receipts", first["id"].as_str().unwrap()), &read).await;
    assert_eq!(seen.expect(200)["items"], json!([]), "nobody is told that he has seen what he cleared away");

    let unread_from = format!("/v1/messages/{}/unread", first["id"].as_str().unwrap());
    let marked = bob.put(&unread_from, json!({})).await.expect(200)["position"].clone();
    assert_eq!(unread(&bob, &direct, &marked).await, 1);
    let again = bob.put("/v1/inbox/read", json!({ "position": read })).await.expect(200)["position"].clone();
    assert_eq!(unread(&bob, &direct, &again).await, 1, "he had not heard of the mark when he cleared everything");
    let all = bob.put("/v1/inbox/read", json!({ "position": marked })).await.expect(200)["position"].clone();
    assert_eq!(unread(&bob, &direct, &all).await, 0);
}

#[tokio::test]
async fn only_what_one_reads_is_marked() {
    let (ann, eve) = (Person::register("Ann").await, Person::register("Eve").await);
    let channel = ann.channel().await;
    let root = ann.say(&channel, "soup?").await;
    let body = json!({ "id": uuid::Uuid::now_v7(), "text": "yes", "thread": root["id"] });
    let answer = ann.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201);
    let path = |message: &str| format!("/v1/messages/{message}/unread");
    assert_eq!(eve.put(&path(root["id"].as_str().unwrap()), json!({})).await.problem(404), "message_not_found");
    let nothing = uuid::Uuid::now_v7().to_string();
    assert_eq!(ann.put(&path(&nothing), json!({})).await.problem(404), "message_not_found");
    assert_eq!(eve.put(&path(answer["id"].as_str().unwrap()), json!({})).await.problem(404), "message_not_found");
    for body in [json!({}), json!({ "position": -1 }), json!({ "position": 1_u64 << 52 })] {
        assert_eq!(ann.put("/v1/inbox/read", body).await.problem(422), "invalid_fields");
    }
}
