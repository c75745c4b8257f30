//! Who has what, and who has seen it: told where people expect it, and never against somebody's word.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, text};
use crate::socket::Socket;

const QUIET: Duration = Duration::from_millis(300);

async fn read(by: &Person, conversation: &str, position: &Value) -> Value {
    let answer = by.put(&format!("/v1/conversations/{conversation}/read"), json!({ "position": position })).await;
    answer.expect(200)["position"].clone()
}

async fn delivered(by: &Person, conversation: &str, position: &Value) -> Value {
    let answer = by.put(&format!("/v1/conversations/{conversation}/delivered"), json!({ "position": position })).await;
    answer.expect(200)["position"].clone()
}

/// What somebody sees of another's receipt.
async fn receipt(of: &Person, seen_by: &Person, conversation: &str, position: &Value) -> Value {
    let page = seen_by.get_at(&format!("/v1/conversations/{conversation}/receipts"), position).await.expect(200);
    page["items"].as_array().unwrap().iter().find(|item| item["user"] == of.id.as_str()).cloned().unwrap_or_default()
}

async fn seen(message: &Value, seen_by: &Person, position: &Value) -> Value {
    let path = format!("/v1/messages/{}/receipts", text(&message["id"]));
    seen_by.get_at(&path, position).await.expect(200)["items"].clone()
}

async fn keep_to_oneself(person: &Person, read_receipts: bool) -> Value {
    let changes = json!({ "read_receipts": read_receipts });
    person.patch("/v1/preferences", changes).await.expect(200)["position"].clone()
}

/// The positions up to which somebody was told that another has read.
async fn heard(socket: &mut Socket, of: &Person) -> Vec<Value> {
    let frames = socket.rest(QUIET).await;
    let told = frames.into_iter().map(|frame| frame["event"].clone());
    let told = told.filter(|event| event["type"] == "read_up_to" && event["user"] == of.id.as_str());
    told.map(|event| event["read_position"].clone()).collect()
}

#[tokio::test]
async fn e05_delivered_and_read_are_told_to_the_others_live_and_when_they_ask() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    let said = ann.say(&direct, "news").await;
    assert_eq!(seen(&said, &ann, &said["position"]).await, json!([]), "nobody has it yet");
    his.message("news").await;

    his.send(json!({ "type": "delivered", "id": "d", "conversation": direct, "position": said["position"] })).await;
    let ack = his.answer("d").await;
    assert_eq!(ack["type"], "ack", "{ack}");
    let told = hers.event("delivered_up_to").await;
    assert_eq!((&told["user"], &told["delivered_position"]), (&json!(bob.id), &said["position"]));
    let mine = receipt(&bob, &ann, &direct, &ack["position"]).await;
    assert_eq!(mine, json!({ "user": bob.id, "delivered": said["position"], "read": 0 }));
    assert_eq!(seen(&said, &ann, &ack["position"]).await, json!([{ "user": bob.id, "seen": false }]));

    let position = read(&bob, &direct, &said["position"]).await;
    let told = hers.event("read_up_to").await;
    assert_eq!((&told["user"], &told["read_position"]), (&json!(bob.id), &said["position"]));
    let mine = receipt(&bob, &ann, &direct, &position).await;
    assert_eq!(mine, json!({ "user": bob.id, "delivered": said["position"], "read": said["position"] }));
    assert_eq!(seen(&said, &ann, &position).await, json!([{ "user": bob.id, "seen": true }]));
}

#[tokio::test]
async fn e05_who_reads_in_private_is_not_shown_and_is_shown_nobody() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let (mut hers, mut his, away) = (ann.socket().await, bob.again().await.socket().await, bob.socket().await);
    let cursor = away.cursor;
    away.cut();
    let before = ann.say(&direct, "before").await;
    read(&bob, &direct, &before["position"]).await;
    let private = keep_to_oneself(&bob, false).await;
    assert_eq!(his.event("read_receipts_set").await["read_receipts"], false);
    assert_eq!(bob.get_at("/v1/preferences", &private).await.expect(200)["read_receipts"], false);

    let (question, answer) = (ann.say(&direct, "well?").await, bob.say(&direct, "well").await);
    delivered(&bob, &direct, &question["position"]).await;
    let his_reading = read(&bob, &direct, &question["position"]).await;
    assert_eq!(his.event("read_up_to").await["read_position"], question["position"], "his devices are in step");
    let position = read(&ann, &direct, &answer["position"]).await;

    assert_eq!(heard(&mut hers, &bob).await, [before["position"].clone()]);
    assert_eq!(heard(&mut his, &ann).await, [] as [Value; 0]);
    let missed = &mut bob.socket_from(cursor).await;
    let frames = missed.rest(QUIET).await;
    let readers: Vec<&Value> = frames.iter().filter(|frame| frame["event"]["type"] == "read_up_to").collect();
    assert!(readers.iter().all(|frame| frame["event"]["user"] == bob.id.as_str()) && readers.len() == 2, "{readers:?}");

    let shown = receipt(&bob, &ann, &direct, &his_reading).await;
    assert_eq!(shown, json!({ "user": bob.id, "delivered": question["position"] }), "what he received shows");
    assert_eq!(seen(&question, &ann, &position).await, json!([{ "user": bob.id, "seen": false }]));
    assert_eq!(seen(&before, &ann, &position).await, json!([{ "user": bob.id, "seen": false }]));
    assert_eq!(receipt(&ann, &bob, &direct, &position).await.get("read"), None);
    assert_eq!(seen(&answer, &bob, &position).await, json!([{ "user": ann.id, "seen": false }]));

    let open = keep_to_oneself(&bob, true).await;
    assert_eq!(receipt(&bob, &ann, &direct, &open).await["read"], before["position"], "what was private stays so");
    assert_eq!(seen(&answer, &bob, &open).await, json!([{ "user": ann.id, "seen": true }]));
}

