//! What texts mean travels with the message: live, fetched, after an edit, and gone with the text.

use serde_json::{Value, json};

use crate::rig::{Person, text};

async fn fetched(of: &Person, said: &Value) -> Value {
    let mut fetched = of.get_at(&format!("/v1/messages/{}", text(&said["id"])), &said["position"]).await.expect(200);
    // Where it is linked to is all that an event does not say.
    assert!(fetched.as_object_mut().unwrap().remove("permalink").is_some());
    fetched
}

#[tokio::test]
async fn what_a_text_means_comes_live_as_it_is_fetched() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut socket = bob.socket().await;
    let words =
        format!("*hi* <@{}>, see <https://x.org|this>\n- `a`\n- :tada:\n4. ~b~\n> @here\n```\ncode\n```", bob.id);
    let said = ann.say(&direct, &words).await;
    let live = socket.message(&words).await;
    assert_eq!(live, fetched(&bob, &said).await);
    let kinds: Vec<&Value> = live["content"].as_array().unwrap().iter().map(|block| &block["type"]).collect();
    assert_eq!(kinds, ["section", "list", "list", "quote", "preformatted"]);
    assert_eq!(live["content"][0]["spans"][2], json!({ "type": "user", "user": bob.id }));
    assert_eq!(live["content"][3]["spans"], json!([{ "type": "broadcast", "range": "here" }]));
    let plain = ann.say(&direct, "nothing special").await;
    assert_eq!(fetched(&bob, &plain).await.get("content"), None);
}

#[tokio::test]
async fn an_edit_brings_its_meaning_and_deletion_takes_it() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let said = ann.say(&direct, "plain").await;
    let path = format!("/v1/messages/{}", text(&said["id"]));
    let mut socket = bob.socket().await;
    let edited = ann.patch(&path, json!({ "text": "_now_ <javascript:alert(1)|x>" })).await.expect(200);
    let told = socket.event("message_edited").await;
    let shown = bob.get_at(&path, &edited["position"]).await.expect(200);
    assert_eq!(told["content"], shown["content"]);
    assert_eq!(told["content"][0]["spans"][0], json!({ "type": "text", "text": "now", "italic": true }));
    assert!(!told["content"].to_string().contains("link"), "{told}");
    let deleted = ann.delete(&path).await.expect(200);
    assert_eq!(bob.get_at(&path, &deleted["position"]).await.expect(200).get("content"), None);
}

#[tokio::test]
async fn the_largest_message_gets_through() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut socket = bob.socket().await;
    let words: String = "*🚀* ".chars().cycle().take(11_000).chain("🚀".repeat(1_000).chars()).collect();
    let said = ann.say(&direct, &words).await;
    let live = socket.message(&words).await;
    assert_eq!(live, fetched(&bob, &said).await);
}

#[tokio::test]
async fn how_many_a_mention_speaks_to_is_known_before() {
    let (ann, bob, cyd) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cyd").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let joined = cyd.join(&channel).await;
    let counts = ann.get_at(&format!("/v1/conversations/{channel}/mentions"), &joined).await.expect(200);
    assert_eq!(counts, json!({ "channel": 2, "here": 0 }));
    let _his = bob.socket().await;
    crate::rig::eventually(std::time::Duration::from_secs(10), "Bob counts as here", || async {
        let counts = ann.get(&format!("/v1/conversations/{channel}/mentions")).await.expect(200);
        counts == json!({ "channel": 2, "here": 1 })
    })
    .await;
    let direct = bob.direct(&cyd).await;
    assert_eq!(ann.get(&format!("/v1/conversations/{direct}/mentions")).await.problem(404), "not_found");
}
