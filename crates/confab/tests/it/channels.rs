//! Private, archived, read-only and default channels, over HTTP and websocket.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, start, text, texts};

const QUIET: Duration = Duration::from_millis(300);

/// The types of events about a conversation, in the order in which they came.
fn kinds(frames: &[Value], conversation: &str) -> Vec<String> {
    let events = frames.iter().map(|frame| &frame["event"]);
    events.filter(|event| event["conversation"] == conversation).map(|event| text(&event["type"])).collect()
}

#[tokio::test]
async fn a07_d07_being_added_brings_a_private_channel_to_open_sockets_and_being_removed_cuts_it() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let secret = ann.private_channel().await;
    let path = format!("/v1/conversations/{secret}");
    let said = ann.say(&secret, "before he came").await;
    bob.get_at(&path, &said["position"]).await.problem(404);
    let mut socket = bob.socket().await;
    let added = ann.add(&secret, &[&bob]).await;
    // Others register meanwhile, and join the general channel.
    let here = |frame: &Value| frame["event"]["conversation"] == json!(secret);
    let told = socket.until("being added", here).await["event"].clone();
    assert_eq!(
        (&told["type"], &told["user"], &told["actor"]),
        (&json!("member_joined"), &json!(bob.id), &json!(ann.id))
    );
    let seen = bob.get_at(&path, &told["position"]).await.expect(200);
    assert_eq!((&seen["visibility"], &seen["is_member"]), (&json!("private"), &json!(true)));
    assert_eq!((&seen["unread_count"], &added["id"]), (&json!(0), &json!(secret)));
    assert_eq!(texts(&bob.messages_at(&secret, "", &told["position"]).await), ["before he came"]);
    ann.say(&secret, "welcome").await;
    socket.message("welcome").await;
    let cursor = socket.cursor;

    let removal = ann.delete(&format!("{path}/members/{}", bob.id)).await.expect(200);
    let cut = socket.event("member_left").await;
    assert_eq!((&cut["position"], &cut["actor"]), (&removal["position"], &json!(ann.id)));
    let after = ann.say(&secret, "among ourselves").await;
    assert!(!format!("{:?}", socket.rest(QUIET).await).contains("among ourselves"));
    let missed = bob.socket_from(cursor).await.rest(QUIET).await;
    assert_eq!(kinds(&missed, &secret), ["member_left"], "resume ends where the membership did");
    bob.get_at(&path, &after["position"]).await.problem(404);
    bob.get_at(&format!("{path}/messages"), &after["position"]).await.problem(404);
    let mine = bob.get_at("/v1/conversations", &after["position"]).await.expect(200).to_string();
    assert!(!mine.contains(&secret));
}

#[tokio::test]
async fn every_change_of_a_channel_reaches_its_members_and_survives_resume() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let (mut socket, mut away) = (bob.socket().await, bob.socket().await);
    // His joining may still be on its way to them.
    ann.say(&channel, "are you here?").await;
    socket.message("are you here?").await;
    away.message("are you here?").await;
    let cursor = away.cursor;
    away.cut();
    let path = format!("/v1/conversations/{channel}");
    let name = format!("n-{}", Uuid::now_v7().simple());
    let changes = json!({ "name": name, "topic": "rye", "description": "bread", "posting": "admins",
        "visibility": "private" });
    ann.patch(&path, changes).await.expect(200);
    ann.post(&format!("{path}/archive"), json!({})).await.expect(200);
    let last = ann.post(&format!("{path}/unarchive"), json!({})).await.expect(200);
    let expected = [
        "channel_renamed",
        "topic_changed",
        "description_changed",
        "posting_policy_set",
        "made_private",
        "channel_archived",
        "channel_unarchived",
    ];
    let live = socket.rest(QUIET).await;
    assert_eq!(kinds(&live, &channel), expected);
    let renamed = live.iter().find(|frame| frame["event"]["type"] == "channel_renamed").unwrap();
    assert_eq!((&renamed["event"]["name"], &renamed["event"]["actor"]), (&json!(name), &json!(ann.id)));
    assert_eq!(kinds(&bob.socket_from(cursor).await.rest(QUIET).await, &channel), expected);
    let seen = bob.get_at(&path, &last["position"]).await.expect(200);
    assert_eq!((&seen["name"], &seen["topic"], &seen["description"]), (&json!(name), &json!("rye"), &json!("bread")));
    let flags = (&seen["posting"], &seen["visibility"], &seen["archived"]);
    assert_eq!(flags, (&json!("admins"), &json!("private"), &json!(false)));
    let refused = bob.send_as(Uuid::now_v7(), &channel, "may I?").await.problem(403);
    assert_eq!(refused, "posting_restricted");
}

#[tokio::test]
async fn d07_archived_channels_are_browsed_apart() {
    let ann = Person::register("Ann").await;
    let channel = ann.channel().await;
    let path = format!("/v1/conversations/{channel}");
    let archived = ann.post(&format!("{path}/archive"), json!({})).await.expect(200)["position"].clone();
    let name = text(&ann.get_at(&path, &archived).await.expect(200)["name"]);
    let browse = |query: &str| format!("/v1/channels?q={name}{query}");
    let usual = ann.get_at(&browse(""), &archived).await.expect(200);
    assert_eq!(usual["items"], json!([]));
    let put_away = ann.get_at(&browse("&archived=true"), &archived).await.expect(200);
    assert_eq!((&put_away["items"][0]["id"], &put_away["items"][0]["archived"]), (&json!(channel), &json!(true)));
    assert_eq!(ann.get(&browse("&archived=maybe")).await.problem(400), "invalid_query");
    let listed = ann.get_at("/v1/conversations", &archived).await.expect(200).to_string();
    assert!(listed.contains(&channel), "it stays in the list of those who are in it");
}

#[tokio::test]
async fn newcomers_are_in_the_default_channels_from_their_first_moment() {
    let server = Box::leak(Box::new(start("newcomers", &[])));
    let owner = Person::register_at(server, "Owner").await;
    let mut socket = owner.socket().await;
    let news = owner.channel().await;
    let route = format!("/v1/workspace/default-channels/{news}");
    let added = owner.put(&route, json!({})).await.expect(200);
    let told = socket.event("default_channel_changed").await;
    assert_eq!(
        (&told["conversation"], &told["default"], &told["position"]),
        (&json!(news), &json!(true), &added["position"])
    );
    let seen = owner.get_at(&format!("/v1/conversations/{news}"), &added["position"]).await.expect(200);
    assert_eq!(seen["default"], true);
    let bob = Person::register_at(server, "Bob").await;
    assert_eq!(bob.put(&route, json!({})).await.problem(403), "admins_only");
    let said = bob.say(&news, "hello").await;
    let mine = bob.get_at("/v1/conversations", &said["position"]).await.expect(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 2, "this one and the general one: {mine}");
    let removed = owner.delete(&route).await.expect(200);
    assert_eq!(socket.event("default_channel_changed").await["default"], false);
    let cid = Person::register_at(server, "Cid").await;
    let mine = cid.get_at("/v1/conversations", &removed["position"]).await.expect(200).to_string();
    assert!(!mine.contains(&news));
}
