//! Who is here.

use serde_json::json;

use crate::rig::{Person, text};
use crate::socket::Socket;

async fn watch(socket: &mut Socket, who: &Person) -> String {
    socket.send(json!({ "type": "watch", "id": "w", "users": [who.id] })).await;
    state(socket, who).await
}

async fn state(socket: &mut Socket, who: &Person) -> String {
    let frame = socket.until("presence", |frame| frame["type"] == "presence" && frame["user"] == who.id.as_str()).await;
    text(&frame["state"])
}

#[tokio::test]
async fn a13_b03_b14_c12_coming_and_going_is_seen_live() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut socket = ann.socket().await;
    assert_eq!(watch(&mut socket, &bob).await, "offline");
    let his = bob.socket().await;
    assert_eq!(state(&mut socket, &bob).await, "active");
    his.cut();
    assert_eq!(state(&mut socket, &bob).await, "offline");
}

#[tokio::test]
async fn one_window_of_two_closing_is_not_going_away() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut socket = ann.socket().await;
    let (first, mut second) = (bob.socket().await, bob.again().await.socket().await);
    // His coming may still be on its way.
    if watch(&mut socket, &bob).await != "active" {
        assert_eq!(state(&mut socket, &bob).await, "active");
    }
    first.cut();
    second.send(json!({ "type": "presence", "id": "a", "state": "away" })).await;
    assert_eq!(state(&mut socket, &bob).await, "away");
    second.send(json!({ "type": "presence", "id": "b", "state": "active" })).await;
    assert_eq!(state(&mut socket, &bob).await, "active");
}

#[tokio::test]
async fn b20_presence_reaches_only_those_who_watch() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut socket = ann.socket().await;
    let his = bob.socket().await;
    let frames = socket.rest(std::time::Duration::from_millis(500)).await;
    assert!(frames.iter().all(|frame| frame["type"] != "presence"), "{frames:?}");
    drop(his);
}

#[tokio::test]
async fn b03_the_people_list_shows_who_is_here() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let his = bob.socket().await;
    let here = || async {
        let shown = ann.get(&format!("/v1/users/{}", bob.id)).await;
        shown.status == 200 && shown.body["presence"] == "active"
    };
    crate::rig::eventually(std::time::Duration::from_secs(5), "Bob is shown as active", here).await;
    drop(his);
}
