//! Sockets that do not keep to the protocol.

use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::rig::{Person, server};
use crate::socket::Socket;

async fn upgrade_from(origin: &str) -> Result<(), u16> {
    let mut request = format!("ws://{}/v1/realtime", server().address).into_client_request().unwrap();
    request.headers_mut().insert("Origin", origin.parse().unwrap());
    match connect_async(request).await {
        Ok(_) => Ok(()),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_foreign_page_gets_no_socket() {
    assert_eq!(upgrade_from("https://evil.example").await, Err(403));
    assert_eq!(upgrade_from("null").await, Err(403));
    assert_eq!(upgrade_from(&format!("http://{}.evil.example", server().address)).await, Err(403));
    assert_eq!(upgrade_from(&format!("http://{}", server().address)).await, Ok(()));
}

#[tokio::test]
async fn a_socket_without_hello_is_closed() {
    let mut socket = Socket::open(server()).await;
    assert_eq!(socket.closed().await, 1008);
}

#[tokio::test]
async fn whatever_comes_before_a_good_hello_closes_the_socket() {
    let ann = Person::register("Ann").await;
    let frames: [Value; 5] = [
        json!({ "type": "ping", "id": "1" }),
        json!({ "type": "hello" }),
        json!({ "type": "hello", "token": "rubbish" }),
        json!({ "type": "hello", "token": ann.refresh }),
        json!({ "type": "hello", "token": ann.token, "cursor": "x" }),
    ];
    for frame in frames {
        let mut socket = Socket::open(server()).await;
        socket.send(frame.clone()).await;
        let code = socket.closed().await;
        assert!(code == 1008 || code == 4001, "{frame}: {code}");
    }
}

#[tokio::test]
async fn rubbish_after_hello_is_answered_and_survived() {
    let ann = Person::register("Ann").await;
    let mut socket = ann.socket().await;
    for rubbish in [
        "{",
        "[]",
        "7",
        r#"{"type":"fly","id":"x"}"#,
        r#"{"type":"send","id":"not-a-uuid","conversation":"x","text":"y"}"#,
    ] {
        socket.send_raw(Message::text(rubbish)).await;
        let error = socket.until("error", |frame| frame["type"] == "error").await;
        let status = error["problem"]["status"].as_u64().unwrap();
        assert!((400..500).contains(&status), "{rubbish}: {error}");
    }
    socket.send(json!({ "type": "ping", "id": "p" })).await;
    socket.until("pong", |frame| frame["type"] == "pong").await;
}

#[tokio::test]
async fn an_oversized_frame_closes_the_socket() {
    let ann = Person::register("Ann").await;
    let mut socket = ann.socket().await;
    socket.send_raw(Message::text("x".repeat(70_000))).await;
    assert_eq!(socket.closed().await, 1009);
}

#[tokio::test]
async fn invalid_utf8_closes_the_socket() {
    let ann = Person::register("Ann").await;
    let mut socket = ann.socket().await;
    let frame = Frame::message(vec![0xff, 0xfe, 0x80], OpCode::Data(Data::Text), true);
    socket.send_raw(Message::Frame(frame)).await;
    assert_eq!(socket.closed().await, 1007);
}

#[tokio::test]
async fn flooding_closes_the_socket_and_nobody_elses() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (mut flood, mut calm) = (ann.socket().await, bob.socket().await);
    for n in 0..5_000 {
        flood.send(json!({ "type": "ping", "id": n.to_string() })).await;
    }
    assert_eq!(flood.closed().await, 4029);
    calm.send(json!({ "type": "ping", "id": "p" })).await;
    calm.until("pong", |frame| frame["type"] == "pong").await;
}

#[tokio::test]
async fn a_token_of_somebody_else_does_not_renew_a_socket() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut socket = ann.socket().await;
    socket.send(json!({ "type": "token", "id": "t", "token": ann.token })).await;
    assert_ne!(socket.next().await["type"], "error");
    socket.send(json!({ "type": "token", "id": "t2", "token": bob.token })).await;
    let refused = socket.until("an error", |frame| frame["type"] == "error").await;
    assert!([401, 403].contains(&refused["problem"]["status"].as_u64().unwrap()), "{refused}");
    let notes = ann.direct(&ann).await;
    let id = uuid::Uuid::now_v7().to_string();
    socket.send(json!({ "type": "send", "id": id, "conversation": notes, "text": "still Ann" })).await;
    assert_eq!(socket.message("still Ann").await["author"], ann.id, "the socket is still hers");
}
