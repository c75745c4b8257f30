//! Passing messages on, and links to them: each reader gets what she may see anyway, live and at every reading.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, text, texts};

/// Passes a message on, and gives the answer's `{id, position}`.
async fn forward(by: &Person, to: &str, original: &Value, text: &str) -> Value {
    let body = json!({ "id": Uuid::now_v7(), "text": text, "forwards": original });
    by.post(&format!("/v1/conversations/{to}/messages"), body).await.expect(201)
}

async fn message(of: &Person, id: &Value, position: &Value) -> Value {
    of.get_at(&format!("/v1/messages/{}", text(id)), position).await.expect(200)
}

/// Ann and Bob in a public channel, and a private one of Ann's.
async fn places() -> (Person, Person, String, String) {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (channel, secret) = (ann.channel().await, ann.private_channel().await);
    bob.join(&channel).await;
    (ann, bob, channel, secret)
}

#[tokio::test]
async fn a_private_original_is_quoted_only_to_who_may_see_it() {
    let (ann, bob, channel, secret) = places().await;
    let mut socket = bob.socket().await;
    let cursor = socket.cursor;
    let original = ann.say(&secret, "the *plan* is P-7341").await;
    let posted = forward(&ann, &channel, &original["id"], "see").await;
    let live = socket.message("see").await;
    assert_eq!((&live["forwards"], live.get("forwarded")), (&original["id"], None));

    let hers = message(&ann, &posted["id"], &posted["position"]).await;
    let quote = &hers["forwarded"];
    assert_eq!((&quote["id"], &quote["conversation"]), (&original["id"], &json!(secret)));
    assert_eq!((&quote["author"], &quote["text"]), (&json!(ann.id), &json!("the *plan* is P-7341")));
    assert!(quote["content"].is_array() && quote["posted_at"].is_string(), "{quote}");
    let his = message(&bob, &posted["id"], &posted["position"]).await;
    assert_eq!(his["forwarded"], json!({ "unavailable": true }));

    bob.put(&format!("/v1/messages/{}/pin", text(&posted["id"])), json!({})).await.expect(200);
    let saved = bob.put(&format!("/v1/saved/{}", text(&posted["id"])), json!({})).await.expect(200);
    let body = json!({ "id": Uuid::now_v7(), "text": "so?", "thread": posted["id"] });
    let asked = bob.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201);
    let last = asked["position"].as_u64().max(saved["position"].as_u64());
    for path in ["messages", "pins"].map(|what| format!("/v1/conversations/{channel}/{what}")) {
        let page = bob.get_at(&path, &json!(last)).await.expect(200);
        assert_eq!(page["items"][0]["forwarded"], json!({ "unavailable": true }), "{path}");
        assert!(!page.to_string().contains("P-7341"), "{path}");
        let page = ann.get_at(&path, &json!(last)).await.expect(200);
        assert_eq!(&page["items"][0]["forwarded"], quote, "{path}");
    }
    for path in ["/v1/saved", "/v1/threads"] {
        let page = bob.get_at(path, &json!(last)).await.expect(200);
        assert_eq!(page["items"][0]["message"]["forwarded"], json!({ "unavailable": true }), "{path}");
    }
    let missed = bob.socket_from(cursor).await.rest(Duration::from_millis(300)).await;
    assert!(!missed.is_empty() && !json!(missed).to_string().contains("P-7341"));

    let added = ann.add(&secret, &[&bob]).await;
    assert_eq!(&message(&bob, &posted["id"], &added["position"]).await["forwarded"], quote, "now he may see it");
    let left = bob.leave(&secret).await;
    assert_eq!(message(&bob, &posted["id"], &left).await["forwarded"], json!({ "unavailable": true }));
}

#[tokio::test]
async fn a_quote_is_the_original_as_it_is_now_and_nothing_of_it_once_it_is_deleted() {
    let (ann, bob, channel, _) = places().await;
    let original = ann.say(&channel, "first draft").await;
    let posted = forward(&bob, &channel, &original["id"], "").await;
    let path = format!("/v1/messages/{}", text(&original["id"]));
    let edited = ann.patch(&path, json!({ "text": "second thought" })).await.expect(200);
    assert_eq!(message(&bob, &posted["id"], &edited["position"]).await["forwarded"]["text"], "second thought");
    let deleted = ann.delete(&path).await.expect(200);
    let shell = message(&bob, &posted["id"], &deleted["position"]).await;
    assert_eq!((&shell["forwarded"]["deleted"], &shell["forwarded"]["text"]), (&json!(true), &json!("")));
    assert!(!shell.to_string().contains("thought") && !shell.to_string().contains("draft"));
}

