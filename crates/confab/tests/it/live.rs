//! What happens live, over the websocket.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::rig::{Person, text, texts};

#[tokio::test]
async fn a14_b13_c07_d08_a_message_reaches_every_member_online_without_asking() {
    let ann = Person::register("Ann").await;
    let channel = ann.channel().await;
    let others = join_all((0..4).map(|n| async move { Person::register(&format!("P{n}")).await })).await;
    for person in &others {
        person.join(&channel).await;
    }
    let mut sockets = join_all(others.iter().map(Person::socket)).await;
    let said = ann.say(&channel, "hello all").await;
    for socket in &mut sockets {
        let message = socket.message("hello all").await;
        assert_eq!((&message["position"], &message["id"]), (&said["position"], &said["id"]));
    }
}

#[tokio::test]
async fn a01_a14_a_message_is_sent_and_acknowledged_over_the_socket() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    let id = Uuid::now_v7().to_string();
    hers.send(json!({ "type": "send", "id": id, "conversation": direct, "text": "over the wire" })).await;
    let ack = hers.answer(&id).await;
    assert_eq!(ack["type"], "ack", "{ack}");
    let message = his.message("over the wire").await;
    assert_eq!(
        (&message["id"], &message["position"], &message["author"]),
        (&json!(id), &ack["position"], &json!(ann.id))
    );
    let page = bob.messages_at(&direct, "", &ack["position"]).await;
    assert_eq!(page["items"][0], message, "what came live is what a fresh read gives");
}

#[tokio::test]
async fn the_same_send_by_socket_and_by_post_is_one_message() {
    let ann = Person::register("Ann").await;
    let notes = ann.direct(&ann).await;
    let mut socket = ann.socket().await;
    let id = Uuid::now_v7();
    let frame = json!({ "type": "send", "id": id, "conversation": notes, "text": "twice" });
    socket.send(frame.clone()).await;
    let first = socket.answer(&id.to_string()).await;
    let posted = ann.send_as(id, &notes, "twice").await.expect(200);
    socket.send(frame).await;
    let second = socket.answer(&id.to_string()).await;
    assert_eq!((&first["position"], &first["position"]), (&posted["position"], &second["position"]));
    let marker = ann.say(&notes, "marker").await;
    assert_eq!(texts(&ann.messages_at(&notes, "", &marker["position"]).await), ["twice", "marker"]);
}

#[tokio::test]
async fn a_refused_send_says_why_and_the_socket_stays_open() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let notes = bob.direct(&bob).await;
    let mut socket = ann.socket().await;
    for (text, conversation, status, code) in [
        ("hi", notes.as_str(), 404, "conversation_not_found"),
        ("", "018f0000-0000-7000-8000-000000000000", 422, "invalid_fields"),
    ] {
        let id = Uuid::now_v7().to_string();
        socket.send(json!({ "type": "send", "id": id, "conversation": conversation, "text": text })).await;
        let error = socket.answer(&id).await;
        assert_eq!((&error["problem"]["status"], &error["problem"]["code"]), (&json!(status), &json!(code)), "{error}");
    }
    socket.send(json!({ "type": "ping", "id": "p" })).await;
    socket.until("pong", |frame| frame["type"] == "pong").await;
}

#[tokio::test]
async fn b20_d08_nothing_reaches_those_outside() {
    let (ann, bob, eve) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Eve").await);
    let direct = ann.direct(&bob).await;
    let channel = ann.channel().await;
    bob.join(&channel).await;
    eve.join(&channel).await;
    eve.leave(&channel).await;
    let (mut hers, mut his) = (eve.socket().await, bob.socket().await);
    ann.say(&direct, "for Bob").await;
    ann.say(&channel, "for members").await;
    his.message("for Bob").await;
    his.message("for members").await;
    let leaked = hers.rest(Duration::from_millis(500)).await;
    let leaked: Vec<_> = leaked.iter().filter(|frame| frame["event"]["type"] == "message_posted").collect();
    assert!(leaked.is_empty(), "{leaked:?}");
}

#[tokio::test]
async fn somebody_removed_by_leaving_hears_nothing_after_her_own_leaving() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let mut socket = bob.socket().await;
    bob.leave(&channel).await;
    let left = socket.event("member_left").await;
    assert_eq!((&left["conversation"], &left["user"]), (&json!(channel), &json!(bob.id)));
    ann.say(&channel, "is he gone?").await;
    let rest = socket.rest(Duration::from_millis(400)).await;
    assert!(rest.iter().all(|frame| frame["event"]["type"] != "message_posted"), "{rest:?}");
}

#[tokio::test]
async fn a_new_conversation_shows_up_live_at_both_ends() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    let direct = ann.direct(&bob).await;
    for socket in [&mut hers, &mut his] {
        let opened =
            socket.until("direct_opened", |frame| frame["event"]["conversation"]["id"] == direct.as_str()).await;
        assert_eq!(opened["event"]["type"], "direct_opened");
    }
}

#[tokio::test]
async fn somebody_new_is_announced_to_everybody() {
    let ann = Person::register("Ann").await;
    let mut socket = ann.socket().await;
    let bob = Person::register("Newcomer").await;
    let announced = socket.until("profile_created", |frame| frame["event"]["user"]["id"] == bob.id.as_str()).await;
    assert_eq!(announced["event"]["user"]["name"], "Newcomer");
    assert!(!announced.to_string().contains(&bob.email), "an address is nobody else's business");
}

#[tokio::test]
async fn c05_e04_typing_reaches_the_others_and_is_never_stored() {
    let (ann, bob, eve) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Eve").await);
    let direct = ann.direct(&bob).await;
    let (mut hers, mut his, mut outside) = (ann.socket().await, bob.socket().await, eve.socket().await);
    hers.send(json!({ "type": "typing", "conversation": direct })).await;
    let typing = his.until("typing", |frame| frame["type"] == "typing").await;
    assert_eq!((&typing["user"], &typing["conversation"]), (&json!(ann.id), &json!(direct)));
    outside.send(json!({ "type": "typing", "conversation": direct })).await;
    for (socket, who) in [(&mut hers, "the typist"), (&mut outside, "a stranger")] {
        let frames = socket.rest(Duration::from_millis(300)).await;
        assert!(frames.iter().all(|frame| frame["type"] != "typing"), "{who}: {frames:?}");
    }
    let frames = his.rest(Duration::from_millis(300)).await;
    assert!(frames.iter().all(|frame| frame["user"] != eve.id.as_str()), "a stranger types nowhere: {frames:?}");
}

#[tokio::test]
async fn order_is_the_same_for_everybody() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    let sends = (0..20).map(|n| {
        let (who, direct) = (if n % 2 == 0 { ann.clone() } else { bob.clone() }, direct.clone());
        async move { who.say(&direct, &format!("o{n}")).await["position"].as_u64().unwrap() }
    });
    let last = join_all(sends).await.into_iter().max().unwrap();
    let mut orders = Vec::new();
    for socket in [&mut hers, &mut his] {
        let mut order = Vec::new();
        while order.len() < 20 {
            let event = socket.event("message_posted").await;
            order.push(text(&event["message"]["text"]));
        }
        orders.push(order);
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(texts(&ann.messages_at(&direct, "", &json!(last)).await), orders[0]);
}
