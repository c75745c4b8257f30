//! What people save for later: in step between their devices, with the messages as they are now, and for nobody else.

use std::time::Duration;

use serde_json::{Value, json};

use crate::rig::{Person, text};

async fn saved(of: &Person, query: &str, position: &Value) -> Value {
    of.get_at(&format!("/v1/saved{query}"), position).await.expect(200)
}

fn texts(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["message"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_i_save_reaches_my_other_devices_and_nobody_else() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let id = text(&ann.say(&channel, "soup").await["id"]);
    let (mut hers, mut his, away) =
        (ann.again().await.socket().await, bob.socket().await, ann.again().await.socket().await);
    let cursor = away.cursor;
    away.cut();
    let (path, at) = (format!("/v1/saved/{id}"), "2027-03-01T09:00:00.000Z");
    ann.put(&path, json!({ "remind_at": at })).await.expect(200);
    let last = ann.patch(&path, json!({ "state": "completed" })).await.expect(200)["position"].clone();
    let first = hers.event("message_saved").await;
    assert_eq!((&first["id"], &first["saved"], &first["state"]), (&json!(id), &json!(true), &json!("in_progress")));
    let second = hers.event("message_saved").await;
    assert_eq!((&second["state"], &second["remind_at"]), (&json!("completed"), &json!(at)));
    let kinds = |frames: Vec<Value>| {
        frames.into_iter().filter(|frame| frame["event"]["type"] == "message_saved").collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(ann.socket_from(cursor).await.rest(Duration::from_millis(300)).await).len(),
        2,
        "missed, and told"
    );
    assert!(kinds(his.rest(Duration::from_millis(300)).await).is_empty());

    let mine = saved(&ann, "", &last).await;
    let item = &mine["items"][0];
    assert_eq!(
        (&item["message"]["id"], &item["state"], &item["remind_at"]),
        (&json!(id), &json!("completed"), &json!(at))
    );
    assert_eq!((&item["position"], &item["saved_at"]), (&first["position"], &first["at"]));
    assert_eq!(saved(&bob, "", &last).await["items"], json!([]));
    let gone = ann.delete(&path).await.expect(200)["position"].clone();
    assert_eq!(hers.event("message_saved").await["saved"], false);
    assert_eq!(saved(&ann, "", &gone).await["items"], json!([]));
}

#[tokio::test]
async fn what_is_saved_is_listed_newest_first_by_pages_and_by_state() {
    let ann = Person::register("Ann").await;
    let channel = ann.channel().await;
    let (mut last, mut ids) = (json!(0), Vec::new());
    for n in 0..5 {
        let id = text(&ann.say(&channel, &n.to_string()).await["id"]);
        last = ann.put(&format!("/v1/saved/{id}"), json!({})).await.expect(200)["position"].clone();
        ids.push(id);
    }
    let newest = saved(&ann, "?limit=2", &last).await;
    assert_eq!(texts(&newest), ["4", "3"]);
    let older = saved(&ann, &format!("?limit=2&before={}", newest["before"]), &last).await;
    assert_eq!(texts(&older), ["2", "1"]);
    let oldest = saved(&ann, &format!("?limit=2&before={}", older["before"]), &last).await;
    assert_eq!((texts(&oldest), oldest.get("before")), (vec!["0"], None));
    let done = ann.patch(&format!("/v1/saved/{}", ids[1]), json!({ "state": "completed" })).await;
    let done = done.expect(200)["position"].clone();
    assert_eq!(texts(&saved(&ann, "?state=completed", &done).await), ["1"]);
    assert_eq!(texts(&saved(&ann, "?state=in_progress", &done).await), ["4", "3", "2", "0"]);
    assert_eq!(texts(&saved(&ann, "", &done).await), ["4", "3", "2", "1", "0"], "what is moved keeps its place");
    let again = ann.delete(&format!("/v1/saved/{}", ids[0])).await.expect(200)["position"].clone();
    assert_eq!(texts(&saved(&ann, "", &again).await).len(), 4);
    let again = ann.put(&format!("/v1/saved/{}", ids[0]), json!({})).await.expect(200)["position"].clone();
    assert_eq!(texts(&saved(&ann, "", &again).await)[0], "0", "what is saved again is the newest");
    for query in ["?state=later", "?limit=0", "?limit=101", "?after=1", "?before=x"] {
        assert_eq!(ann.get(&format!("/v1/saved{query}")).await.problem(400), "invalid_query", "{query}");
    }
}

#[tokio::test]
async fn what_was_deleted_is_a_shell_and_what_i_may_not_see_any_more_is_not_shown() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.private_channel().await;
    ann.add(&channel, &[&bob]).await;
    let (kept, gone) =
        (text(&ann.say(&channel, "kept secret").await["id"]), text(&ann.say(&channel, "gone secret").await["id"]));
    for id in [&kept, &gone] {
        bob.put(&format!("/v1/saved/{id}"), json!({})).await.expect(200);
    }
    let deleted = ann.delete(&format!("/v1/messages/{gone}")).await.expect(200)["position"].clone();
    let seen = saved(&bob, "", &deleted).await;
    assert_eq!(texts(&seen), ["", "kept secret"]);
    assert_eq!(seen["items"][0]["message"]["deleted"], true);
    assert!(!seen.to_string().contains("gone secret"));
    let out = bob.leave(&channel).await;
    assert_eq!(saved(&bob, "", &out).await["items"], json!([]));
    let back = ann.add(&channel, &[&bob]).await["position"].clone();
    assert_eq!(texts(&saved(&bob, "", &back).await), ["", "kept secret"], "it was saved all the time");
}
