//! What arrives on the wire before any handler sees it: malformed, oversized, slow and smuggled requests.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use garde::Validate;
use serde::Deserialize;
use service_kit::{Valid, public, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Said {
    #[garde(length(max = 10))]
    text: String,
}

async fn echo(Valid(Said { text }): Valid<Said>) -> Json<String> {
    Json(text)
}

async fn start() -> (SocketAddr, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    tokio::spawn(serve(listener, public(Router::new().route("/echo", post(echo))), shutdown.clone()));
    (address, shutdown)
}

/// Everything that the server says to these bytes, until it closes or has been silent for a moment.
async fn answer(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may have refused and closed before all of it is written.
    drop(stream.write_all(bytes).await);
    let mut heard = Vec::new();
    let mut buffer = [0; 4_096];
    while let Ok(Ok(read)) = timeout(Duration::from_millis(300), stream.read(&mut buffer)).await {
        if read == 0 {
            break;
        }
        heard.extend_from_slice(&buffer[..read]);
    }
    String::from_utf8_lossy(&heard).into_owned()
}

fn statuses(heard: &str) -> Vec<u16> {
    heard.split("HTTP/1.1 ").skip(1).map(|answer| answer[..3].parse().unwrap()).collect()
}

fn request(head: &str, body: &str) -> Vec<u8> {
    format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{head}\r\n{body}").into_bytes()
}

const BODY: &str = r#"{"text":"hi"}"#;

#[tokio::test]
async fn a_good_request_is_answered_however_its_body_comes() {
    let (address, _stop) = start().await;
    let whole = request("Content-Length: 13\r\n", BODY);
    assert_eq!(statuses(&answer(address, &whole).await), [200]);
    let chunks: String = BODY.chars().map(|c| format!("1\r\n{c}\r\n")).collect();
    let chunked = request("Transfer-Encoding: chunked\r\n", &format!("{chunks}0\r\n\r\n"));
    assert_eq!(statuses(&answer(address, &chunked).await), [200]);
    let expecting = request("Content-Length: 13\r\nExpect: 100-continue\r\n", BODY);
    let heard = answer(address, &expecting).await;
    assert_eq!(statuses(&heard).last(), Some(&200), "{heard}");
    let absolute = String::from_utf8(whole).unwrap().replace("/echo", "http://other.example/echo");
    assert_eq!(statuses(&answer(address, absolute.as_bytes()).await), [200]);
}

#[tokio::test]
async fn what_is_malformed_or_too_big_is_refused_and_the_server_goes_on() {
    let (address, _stop) = start().await;
    let get = |path: &str, head: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n").into_bytes();
    let table: [(&str, Vec<u8>, &[u16]); 9] = [
        ("no HTTP", b"\x16\x03\x01\x02\x00\r\n\r\n".to_vec(), &[400]),
        ("NUL in a header", get("/echo", "X: a\0b\r\n"), &[400]),
        ("a space in a name", get("/echo", "X y: 1\r\n"), &[400]),
        ("100 KB of header", get("/echo", &format!("X: {}\r\n", "x".repeat(100_000))), &[431]),
        ("1,000 headers", get("/echo", &"X: 1\r\n".repeat(1_000)), &[431]),
        ("10 MB of path", get(&format!("/{}", "x".repeat(10_000_000)), ""), &[414, 431]),
        ("a body beyond the limit", request("Content-Length: 10000000\r\n", &"x".repeat(100_000)), &[413]),
        ("a length that is none", request("Content-Length: -1\r\n", BODY), &[400]),
        ("a chunk of 2^63", request("Transfer-Encoding: chunked\r\n", "8000000000000000\r\nx"), &[400, 413]),
    ];
    for (what, bytes, expected) in table {
        let heard = answer(address, &bytes).await;
        let refused = statuses(&heard);
        // A peer that was refused while it still wrote may lose the answer to the reset, but is never served.
        assert!(refused.len() <= 1 && refused.iter().all(|status| expected.contains(status)), "{what}: {heard}");
        assert_eq!(statuses(&answer(address, &request("Content-Length: 13\r\n", BODY)).await), [200], "after {what}");
    }
}

/// Two lengths, or a length and chunks: whoever reads it otherwise than we do would see a second request in it.
#[tokio::test]
async fn no_request_is_smuggled_in_another() {
    let (address, _stop) = start().await;
    let hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    for head in [
        "Content-Length: 13\r\nContent-Length: 60\r\n",
        "Content-Length: 13, 60\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Content-Length: +13\r\n",
    ] {
        let body = if head.contains("chunked") { format!("0\r\n\r\n{hidden}") } else { format!("{BODY}{hidden}") };
        let heard = answer(address, &request(head, &body)).await;
        assert!(!statuses(&heard).contains(&404), "{head:?} was followed by the hidden request: {heard}");
        assert!(!statuses(&heard).contains(&200), "{head:?}: {heard}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_sends_a_byte_a_second_is_not_waited_for() {
    let (address, _stop) = start().await;
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(&request("Content-Length: 60000\r\n", "{")).await.unwrap();
    let trickle = async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if slow.write_all(b" ").await.is_err() {
                break;
            }
            let mut heard = vec![0; 4_096];
            if let Ok(Ok(read)) = timeout(Duration::from_millis(1), slow.read(&mut heard)).await {
                return String::from_utf8_lossy(&heard[..read]).into_owned();
            }
        }
        String::new()
    };
    let heard = timeout(Duration::from_secs(60), trickle).await.unwrap();
    assert!(heard.starts_with("HTTP/1.1 408") && heard.contains("body_too_slow"), "{heard}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_never_asks_is_closed() {
    let (address, _stop) = start().await;
    for begun in ["", "POST /echo HTTP/1.1\r\nHost: x\r\nX-Slow"] {
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(begun.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        let closed = timeout(Duration::from_secs(60), idle.read_to_end(&mut heard)).await;
        assert!(closed.is_ok(), "{begun:?} is still open after a minute");
    }
}

#[tokio::test]
async fn who_asks_and_never_reads_is_cut_off() {
    let (address, _stop) = start().await;
    let mut deaf = TcpStream::connect(address).await.unwrap();
    let many = request("Content-Length: 13\r\n", BODY).repeat(1_000);
    let start = Instant::now();
    // Written for as long as anything is taken, until the connection turns out to be gone.
    let cut = async { while deaf.write_all(&many).await.is_ok() {} };
    timeout(Duration::from_secs(90), cut).await.expect("it is still open");
    assert!(start.elapsed() > Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(statuses(&answer(address, &request("Content-Length: 13\r\n", BODY)).await), [200]);
}

#[tokio::test]
async fn the_request_under_way_is_answered_before_the_end_and_no_other() {
    let (address, stop) = start().await;
    let mut asking = TcpStream::connect(address).await.unwrap();
    asking.write_all(&request("Content-Length: 13\r\n", &BODY[..6])).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody else comes in");
    asking.write_all(&BODY.as_bytes()[6..]).await.unwrap();
    let mut heard = String::new();
    asking.read_to_string(&mut heard).await.unwrap();
    assert_eq!(statuses(&heard), [200], "{heard}");
}