#[tokio::test]
async fn a_forward_is_sent_by_socket_too_and_stands_for_the_original() {
    let (ann, bob, channel, _) = places().await;
    let original = ann.say(&channel, "soup").await;
    let first = forward(&ann, &channel, &original["id"], "see").await;
    let mut socket = bob.socket().await;
    let id = Uuid::now_v7().to_string();
    socket
        .send(json!({ "type": "send", "id": id, "conversation": channel, "text": "", "forwards": first["id"] }))
        .await;
    let ack = socket.answer(&id).await;
    assert_eq!(ack["type"], "ack", "{ack}");
    let read = message(&bob, &json!(id), &ack["position"]).await;
    assert_eq!((&read["forwards"], &read["forwarded"]["text"]), (&original["id"], &json!("soup")));
    let (nowhere, id) = (Uuid::now_v7(), Uuid::now_v7().to_string());
    socket.send(json!({ "type": "send", "id": id, "conversation": channel, "text": "", "forwards": nowhere })).await;
    assert_eq!(socket.answer(&id).await["problem"]["code"], "message_not_found");
}

#[tokio::test]
async fn a_permalink_leads_to_its_message_and_nobody_where_she_may_not_look() {
    let (ann, bob, channel, secret) = places().await;
    let mut ids = Vec::new();
    for n in 0..9 {
        ids.push(ann.say(&channel, &format!("m{n}")).await);
    }
    let root = text(&ids[4]["id"]);
    let body = json!({ "id": Uuid::now_v7(), "text": "yes", "thread": root });
    let answer = bob.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201);
    let linked = message(&bob, &ids[4]["id"], &answer["position"]).await;
    let link = text(&linked["permalink"]);
    assert_eq!(link, format!("/archives/{channel}/p{}", ids[4]["position"]));
    let (place, position) = link.strip_prefix("/archives/").unwrap().split_once("/p").unwrap();
    let page = bob.messages_at(place, &format!("?around={position}&limit=4"), &answer["position"]).await;
    assert_eq!(texts(&page), ["m2", "m3", "m4", "m5"]);

    let link = text(&message(&bob, &answer["id"], &answer["position"]).await["permalink"]);
    assert_eq!(link, format!("/archives/{channel}/p{}?thread={root}", answer["position"]));
    let thread = bob.get(&format!("/v1/messages/{root}/thread?around={}", answer["position"])).await.expect(200);
    assert_eq!(texts(&thread), ["yes"]);

    let hidden = ann.say(&secret, "psst").await;
    let link = text(&message(&ann, &hidden["id"], &hidden["position"]).await["permalink"]);
    let (place, position) = link.strip_prefix("/archives/").unwrap().split_once("/p").unwrap();
    let refused = bob.get(&format!("/v1/conversations/{place}/messages?around={position}")).await;
    assert_eq!(refused.problem(404), "not_found");
    assert_eq!(bob.get(&format!("/v1/messages/{}", text(&hidden["id"]))).await.problem(404), "not_found");
    let pasted = bob.say(&channel, &format!("see https://chat.example.org{link}")).await;
    let read = message(&ann, &pasted["id"], &pasted["position"]).await;
    assert_eq!(read.get("forwarded"), None, "a link in a text stays a link");
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_whatever_has_become_of_what_it_stands_on() {
    let (ann, bob, channel, _) = places().await;
    let original = ann.say(&channel, "soup").await;
    let first = forward(&ann, &channel, &original["id"], "see").await;
    let messages = format!("/v1/conversations/{channel}/messages");
    let with = |mut body: Value, field: &str, value: &Value| {
        body[field] = value.clone();
        body
    };
    let send = || json!({ "id": Uuid::now_v7(), "text": "well" });
    let sends = [
        with(send(), "forwards", &original["id"]),
        with(send(), "forwards", &first["id"]),
        with(send(), "thread", &original["id"]),
    ];
    let mut answers = Vec::new();
    for send in &sends {
        answers.push(bob.post(&messages, send.clone()).await.expect(201));
    }
    for gone in [&first, &original] {
        ann.delete(&format!("/v1/messages/{}", text(&gone["id"]))).await.expect(200);
    }
    let mut socket = bob.socket().await;
    for (send, answer) in sends.iter().zip(&answers) {
        assert_eq!(bob.post(&messages, send.clone()).await.expect(200), *answer);
        let mut frame = send.clone();
        frame["type"] = json!("send");
        frame["conversation"] = json!(channel);
        socket.send(frame).await;
        let ack = socket.answer(send["id"].as_str().unwrap()).await;
        assert_eq!((&ack["type"], &ack["position"]), (&json!("ack"), &answer["position"]), "{ack}");
    }
    let other = with(sends[0].clone(), "text", &json!("other"));
    assert_eq!(bob.post(&messages, other).await.problem(410), "message_deleted");
    assert_eq!(ann.post(&messages, sends[2].clone()).await.problem(404), "thread_not_found", "it is not hers");
    let anew = with(sends[1].clone(), "id", &json!(Uuid::now_v7()));
    assert_eq!(bob.post(&messages, anew).await.problem(410), "message_deleted");
    bob.leave(&channel).await;
    assert_eq!(bob.post(&messages, sends[2].clone()).await.expect(200), answers[2], "he said it when he was there");
}
