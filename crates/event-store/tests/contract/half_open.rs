//! SPEC.md §8: HTTP/2 by hand, for clients that stop in the middle of it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Server, soon};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// POST to a method of `Streams`, every header written out.
fn request(method: &str) -> Vec<u8> {
    request_with(method, &[])
}

fn request_with(method: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    // From the static table: `:method POST` and `:scheme http`.
    let mut block = vec![0x83, 0x86];
    let path = format!("/event_store.client.streams.Streams/{method}");
    let always =
        [(":path", path.as_str()), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers")];
    for (name, value) in always.iter().chain(headers) {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).unwrap());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// The header of a gRPC message: not compressed, and this long.
fn announced(length: u32) -> Vec<u8> {
    [&[0][..], &length.to_be_bytes()].concat()
}

async fn connect(port: u16, frames: &[Vec<u8>]) -> TcpStream {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let greeting = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    socket.write_all(&greeting).await.unwrap();
    socket.write_all(&frames.concat()).await.unwrap();
    socket
}

/// The kind of the first frame of this stream.
async fn answered(socket: &mut TcpStream, stream: u32) -> u8 {
    loop {
        let mut header = [0; 9];
        socket.read_exact(&mut header).await.unwrap();
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
        socket.read_exact(&mut vec![0; length as usize]).await.unwrap();
        if header[5..] == stream.to_be_bytes() {
            return header[3];
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_5_a_message_that_is_announced_too_large_is_refused_before_it_comes() {
    let server = Server::start().await;
    for method in ["Read", "Append", "BatchAppend"] {
        for length in [u32::MAX, 5 << 20] {
            let frames = [frame(HEADERS, END_HEADERS, 1, &request(method)), frame(DATA, 0, 1, &announced(length))];
            let mut socket = connect(server.port, &frames).await;
            let answer = soon(answered(&mut socket, 1)).await;
            assert!([HEADERS, RESET].contains(&answer), "{method} waits for {length} bytes");
        }
    }
    server.fill("a", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_6_clients_that_stop_anywhere_harm_nobody() {
    let server = Server::start().await;
    let mut half_open = vec![connect(server.port, &[]).await];
    for method in ["Read", "Append", "BatchAppend", "Delete"] {
        let headers = request(method);
        for frames in [
            // Half a block of headers, a call without a message, and half a message.
            vec![frame(HEADERS, 0, 1, &headers[..headers.len() / 2])],
            vec![frame(HEADERS, END_HEADERS, 1, &headers)],
            vec![frame(HEADERS, END_HEADERS, 1, &headers), frame(DATA, 0, 1, &announced(100)[..3])],
            vec![frame(HEADERS, END_HEADERS, 1, &headers), frame(DATA, 0, 1, &[announced(100), vec![10]].concat())],
        ] {
            half_open.push(connect(server.port, &frames).await);
        }
    }
    server.fill("a", 1).await;
    // Half of them go without a word.
    half_open.truncate(half_open.len() / 2);
    server.fill("a", 1).await;
    soon(server.stop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_6_a_client_that_falls_silent_is_asked_whether_it_lives() {
    let server = Server::start().await;
    let mut socket = connect(server.port, &[]).await;
    let pinged = async { while answered(&mut socket, 0).await != PING {} };
    tokio::time::timeout(std::time::Duration::from_secs(15), pinged).await.expect("a ping");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_8_a_call_ends_at_its_deadline() {
    let server = Server::start().await;
    let headers = request_with("Append", &[("grpc-timeout", "300m")]);
    let mut socket = connect(server.port, &[frame(HEADERS, END_HEADERS, 1, &headers)]).await;
    let begun = std::time::Instant::now();
    assert_eq!(soon(answered(&mut socket, 1)).await, HEADERS);
    let waited = begun.elapsed().as_millis();
    assert!((250..2_000).contains(&waited), "{waited} ms");
}
