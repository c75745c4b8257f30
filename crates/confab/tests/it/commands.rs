//! Slash commands and what people say they are up to, as others see and hear it.

use serde_json::{Value, json};

use crate::rig::Person;

async fn command(by: &Person, conversation: &str, text: &str) -> Value {
    by.post(&format!("/v1/conversations/{conversation}/commands"), json!({ "text": text })).await.expect(200)
}

#[tokio::test]
async fn a_command_is_heard_as_what_it_does() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let mut socket = bob.socket().await;
    command(&ann, &channel, "/topic soup").await;
    assert_eq!(socket.event("topic_changed").await["topic"], "soup");
    command(&ann, &channel, "/shrug who knows").await;
    let said = socket.message("who knows ¯\\_(ツ)_/¯").await;
    assert_eq!(said["author"], json!(ann.id));
    let told = command(&ann, &channel, "/who").await;
    assert!(told.get("position").is_none() && told["said"]["ephemeral"] == true, "{told}");
    let saved = command(&ann, &channel, "/remind me \"buy soup\" tomorrow at 9:00").await;
    let mine = ann.get_at("/v1/saved", &saved["position"]).await.expect(200);
    assert_eq!(mine["items"][0]["message"]["text"], "buy soup");
    assert!(mine["items"][0]["remind_at"].as_str().unwrap().ends_with("T09:00:00.000Z"), "{mine}");
}

#[tokio::test]
async fn a_command_by_socket_is_answered_as_over_http() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    let mut typed = async |id: &str, text: &str| {
        hers.send(json!({ "type": "command", "id": id, "conversation": channel, "text": text })).await;
        hers.answer(id).await
    };
    let topic = typed("1", "/topic soup").await;
    let told = his.event("topic_changed").await;
    assert_eq!(topic, json!({ "type": "answer", "id": "1", "position": told["position"] }));
    let status = typed("2", "/status :palm_tree: Away").await;
    assert_eq!(status["type"], "answer", "{status}");
    let hers_is = |event: &Value| event["event"]["type"] == "status_changed" && event["event"]["user"] == json!(ann.id);
    let told = his.until("the status", hers_is).await["event"]["status"].clone();
    assert_eq!(told, json!({ "emoji": "🌴", "text": "Away" }));
    let mut who = typed("3", "/who").await;
    let over_http = command(&ann, &channel, "/who").await;
    assert_eq!(who["said"], over_http["said"]);
    assert!(who.as_object_mut().unwrap().remove("said").is_some() && who == json!({ "type": "answer", "id": "3" }));
    assert_eq!(typed("4", "/search soup").await["open"], json!({ "what": "search", "text": "soup" }));
    for (id, text, code) in
        [("5", "/nonsense", "unknown_command"), ("6", "/rename", "command_misused"), ("7", "", "invalid_fields")]
    {
        let refused = typed(id, text).await;
        assert_eq!((&refused["type"], &refused["problem"]["code"]), (&json!("error"), &json!(code)), "{text}");
    }
    let eve = Person::register("Eve").await;
    let direct = ann.direct(&bob).await;
    let mut socket = eve.socket().await;
    socket.send(json!({ "type": "command", "id": "e", "conversation": direct, "text": "/who" })).await;
    assert_eq!(socket.answer("e").await["problem"]["code"], "conversation_not_found");
}

#[tokio::test]
async fn what_somebody_is_up_to_is_seen_live_and_in_the_list_of_people() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut socket = bob.socket().await;
    let body = json!({ "emoji": "🌴", "text": "on holiday", "until": "2030-01-01T00:00:00.000Z" });
    let set = ann.put("/v1/users/me/status", body.clone()).await.expect(200)["position"].clone();
    let hers = |event: &Value| event["event"]["type"] == "status_changed" && event["event"]["user"] == json!(ann.id);
    assert_eq!(socket.until("the status", hers).await["event"]["status"], body);
    let path = format!("/v1/users/{}", ann.id);
    assert_eq!(bob.get_at(&path, &set).await.expect(200)["status"], body);
    assert_eq!(ann.get_at("/v1/users/me", &set).await.expect(200)["status"], body);
    let cleared = ann.delete("/v1/users/me/status").await.expect(200)["position"].clone();
    assert_eq!(socket.until("no status", hers).await["event"].get("status"), None);
    assert_eq!(bob.get_at(&path, &cleared).await.expect(200).get("status"), None);
}
