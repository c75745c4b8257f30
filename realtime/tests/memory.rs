//! What an idle socket costs. A process of its own, because memory is the whole process's.
#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]
#![expect(dead_code, reason = "the stage is shared with other tests, which use more of it")]

#[path = "it/backstage.rs"]
mod backstage;
#[path = "it/client.rs"]
mod client;
#[path = "it/nats.rs"]
mod nats;
#[path = "it/world.rs"]
mod world;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use events::{ConversationEvent, ConversationId, StreamName, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::world::World;

const SOCKETS: u128 = 2_000;
const CHANNELS: u128 = 10;
/// Of this whole process, in which the other ends of the sockets live as well.
const MOST_EACH: u64 = 20 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_socket_of_somebody_in_ten_channels_costs_at_most_twenty_kibibytes() {
    let world = World::new().await;
    let people: Vec<UserId> = (1_000..1_000 + SOCKETS).map(|n| UserId::new(Uuid::from_u128(n))).collect();
    for channel in 0..CHANNELS {
        let stream = StreamName::conversation(ConversationId::new(Uuid::from_u128(5_000 + channel)));
        for some in people.chunks(500) {
            let joined = some.iter().map(|user| ConversationEvent::MemberJoined { user: *user });
            world.append(&stream, joined.collect()).await;
        }
    }
    let node = world.node(&[]).await;
    let hellos: Vec<Vec<u8>> = people.iter().map(|user| hello(&world.token(*user))).collect();
    let address = node.address;
    let (before, _warm) = tokio::task::spawn_blocking(move || {
        // The first ones pay for what is shared.
        let warm: Vec<TcpStream> = hellos[..200].iter().map(|hello| open(address, hello)).collect();
        let before = resident_bytes();
        let idle: Vec<TcpStream> = hellos[200..].iter().map(|hello| open(address, hello)).collect();
        let each = (resident_bytes() - before) / idle.len() as u64;
        println!("{each} bytes of memory per idle socket");
        assert!(each <= MOST_EACH, "{each} bytes per idle socket");
        (before, (warm, idle))
    })
    .await
    .unwrap();
    assert!(before > 0);
}

/// Opens a socket and waits until it is live.
fn open(address: SocketAddr, hello: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(address).unwrap();
    let upgrade = format!(
        "GET /v1/realtime HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(upgrade.as_bytes()).unwrap();
    socket.write_all(hello).unwrap();
    let mut heard = Vec::new();
    let mut some = [0; 1024];
    while !String::from_utf8_lossy(&heard).contains("\"type\":\"ready\"") {
        let count = socket.read(&mut some).unwrap();
        assert!(count > 0, "closed: {}", String::from_utf8_lossy(&heard));
        heard.extend_from_slice(&some[..count]);
    }
    socket
}

/// A masked text frame, as it stands on the wire.
fn hello(token: &str) -> Vec<u8> {
    let text = json!({ "type": "hello", "token": token }).to_string();
    let length = u16::try_from(text.len()).unwrap();
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend(length.to_be_bytes());
    // A mask of zeros changes nothing.
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}
