//! Coming back with a cursor: everything missed, each once, in order.

use futures::future::join_all;
use serde_json::json;

use crate::rig::{Person, text};
use crate::socket::Socket;

async fn heard(socket: &mut Socket, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.len() < count {
        texts.push(text(&socket.event("message_posted").await["message"]["text"]));
    }
    texts
}

#[tokio::test]
async fn what_was_missed_comes_in_order_and_once() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut socket = bob.socket().await;
    ann.say(&direct, "before").await;
    socket.message("before").await;
    let cursor = socket.cursor;
    socket.cut();
    for n in 0..30 {
        ann.say(&direct, &format!("missed {n}")).await;
    }
    let mut socket = bob.socket_from(cursor).await;
    assert_eq!(heard(&mut socket, 30).await, (0..30).map(|n| format!("missed {n}")).collect::<Vec<_>>());
    ann.say(&direct, "live again").await;
    assert_eq!(heard(&mut socket, 1).await, ["live again"]);
}

#[tokio::test]
async fn coming_back_while_others_talk_leaves_no_hole_and_no_double() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut socket = bob.socket().await;
    let talk = async {
        for n in 0..150 {
            ann.say(&direct, &format!("t{n}")).await;
        }
    };
    let listen = async {
        let mut seen = Vec::new();
        for chunk in [7, 20, 1, 40, 13, 30, 39] {
            seen.extend(heard(&mut socket, chunk).await);
            let cursor = socket.cursor;
            let next = bob.socket_from(cursor).await;
            std::mem::replace(&mut socket, next).cut();
        }
        seen
    };
    let ((), seen) = futures::join!(talk, listen);
    assert_eq!(seen, (0..150).map(|n| format!("t{n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_shows_only_what_its_owner_may_see() {
    let (ann, bob, eve) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Eve").await);
    let cursor = eve.socket().await.cursor;
    let direct = ann.direct(&bob).await;
    let channel = ann.channel().await;
    ann.say(&direct, "secret").await;
    ann.say(&channel, "before she joined").await;
    eve.join(&channel).await;
    ann.say(&channel, "while she was in").await;
    eve.leave(&channel).await;
    ann.say(&channel, "after she left").await;
    let mut socket = eve.socket_from(cursor).await;
    let frames = socket.rest(std::time::Duration::from_millis(500)).await;
    let texts: Vec<_> = frames.iter().filter_map(|frame| frame["event"]["message"]["text"].as_str()).collect();
    assert_eq!(texts, ["while she was in"]);
}

#[tokio::test]
async fn a_cursor_from_another_world_is_reset() {
    let ann = Person::register("Ann").await;
    let mut socket = Socket::open(ann.server).await;
    socket.send(json!({ "type": "hello", "token": ann.token, "cursor": 9_000_000_000_000_000_u64 })).await;
    let reset = socket.until("reset", |frame| frame["type"] == "reset").await;
    assert_eq!(reset["reason"], "unknown_cursor");
}

#[tokio::test]
async fn many_windows_come_back_at_once() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let cursor = bob.socket().await.cursor;
    for n in 0..10 {
        ann.say(&direct, &format!("m{n}")).await;
    }
    let mut sockets = join_all((0..20).map(|_| bob.socket_from(cursor))).await;
    for socket in &mut sockets {
        assert_eq!(heard(socket, 10).await, (0..10).map(|n| format!("m{n}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn who_comes_back_hears_that_a_message_is_gone_and_not_what_it_said() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let mut socket = bob.socket().await;
    ann.say(&direct, "before").await;
    socket.message("before").await;
    let cursor = socket.cursor;
    socket.cut();
    let message = text(&ann.say(&direct, "a slip of the tongue").await["id"]);
    ann.patch(&format!("/v1/messages/{message}"), json!({ "text": "another slip of the tongue" })).await.expect(200);
    ann.delete(&format!("/v1/messages/{message}")).await.expect(200);
    ann.say(&direct, "after").await;
    let mut socket = bob.socket_from(cursor).await;
    let frames = socket.rest(std::time::Duration::from_millis(500)).await;
    // Others come meanwhile, and she is notified too.
    let is_about_a_message = |kind: &str| kind.starts_with("message_");
    let frames: Vec<_> =
        frames.iter().filter(|frame| frame["event"]["type"].as_str().is_some_and(is_about_a_message)).collect();
    let kinds: Vec<_> = frames.iter().filter_map(|frame| frame["event"]["type"].as_str()).collect();
    assert_eq!(kinds, ["message_posted", "message_edited", "message_deleted", "message_posted"]);
    assert!(!format!("{frames:?}").contains("slip"), "{frames:?}");
    assert_eq!(frames[0]["event"]["message"]["deleted"], true);
}
