//! People, channels and direct conversations.

use futures::FutureExt;
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::rig::{Person, text};

#[tokio::test]
async fn b02_everybody_finds_everybody_in_the_people_list() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut after = String::new();
    let mut found = Vec::new();
    loop {
        let page = ann.get(&format!("/v1/users?limit=100{after}")).await.expect(200);
        found.extend(page["items"].as_array().unwrap().iter().map(|user| text(&user["id"])));
        match page["after"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert!(found.contains(&ann.id) && found.contains(&bob.id));
    let mut unique = found.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), found.len(), "nobody stands on two pages");
}

#[tokio::test]
async fn a01_b04_d09_a_direct_conversation_is_opened_once_however_often_it_is_asked_for() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let ids = join_all((0..6).map(|n| {
        let (one, other) = if n % 2 == 0 { (&ann, &bob) } else { (&bob, &ann) };
        one.direct(other)
    }));
    let ids = ids.await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let said = ann.say(&ids[0], "hello Bob").await;
    let page = bob.messages_at(&ids[0], "", &said["position"]).await;
    assert_eq!(page["items"][0]["text"], "hello Bob");
    assert_eq!(page["items"][0]["author"], ann.id);
}

#[tokio::test]
async fn a_direct_conversation_with_oneself_is_for_notes() {
    let ann = Person::register("Ann").await;
    let notes = ann.direct(&ann).await;
    let said = ann.say(&notes, "buy milk").await;
    let card = ann.get_at(&format!("/v1/conversations/{notes}"), &said["position"]).await.expect(200);
    assert_eq!(card["members"], json!([ann.id]));
}

#[tokio::test]
async fn d09_nobody_else_reads_or_writes_a_direct_conversation() {
    let (ann, bob, eve) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Eve").await);
    let direct = ann.direct(&bob).await;
    let said = ann.say(&direct, "between us").await;
    let id = text(&said["id"]);
    for path in [
        format!("/v1/conversations/{direct}"),
        format!("/v1/conversations/{direct}/messages"),
        format!("/v1/conversations/{direct}/members"),
        format!("/v1/messages/{id}"),
    ] {
        eve.get_at(&path, &said["position"]).await.problem(404);
        bob.get_at(&path, &said["position"]).await.expect(200);
    }
    eve.send_as(Uuid::now_v7(), &direct, "me too").await.problem(404);
    for way in ["join", "leave"] {
        eve.post(&format!("/v1/conversations/{direct}/{way}"), json!({})).await.problem(404);
    }
    let listed = eve.get("/v1/conversations").await.expect(200).to_string();
    assert!(!listed.contains(&direct));
}

#[tokio::test]
async fn d07_e03_channels_are_created_browsed_joined_and_left() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let name = format!("topic-{}", Uuid::now_v7().simple());
    let body = json!({ "kind": "channel", "name": name, "description": "What it is for" });
    let created = ann.post("/v1/conversations", body).await.expect(201);
    let id = text(&created["id"]);

    let browse = format!("/v1/channels?q={name}");
    let seen = bob.get_at(&browse, &created["position"]).await.expect(200);
    assert_eq!(seen["items"][0]["id"], id.as_str());
    assert_eq!(seen["items"][0]["is_member"], false);
    assert_eq!(seen["items"][0]["member_count"], 1);

    let joined = bob.join(&id).await;
    let seen = bob.get_at(&browse, &joined).await.expect(200);
    assert_eq!((&seen["items"][0]["is_member"], &seen["items"][0]["member_count"]), (&json!(true), &json!(2)));
    let members = ann.get_at(&format!("/v1/conversations/{id}/members"), &joined).await.expect(200).to_string();
    assert!(members.contains(&bob.id) && members.contains(&ann.id));

    let left = bob.leave(&id).await;
    let seen = bob.get_at(&browse, &left).await.expect(200);
    assert_eq!((&seen["items"][0]["is_member"], &seen["items"][0]["member_count"]), (&json!(false), &json!(1)));
    assert_eq!(bob.send_as(Uuid::now_v7(), &id, "still here?").await.problem(404), "conversation_not_found");
}

#[tokio::test]
async fn joining_and_leaving_twice_changes_nothing() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let joined = bob.join(&channel).await;
    let card = bob.get_at(&format!("/v1/conversations/{channel}"), &joined).await.expect(200);
    assert_eq!(card["member_count"], 2);
    bob.leave(&channel).await;
    bob.leave(&channel).await;
}

#[tokio::test]
async fn a_channels_name_is_unique_and_well_formed() {
    let ann = Person::register("Ann").await;
    let name = format!("unique-{}", Uuid::now_v7().simple());
    let create = |name: String| ann.post("/v1/conversations", json!({ "kind": "channel", "name": name })).boxed();
    create(name.clone()).await.expect(201);
    assert_eq!(create(name).await.problem(409), "channel_name_taken");
    for wrong in ["", "Has Spaces", "UPPER", "a/b", "$where", &"x".repeat(81)] {
        assert_eq!(create(wrong.to_owned()).await.problem(422), "invalid_fields", "{wrong}");
    }
}

#[tokio::test]
async fn a04_the_sidebar_lists_my_conversations_with_their_kind() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    let direct = ann.direct(&bob).await;
    let said = ann.say(&direct, "hi").await;
    let mine = ann.get_at("/v1/conversations", &said["position"]).await.expect(200);
    let kind =
        |id: &str| mine["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap()["kind"].clone();
    assert_eq!((kind(&channel), kind(&direct)), (json!("channel"), json!("direct")));
}
