//! What happens to messages after they were posted, over HTTP and websocket: what comes live is what a fresh read gives.

use serde_json::{Value, json};

use crate::rig::{Person, text};

/// Two people in a channel, and what one of them said.
async fn talk() -> (Person, Person, String, String) {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let said = text(&ann.say(&channel, "helo").await["id"]);
    (ann, bob, channel, said)
}

async fn message(of: &Person, id: &str, position: &Value) -> Value {
    of.get_at(&format!("/v1/messages/{id}"), position).await.expect(200)
}

#[tokio::test]
async fn an_edit_reaches_everybody_and_its_history_every_reader() {
    let (ann, bob, _, said) = talk().await;
    let mut socket = bob.socket().await;
    let edited = ann.patch(&format!("/v1/messages/{said}"), json!({ "text": "hello" })).await.expect(200);
    let told = socket.event("message_edited").await;
    assert_eq!((&told["id"], &told["text"], &told["position"]), (&json!(said), &json!("hello"), &edited["position"]));
    let shown = message(&bob, &said, &edited["position"]).await;
    assert_eq!((&shown["text"], &shown["edited_at"]), (&told["text"], &told["at"]));
    let history = bob.get(&format!("/v1/messages/{said}/history")).await.expect(200);
    let texts: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|version| &version["text"]).collect();
    assert_eq!(texts, ["helo", "hello"]);
    let refused = bob.patch(&format!("/v1/messages/{said}"), json!({ "text": "mine" })).await;
    assert_eq!(refused.problem(403), "not_the_author");
}

#[tokio::test]
async fn a_deleted_message_leaves_a_shell_without_its_words() {
    let (ann, bob, channel, said) = talk().await;
    let mut socket = bob.socket().await;
    ann.patch(&format!("/v1/messages/{said}"), json!({ "text": "a secret" })).await.expect(200);
    let deleted = ann.delete(&format!("/v1/messages/{said}")).await.expect(200);
    let told = socket.event("message_deleted").await;
    assert_eq!((&told["id"], &told["actor"]), (&json!(said), &json!(ann.id)));
    let shell = message(&bob, &said, &deleted["position"]).await;
    assert_eq!((&shell["deleted"], &shell["text"]), (&json!(true), &json!("")));
    for path in [
        format!("/v1/messages/{said}"),
        format!("/v1/messages/{said}/history"),
        format!("/v1/conversations/{channel}/messages"),
        format!("/v1/conversations/{channel}/pins"),
    ] {
        let body = bob.get(&path).await.expect(200).to_string();
        assert!(!body.contains("helo") && !body.contains("secret"), "{path}: {body}");
    }
}

#[tokio::test]
async fn reactions_tell_who_and_come_live_and_after_a_pause() {
    let (ann, bob, _, said) = talk().await;
    let mut socket = ann.socket().await;
    let cursor = socket.cursor;
    let path = format!("/v1/messages/{said}/reactions/%F0%9F%8E%89");
    bob.put(&path, json!({})).await.expect(200);
    let told = socket.event("reaction_added").await;
    assert_eq!((&told["emoji"], &told["user"], &told["id"]), (&json!("🎉"), &json!(bob.id), &json!(said)));
    let shown = message(&ann, &said, &told["position"]).await;
    assert_eq!(shown["reactions"], json!([{ "emoji": "🎉", "users": [bob.id] }]));
    bob.delete(&path).await.expect(200);
    let taken = socket.event("reaction_removed").await;
    assert_eq!(message(&ann, &said, &taken["position"]).await["reactions"], json!([]));
    socket.cut();
    let mut back = ann.socket_from(cursor).await;
    let (again, gone) = (back.event("reaction_added").await, back.event("reaction_removed").await);
    assert_eq!((again, gone), (told, taken), "what was missed is what came live");
}

#[tokio::test]
async fn everything_is_done_over_the_socket_too() {
    let (ann, bob, _, said) = talk().await;
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    for (frame, event) in [
        (json!({ "type": "edit", "text": "hello" }), "message_edited"),
        (json!({ "type": "react", "emoji": "👍" }), "reaction_added"),
        (json!({ "type": "unreact", "emoji": "👍" }), "reaction_removed"),
        (json!({ "type": "delete" }), "message_deleted"),
    ] {
        let mut frame = frame;
        frame["id"] = json!(event);
        frame["message"] = json!(said);
        hers.send(frame.clone()).await;
        let ack = hers.answer(event).await;
        assert_eq!(ack["type"], "ack", "{ack}");
        assert_eq!(his.event(event).await["position"], ack["position"]);
        hers.send(frame).await;
        let again = hers.answer(event).await;
        let refused = event == "message_edited" || event == "reaction_added";
        assert!(again["type"] == "ack" || refused, "{again}");
    }
    hers.send(json!({ "type": "react", "id": "r", "message": said, "emoji": "👍" })).await;
    assert_eq!(hers.answer("r").await["problem"]["code"], "message_deleted");
}

#[tokio::test]
async fn pins_are_everybodys_and_go_with_their_message() {
    let (ann, bob, channel, said) = talk().await;
    let mut socket = ann.socket().await;
    let (pin, pins) = (format!("/v1/messages/{said}/pin"), format!("/v1/conversations/{channel}/pins"));
    let pinned = bob.put(&pin, json!({})).await.expect(200);
    let told = socket.event("message_pinned").await;
    assert_eq!((&told["id"], &told["by"], &told["position"]), (&json!(said), &json!(bob.id), &pinned["position"]));
    let listed = ann.get_at(&pins, &pinned["position"]).await.expect(200);
    assert_eq!(listed["items"][0]["pinned"], json!({ "by": bob.id, "at": told["at"], "position": told["position"] }));
    ann.delete(&pin).await.expect(200);
    let taken = socket.event("message_unpinned").await;
    assert_eq!(ann.get_at(&pins, &taken["position"]).await.expect(200)["items"], json!([]));
    bob.put(&pin, json!({})).await.expect(200);
    let deleted = ann.delete(&format!("/v1/messages/{said}")).await.expect(200);
    assert_eq!(ann.get_at(&pins, &deleted["position"]).await.expect(200)["items"], json!([]));
    socket.event("message_unpinned").await;
}

#[tokio::test]
async fn strangers_change_nothing_and_hear_nothing() {
    let (ann, _, _, said) = talk().await;
    let eve = Person::register("Eve").await;
    let mut outside = eve.socket().await;
    for answer in [
        eve.patch(&format!("/v1/messages/{said}"), json!({ "text": "x" })).await,
        eve.delete(&format!("/v1/messages/{said}")).await,
        eve.put(&format!("/v1/messages/{said}/pin"), json!({})).await,
        eve.put(&format!("/v1/messages/{said}/reactions/%F0%9F%91%8D"), json!({})).await,
    ] {
        assert_eq!(answer.problem(404), "message_not_found");
    }
    ann.patch(&format!("/v1/messages/{said}"), json!({ "text": "hello" })).await.expect(200);
    let heard = outside.rest(std::time::Duration::from_millis(400)).await;
    assert!(heard.iter().all(|frame| frame["event"]["id"] != said.as_str()), "{heard:?}");
}
