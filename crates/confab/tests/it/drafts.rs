//! Drafts: in step between one's devices, and nobody else's business.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, text};

async fn drafts(of: &Person, position: &Value) -> Vec<Value> {
    of.get_at("/v1/drafts", position).await.expect(200)["items"].as_array().unwrap().clone()
}

async fn draft(by: &Person, body: Value) -> Value {
    by.put("/v1/drafts", body).await.expect(200)["position"].clone()
}

#[tokio::test]
async fn what_i_begin_to_write_is_on_my_other_devices_and_nowhere_else() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let root = text(&ann.say(&channel, "soup?").await["id"]);
    let (mut hers, mut his) = (ann.again().await.socket().await, bob.socket().await);
    draft(&ann, json!({ "conversation": channel, "text": "I w" })).await;
    draft(&ann, json!({ "conversation": channel, "text": "I want" })).await;
    let last = draft(&ann, json!({ "conversation": channel, "thread": root, "text": "yes" })).await;
    let told = hers.event("draft_saved").await;
    assert_eq!((&told["conversation"], &told["text"], told.get("thread")), (&json!(channel), &json!("I w"), None));
    assert_eq!(hers.event("draft_saved").await["text"], "I want");
    let in_thread = hers.event("draft_saved").await;
    assert_eq!((&in_thread["thread"], &in_thread["text"]), (&json!(root), &json!("yes")));
    let mine = drafts(&ann, &last).await;
    let kept: Vec<_> = mine.iter().map(|draft| (text(&draft["text"]), draft.get("thread").cloned())).collect();
    assert_eq!(kept, [("yes".to_owned(), Some(json!(root))), ("I want".to_owned(), None)]);
    assert_eq!((&mine[0]["position"], &mine[0]["saved_at"]), (&in_thread["position"], &in_thread["at"]));
    assert!(drafts(&bob, &last).await.is_empty());
    assert!(his.rest(Duration::from_millis(300)).await.iter().all(|frame| frame["event"]["type"] != "draft_saved"));

    let body = json!({ "id": Uuid::now_v7(), "text": "yes", "thread": root });
    let sent = ann.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201)["position"].clone();
    assert_eq!(drafts(&ann, &sent).await.len(), 2, "that a draft is gone is its author's to say");
    let gone = draft(&ann, json!({ "conversation": channel, "thread": root, "text": "" })).await;
    assert_eq!(hers.event("draft_saved").await["text"], "");
    assert_eq!(drafts(&ann, &gone).await.len(), 1);
}

#[tokio::test]
async fn a_draft_for_where_i_may_not_look_any_more_is_not_shown() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let secret = ann.private_channel().await;
    ann.add(&secret, &[&bob]).await;
    let last = draft(&bob, json!({ "conversation": secret, "text": "so" })).await;
    assert_eq!(drafts(&bob, &last).await.len(), 1);
    let out = bob.leave(&secret).await;
    assert!(drafts(&bob, &out).await.is_empty());
    let back = ann.add(&secret, &[&bob]).await["position"].clone();
    assert_eq!(drafts(&bob, &back).await.len(), 1);
}
