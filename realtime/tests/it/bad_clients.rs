//! Clients that do not keep to the protocol. Each gets its refusal, and the node goes on serving.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use events::{SessionEvent, StreamName};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::client::Client;
use crate::world::{ANN, BOB, Node, ROOM, World, session_of};

async fn still_serves(world: &World, node: &Node) {
    let mut bob = world.client(node, BOB).await;
    world.post(ROOM, ANN, "still here").await;
    assert_eq!(bob.texts(1).await, ["still here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_is_refused_before_the_upgrade() {
    let world = World::new().await;
    let node = world.node(&[("CONFAB_ALLOWED_ORIGINS", "https://chat.example")]).await;
    for origin in ["https://evil.example", "null", "https://chat.example.evil.example"] {
        let refused = Client::try_open(node.address, Some(origin)).await;
        let Err(tungstenite::Error::Http(answer)) = refused.map(|_| ()) else { panic!("{origin} was let in") };
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    Client::try_open(node.address, Some("https://chat.example")).await.unwrap();
    still_serves(&world, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_sockets_of_one_address_are_refused() {
    let world = World::new().await;
    let node = world.node(&[("CONFAB_SOCKETS_PER_ADDRESS", "2")]).await;
    let (_first, second) = (Client::open(node.address).await, Client::open(node.address).await);
    let Err(tungstenite::Error::Http(answer)) = Client::try_open(node.address, None).await.map(|_| ()) else {
        panic!("a third socket was let in")
    };
    assert_eq!(answer.status(), 429);
    drop(second);
    tokio::time::sleep(Duration::from_millis(300)).await;
    still_serves(&world, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_counted_by_the_client_behind_a_trusted_proxy_and_by_the_peer_else() {
    let world = World::new().await;
    let trusting = [("CONFAB_SOCKETS_PER_ADDRESS", "1"), ("CONFAB_TRUSTED_PROXIES", "127.0.0.1")];
    for (settings, others_come_in) in [(&trusting[..], true), (&trusting[..1], false)] {
        let node = world.node(settings).await;
        let _first = Client::try_open_for(node.address, "203.0.113.7").await.unwrap();
        assert!(Client::try_open_for(node.address, "203.0.113.7").await.is_err());
        assert_eq!(Client::try_open_for(node.address, "203.0.113.8").await.is_ok(), others_come_in);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_nothing_is_closed_after_five_seconds() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut client, opened) = (Client::open(node.address).await, Instant::now());
    assert_eq!(client.close_code().await, 1008);
    assert!(opened.elapsed() > Duration::from_secs(4) && opened.elapsed() < Duration::from_secs(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_hello_is_closed() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let token = world.token(ANN);
    let forged = format!("{}x", &token[..token.len() - 1]);
    for hello in [
        json!({ "type": "hello", "token": "nonsense" }),
        json!({ "type": "hello", "token": forged }),
        json!({ "type": "hello", "token": token, "extra": 1 }),
        json!({ "type": "hello", "token": token, "cursor": -1 }),
        json!({ "type": "ping" }),
    ] {
        let mut client = Client::open(node.address).await;
        client.say(hello.clone()).await;
        assert_eq!(client.close_code().await, 1008, "{hello}");
    }
    let (mut client, _) = Client::ready(node.address, &token, None).await;
    client.hello(&token, None).await;
    assert_eq!(client.close_code().await, 1008);
    still_serves(&world, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_frames_are_answered_and_broken_ones_close() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut ann = world.client(&node, ANN).await;
    for (frame, status) in [("{", 400), ("[]", 422), (r#"{"type":"dance"}"#, 422), ("\"\"", 422)] {
        ann.send(Message::text(frame)).await;
        let error = ann.frame_of("error").await;
        assert_eq!(error["problem"]["status"], status, "{frame}");
    }
    ann.send(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(ann.frame_of("error").await["problem"]["status"], 415);
    ann.send(Message::text("x".repeat(70_000))).await;
    assert_eq!(ann.close_code().await, 1009);

    let mut ann = world.client(&node, ANN).await;
    // A masked text frame of two bytes that are no UTF-8.
    ann.send_raw(&[0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]).await;
    assert_eq!(ann.close_code().await, 1007);

    let mut ann = world.client(&node, ANN).await;
    // A reserved bit.
    ann.send_raw(&[0xf1, 0x80, 0, 0, 0, 0]).await;
    assert_eq!(ann.close_code().await, 1002);
    still_serves(&world, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_break_the_protocol_close_the_socket() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let long_ping = [&[0x89, 0xfe, 0, 126, 0, 0, 0, 0], [b'x'; 126].as_slice()].concat();
    let table: [(&str, &[u8], u16); 5] = [
        ("not masked", &[0x81, 0x02, b'{', b'}'], 1002),
        ("2^63 bytes long", &[0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
        ("an unknown kind", &[0x83, 0x80, 0, 0, 0, 0], 1002),
        ("a ping of 126 bytes", &long_ping, 1002),
        ("a continuation of nothing", &[0x80, 0x81, 0, 0, 0, 0, b'x'], 1002),
    ];
    for (what, bytes, code) in table {
        let mut ann = world.client(&node, ANN).await;
        ann.send_raw(bytes).await;
        assert_eq!(ann.close_code().await, code, "{what}");
    }
    still_serves(&world, &node).await;
}

/// Nothing is kept of a message beyond the largest frame, in however many pieces it comes.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_a_hundred_thousand_pieces_is_too_big() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut ann = world.client(&node, ANN).await;
    let first = [0x01, 0x81, 0, 0, 0, 0, b'x'];
    let next = [0x00, 0x81, 0, 0, 0, 0, b'x'].repeat(100_000);
    ann.send_raw(&first).await;
    ann.send_raw(&next).await;
    assert_eq!(ann.close_code().await, 1009);
    still_serves(&world, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_with_nothing_in_them_hold_nobody_up_and_count_for_nothing() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut ann = world.client(&node, ANN).await;
    ann.send_raw(&[0x01, 0x80, 0, 0, 0, 0]).await;
    ann.send_raw(&[0x00, 0x80, 0, 0, 0, 0].repeat(300_000)).await;
    still_serves(&world, &node).await;
    let ping = br#"{"type":"ping"}"#;
    ann.send_raw(&[[0x80, 0x8f, 0, 0, 0, 0].as_slice(), ping].concat()).await;
    ann.frame_of("pong").await;
}

/// Asks for a socket again and again. Of three, one is gone before the answer, one at it, one after a first frame.
async fn knock(address: SocketAddr, times: usize) {
    let upgrade = format!(
        "GET /v1/realtime HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    for time in 0..times {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(upgrade.as_bytes()).await.unwrap();
        if time % 3 > 0 {
            let answered = stream.read(&mut [0; 1_024]).await.unwrap();
            assert!(answered > 0, "neither let in nor refused");
        }
        if time % 3 > 1 {
            // Whoever was refused finds the connection closed here.
            drop(stream.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'{', b'}']).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_by_the_thousand_keep_nobody_from_talking_and_leave_nothing_behind() {
    let world = World::new().await;
    let node = world.node(&[("CONFAB_SOCKETS_PER_ADDRESS", "40")]).await;
    let mut bob = world.client(&node, BOB).await;
    let knocking: Vec<_> = (0..32).map(|_| tokio::spawn(knock(node.address, 200))).collect();
    for text in (0..20).map(|number| number.to_string()) {
        world.post(ROOM, ANN, &text).await;
        assert_eq!(bob.texts(1).await, [text]);
    }
    for knocking in knocking {
        knocking.await.unwrap();
    }
    let opened = async {
        let mut all = Vec::new();
        while all.len() < 39 {
            match Client::try_open(node.address, None).await {
                Ok(client) => all.push(client),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), opened).await.expect("every place was given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_closed() {
    let world = World::new().await;
    let node = world.node(&[("CONFAB_FRAMES_PER_SECOND", "10")]).await;
    let mut ann = world.client(&node, ANN).await;
    for _ in 0..100 {
        ann.say(json!({ "type": "ping" })).await;
    }
    assert_eq!(ann.close_code().await, 4029);
    still_serves(&world, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_is_closed_within_a_second_and_stays_out() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut ann, mut bob) = (world.client(&node, ANN).await, world.client(&node, BOB).await);
    let nats = async_nats::connect(world.nats.url()).await.unwrap();
    let revoked = json!({ "session": session_of(ANN) }).to_string();
    nats.publish("confab.session.revoked", revoked.into()).await.unwrap();
    nats.flush().await.unwrap();
    let at = Instant::now();
    assert_eq!(ann.close_code().await, 4001);
    assert!(at.elapsed() < Duration::from_secs(1));
    let mut again = Client::open(node.address).await;
    again.hello(&world.token(ANN), None).await;
    assert_eq!(again.close_code().await, 4001);
    bob.silent_for(Duration::from_millis(200)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_nats_never_carried_closes_too() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut ann = world.client(&node, ANN).await;
    let revoked = SessionEvent::SessionRevoked { reason: "signed out".into() };
    world.append(&StreamName::session(session_of(ANN)), vec![revoked]).await;
    assert_eq!(ann.close_code().await, 4001);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expiring_token_must_be_renewed() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut lazy, _) = Client::ready(node.address, &world.short_token(ANN, 2), None).await;
    let (mut diligent, _) = Client::ready(node.address, &world.short_token(BOB, 2), None).await;
    diligent.say(json!({ "type": "token", "token": world.token(BOB) })).await;
    diligent.say(json!({ "type": "token", "token": world.token(ANN), "id": "swapped" })).await;
    let refused = diligent.frame_of("error").await;
    assert_eq!((&refused["id"], &refused["problem"]["status"]), (&json!("swapped"), &json!(401)));
    assert_eq!(lazy.close_code().await, 4001);
    world.post(ROOM, ANN, "for Bob").await;
    assert_eq!(diligent.texts(1).await, ["for Bob"]);
}
