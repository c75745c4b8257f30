//! Activity: what concerned somebody, in one list, with what is new in it; only what she may still see.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, eventually, text};

/// Waits until so many entries are there, and gives the list's answer.
async fn activity(of: &Person, query: &str, count: usize) -> Value {
    let path = format!("/v1/activity{query}");
    let there = async || of.get(&path).await.expect(200)["items"].as_array().unwrap().len() == count;
    eventually(Duration::from_secs(10), &format!("{count} entries of {path}"), there).await;
    of.get(&path).await.expect(200)
}

fn kinds(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|entry| text(&entry["kind"])).collect()
}

/// Two people in a private channel into which the second was brought, and a message of hers.
async fn channel() -> (Person, Person, String, String) {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.private_channel().await;
    ann.add(&channel, &[&bob]).await;
    let root = text(&bob.say(&channel, "soup?").await["id"]);
    (ann, bob, channel, root)
}

async fn answer(by: &Person, channel: &str, root: &str, text: &str) -> Value {
    let body = json!({ "id": Uuid::now_v7(), "text": text, "thread": root });
    by.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201)
}

#[tokio::test]
async fn d10_what_concerns_somebody_stands_in_one_list_the_newest_first() {
    let (ann, bob, channel, root) = channel().await;
    bob.patch("/v1/preferences", json!({ "keywords": ["rye"] })).await.expect(200);
    activity(&bob, "", 1).await;
    ann.say(&channel, &format!("hello <@{}>", bob.id)).await;
    activity(&bob, "", 2).await;
    answer(&ann, &channel, &root, "yes").await;
    activity(&bob, "", 3).await;
    ann.say(&channel, "rye bread").await;
    activity(&bob, "", 4).await;
    ann.put(&format!("/v1/messages/{root}/reactions/%F0%9F%91%8D"), json!({})).await.expect(200);
    ann.say(&channel, "nothing in particular").await;
    let page = activity(&bob, "", 5).await;
    assert_eq!(kinds(&page), ["reaction", "keyword", "thread_reply", "mention", "invitation"]);
    let entry = |n: usize| page["items"][n].clone();
    assert_eq!((&entry(0)["emoji"], &entry(0)["by"]), (&json!("👍"), &json!(ann.id)));
    assert_eq!(entry(0)["message"]["id"], json!(root));
    assert_eq!(entry(1)["message"]["text"], "rye bread");
    assert_eq!((&entry(4)["by"], &entry(4)["conversation"]), (&json!(ann.id), &json!(channel)));
    assert!(page["items"].as_array().unwrap().iter().all(|entry| entry.get("users").is_none()), "{page}");
    assert_eq!(kinds(&activity(&bob, "?kind=mention", 1).await), ["mention"]);

    let first = bob.get("/v1/activity?limit=2").await.expect(200);
    let rest = bob.get(&format!("/v1/activity?limit=3&before={}", first["before"])).await.expect(200);
    assert_eq!([kinds(&first), kinds(&rest)].concat(), kinds(&page));
    assert_eq!(rest.get("before"), None, "the last page");
    let of_ann = ann.get_at("/v1/activity", &entry(0)["position"]).await.expect(200);
    assert_eq!(of_ann["items"], json!([]), "what she did herself does not concern her");
    for query in ["?kind=gossip", "?limit=0", "?limit=101", "?before=x", "?colour=red"] {
        assert_eq!(bob.get(&format!("/v1/activity{query}")).await.problem(400), "invalid_query", "{query}");
    }
}

#[tokio::test]
async fn d10_what_is_new_is_counted_until_it_is_read_on_any_device() {
    let (ann, bob, channel, _) = channel().await;
    let mut his = bob.again().await.socket().await;
    ann.say(&channel, &format!("<@{}>", bob.id)).await;
    let page = activity(&bob, "", 2).await;
    assert_eq!((&page["unread_count"], &page["read_position"]), (&json!(2), &json!(0)));
    let read = |position: &Value| {
        let body = json!({ "position": position });
        let bob = bob.clone();
        async move { bob.put("/v1/activity/read", body).await.expect(200)["position"].clone() }
    };
    let at = read(&page["items"][1]["position"]).await;
    let after = bob.get_at("/v1/activity", &at).await.expect(200);
    assert_eq!((&after["unread_count"], &after["read_position"]), (&json!(1), &page["items"][1]["position"]));
    assert_eq!(his.event("activity_read_up_to").await["read_position"], page["items"][1]["position"]);
    let all = read(&page["items"][0]["position"]).await;
    read(&page["items"][1]["position"]).await;
    let after = bob.get_at("/v1/activity", &all).await.expect(200);
    assert_eq!((&after["unread_count"], &after["read_position"]), (&json!(0), &page["items"][0]["position"]));
    let beyond = bob.put("/v1/activity/read", json!({ "position": 1_u64 << 52 })).await;
    assert_eq!(beyond.problem(422), "invalid_fields");
    let of_ann = ann.get_at("/v1/activity", &all).await.expect(200);
    assert_eq!(of_ann["read_position"], 0, "hers alone");
}

#[tokio::test]
async fn what_was_taken_back_deleted_or_is_out_of_sight_is_no_activity() {
    let (ann, bob, channel, root) = channel().await;
    let reaction = format!("/v1/messages/{root}/reactions/%F0%9F%8E%89");
    ann.put(&reaction, json!({})).await.expect(200);
    assert_eq!(kinds(&activity(&bob, "", 2).await), ["reaction", "invitation"]);
    ann.delete(&reaction).await.expect(200);
    assert_eq!(kinds(&activity(&bob, "", 1).await), ["invitation"]);
    ann.put(&reaction, json!({})).await.expect(200);
    activity(&bob, "", 2).await;

    let mention = text(&ann.say(&channel, &format!("<@{}>", bob.id)).await["id"]);
    assert_eq!(activity(&bob, "", 3).await["unread_count"], 3);
    ann.delete(&format!("/v1/messages/{mention}")).await.expect(200);
    assert_eq!(activity(&bob, "", 2).await["unread_count"], 2);

    bob.leave(&channel).await;
    let page = activity(&bob, "", 0).await;
    assert_eq!(page["unread_count"], 0, "{page}");
    ann.add(&channel, &[&bob]).await;
    assert_eq!(kinds(&activity(&bob, "", 2).await), ["invitation", "reaction"]);
}