#[tokio::test]
async fn e05_a_channel_tells_of_receipts_when_its_maker_wants_it() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    let joined = bob.join(&channel).await;
    let (path, mut hers) = (format!("/v1/conversations/{channel}"), ann.socket().await);
    assert_eq!(ann.get_at(&path, &joined).await.expect(200)["receipts"], false);
    let first = ann.say(&channel, "first").await;
    assert_eq!(delivered(&bob, &channel, &first["position"]).await, json!(0), "where nobody is told nothing is kept");
    let quiet = read(&bob, &channel, &first["position"]).await;
    assert_eq!(receipt(&bob, &ann, &channel, &quiet).await, Value::Null);
    assert_eq!(bob.patch(&path, json!({ "receipts": true })).await.problem(403), "managers_only");

    let on = ann.patch(&path, json!({ "receipts": true })).await.expect(200)["position"].clone();
    assert_eq!(hers.event("receipts_set").await["receipts"], true);
    assert_eq!(bob.get_at(&path, &on).await.expect(200)["receipts"], true);
    assert_eq!(receipt(&bob, &ann, &channel, &on).await["read"], 0, "what was not told before is not told now");
    let second = ann.say(&channel, "second").await;
    let position = read(&bob, &channel, &second["position"]).await;
    assert_eq!(hers.event("read_up_to").await["user"], json!(bob.id));
    assert_eq!(seen(&second, &ann, &position).await, json!([{ "user": bob.id, "seen": true }]));

    let off = ann.patch(&path, json!({ "receipts": false })).await.expect(200)["position"].clone();
    assert_eq!(seen(&second, &ann, &off).await, json!([]));
    let third = ann.say(&channel, "third").await;
    read(&bob, &channel, &third["position"]).await;
    assert_eq!(heard(&mut hers, &bob).await, [] as [Value; 0]);
}

#[tokio::test]
async fn e05_who_came_later_or_is_gone_or_wrote_it_is_not_counted() {
    let (ann, bob, cyd) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cyd").await);
    let channel = ann.channel().await;
    ann.patch(&format!("/v1/conversations/{channel}"), json!({ "receipts": true })).await.expect(200);
    bob.join(&channel).await;
    let early = ann.say(&channel, "early").await;
    cyd.join(&channel).await;
    let late = ann.say(&channel, "late").await;
    for person in [&ann, &bob, &cyd] {
        read(person, &channel, &late["position"]).await;
    }
    let last = ann.say(&channel, "last").await;
    assert_eq!(seen(&early, &ann, &last["position"]).await, json!([{ "user": bob.id, "seen": true }]));
    let both = seen(&late, &cyd, &last["position"]).await;
    assert_eq!(both.as_array().unwrap().len(), 2, "{both}");
    let left = bob.leave(&channel).await;
    assert_eq!(seen(&late, &ann, &left).await, json!([{ "user": cyd.id, "seen": true }]));
    let page = format!("/v1/conversations/{channel}/receipts?limit=1");
    let first = ann.get_at(&page, &left).await.expect(200);
    let second = ann.get_at(&format!("{page}&after={}", text(&first["after"])), &left).await.expect(200);
    let mut listed = [text(&first["items"][0]["user"]), text(&second["items"][0]["user"])];
    listed.sort();
    let mut expected = [ann.id.clone(), cyd.id.clone()];
    expected.sort();
    assert_eq!((listed, second.get("after")), (expected, None));
}

#[tokio::test]
async fn e05_answers_in_a_thread_alone_are_received_and_nobody_is_told_who_has_seen_them() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let root = ann.say(&direct, "soup?").await;
    let body = json!({ "id": Uuid::now_v7(), "text": "yes", "thread": root["id"] });
    let answer = ann.post(&format!("/v1/conversations/{direct}/messages"), body).await.expect(201);
    let position = read(&bob, &direct, &answer["position"]).await;
    assert_eq!(seen(&root, &ann, &position).await, json!([{ "user": bob.id, "seen": true }]));
    assert_eq!(seen(&answer, &ann, &position).await, json!([{ "user": bob.id, "seen": false }]));
}

#[tokio::test]
async fn receipts_are_for_members() {
    let (ann, eve) = (Person::register("Ann").await, Person::register("Eve").await);
    let channel = ann.channel().await;
    ann.patch(&format!("/v1/conversations/{channel}"), json!({ "receipts": true })).await.expect(200);
    let said = ann.say(&channel, "hello").await;
    let message = format!("/v1/messages/{}", text(&said["id"]));
    eve.get_at(&message, &said["position"]).await.expect(200);
    for path in [format!("{message}/receipts"), format!("/v1/conversations/{channel}/receipts")] {
        assert_eq!(eve.get(&path).await.problem(404), "not_found", "she may read the channel, not who reads it");
        assert_eq!(ann.get(&format!("{path}?limit=0")).await.problem(400), "invalid_query");
        assert_eq!(ann.get(&format!("{path}?after=x")).await.problem(400), "invalid_query");
    }
    let path = format!("/v1/conversations/{channel}/delivered");
    assert_eq!(eve.put(&path, json!({ "position": 1 })).await.problem(404), "conversation_not_found");
    assert_eq!(ann.put(&path, json!({ "position": 1_u64 << 52 })).await.problem(422), "invalid_fields");
    assert_eq!(ann.put(&path, json!({ "position": -1 })).await.problem(422), "invalid_fields");
    assert_eq!(ann.put(&path, json!({})).await.problem(422), "invalid_fields");
}
