//! Groups, over HTTP and websocket.

use serde_json::json;
use uuid::Uuid;

use crate::rig::{Person, text};

#[tokio::test]
async fn a01_e03_a_group_reaches_all_its_people_live_and_nobody_else() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (cid, eve) = (Person::register("Cid").await, Person::register("Eve").await);
    let (mut his, mut hers) = (bob.socket().await, eve.socket().await);
    let body = json!({ "kind": "group", "members": [bob.id, cid.id] });
    let group = ann.post("/v1/conversations", body).await.expect(201);
    let told = his.event("group_created").await["conversation"].clone();
    let mut people = [ann.id.as_str(), bob.id.as_str(), cid.id.as_str()];
    people.sort_unstable();
    assert_eq!((&told["id"], &told["kind"], &told["members"]), (&group["id"], &json!("group"), &json!(people)));
    let id = text(&group["id"]);
    let said = cid.say(&id, "the three of us").await;
    his.message("the three of us").await;
    let heard = hers.rest(std::time::Duration::from_millis(300)).await;
    assert!(!format!("{heard:?}").contains(&id), "{heard:?}");
    eve.get_at(&format!("/v1/conversations/{id}"), &said["position"]).await.problem(404);
    let seen = ann.get_at(&format!("/v1/conversations/{id}"), &said["position"]).await.expect(200);
    assert_eq!((&seen["members"], &seen["unread_count"]), (&json!(people), &json!(1)));
    let again = json!({ "kind": "group", "members": [ann.id, cid.id] });
    assert_eq!(bob.post("/v1/conversations", again).await.expect(200)["id"], group["id"]);
}

#[tokio::test]
async fn adding_to_a_direct_conversation_opens_the_group_of_all() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let direct = ann.direct(&bob).await;
    ann.say(&direct, "between us").await;
    let mut socket = cid.socket().await;
    let group = ann.add(&direct, &[&cid]).await;
    assert_ne!(group["id"], json!(direct));
    assert_eq!(socket.event("group_created").await["conversation"]["id"], group["id"]);
    let page = cid.messages_at(&text(&group["id"]), "", &group["position"]).await;
    assert_eq!(page["items"], json!([]), "what two people said stays between them");
}

#[tokio::test]
async fn a_group_becomes_a_private_channel_live_with_all_that_was_said() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let dan = Person::register("Dan").await;
    let body = json!({ "kind": "group", "members": [bob.id, cid.id] });
    let group = text(&ann.post("/v1/conversations", body).await.expect(201)["id"]);
    ann.say(&group, "as a group").await;
    let mut socket = bob.socket().await;
    let name = format!("g-{}", Uuid::now_v7().simple());
    ann.post(&format!("/v1/conversations/{group}/convert"), json!({ "name": name })).await.expect(200);
    let told = socket.event("converted_to_channel").await;
    assert_eq!((&told["conversation"], &told["name"]), (&json!(group), &json!(name)));
    let added = bob.add(&group, &[&dan]).await;
    let seen = dan.get_at(&format!("/v1/conversations/{group}"), &added["position"]).await.expect(200);
    assert_eq!(
        (&seen["kind"], &seen["name"], &seen["visibility"]),
        (&json!("channel"), &json!(name), &json!("private"))
    );
    assert_eq!((&seen["member_count"], seen.get("members")), (&json!(4), None));
    let page = dan.messages_at(&group, "", &added["position"]).await;
    assert_eq!(page["items"][0]["text"], "as a group");
    let members = dan.get(&format!("/v1/conversations/{group}/members?limit=2")).await.expect(200);
    let after = text(&members["after"]);
    let rest = dan.get(&format!("/v1/conversations/{group}/members?limit=2&after={after}")).await.expect(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("after")), (2, None));
}
