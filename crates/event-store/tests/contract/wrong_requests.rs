//! SPEC.md §8: what is not offered, malformed or too large is refused, and the server lives on.

use std::time::Duration;

use eventstore::{EventData, ExpectedRevision, ReadStreamOptions};
use futures::stream;
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;

use crate::harness::{Server, soon};
use crate::raw::protocol::event_store::client::streams as wire;
use crate::raw::{self, batch_event, batch_options};

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_4_malformed_messages_are_refused() {
    let server = Server::start().await;
    for method in ["Read", "Append", "BatchAppend", "Delete"] {
        let path = format!("/event_store.client.streams.Streams/{method}");
        for body in [&b"\xff\xff\xff\xff\xff"[..], b"\x0a\xff\xff\xff\xff\x7f", b"\x00"] {
            let status = raw::call(server.port, &path, body).await;
            assert_ne!(status.code(), Code::Ok, "{method} took {body:?}");
        }
    }
    server.fill("a", 1).await;
}

/// Right requests with a few bytes changed, in many ways but the same ones in every run.
#[tokio::test(flavor = "multi_thread")]
async fn rule_8_4_damaged_messages_are_answered_and_harm_nobody() {
    let server = Server::start().await;
    let read = wire::ReadReq { options: Some(raw::read_stream("a")) }.encode_to_vec();
    let batch = wire::BatchAppendReq {
        correlation_id: Some(raw::uuid(uuid::Uuid::nil())),
        options: Some(batch_options("a")),
        proposed_messages: vec![batch_event(b"{}")],
        is_final: true,
    };
    let batch = batch.encode_to_vec();
    let mut random = 7_u64;
    for round in 0..300 {
        let (method, right) = if round % 2 == 0 { ("Read", &read) } else { ("BatchAppend", &batch) };
        let mut damaged = right.clone();
        for _ in 0..=round % 3 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(random >> 33).unwrap() % damaged.len();
            damaged[at] ^= u8::try_from((random >> 25) & 0xff).unwrap();
        }
        // Whatever the answer is, it comes.
        raw::call(server.port, &format!("/event_store.client.streams.Streams/{method}"), &damaged).await;
    }
    server.fill("b", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_4_incomplete_requests_are_refused() {
    let server = Server::start().await;
    let mut client = raw::streams(server.port).await;
    let read = client.read(wire::ReadReq::default()).await;
    assert_eq!(read.unwrap_err().code(), Code::InvalidArgument);
    let append = client.append(stream::iter([wire::AppendReq::default()])).await;
    assert_eq!(append.unwrap_err().code(), Code::InvalidArgument);
    let batch = client.batch_append(stream::iter([wire::BatchAppendReq::default()])).await;
    let ended = soon(batch.unwrap().into_inner().message()).await;
    assert_eq!(ended.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_5_huge_messages_are_refused() {
    let server = Server::start().await;
    let mut client = raw::streams(server.port).await;
    let huge = wire::BatchAppendReq {
        correlation_id: Some(raw::uuid(uuid::Uuid::new_v4())),
        options: Some(batch_options("a")),
        proposed_messages: vec![batch_event(&vec![0; 6 << 20])],
        is_final: true,
    };
    let call = client.batch_append(stream::iter([huge])).await;
    let ended = match call {
        Ok(answers) => soon(answers.into_inner().message()).await.map(drop),
        Err(status) => Err(status),
    };
    assert!(ended.is_err());
    server.fill("a", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_6_what_is_not_grpc_harms_nobody() {
    let server = Server::start().await;
    let mut half_open = Vec::new();
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 4_096], b"PRI * HTTP/2.0\r\n", b""] {
        let mut socket = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        socket.write_all(bytes).await.unwrap();
        let mut answer = [0; 64];
        let _ = tokio::time::timeout(Duration::from_millis(50), socket.read(&mut answer)).await;
        half_open.push(socket);
    }
    server.fill("a", 1).await;
    soon(server.stop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_6_a_client_that_does_not_let_go_is_cut_off() {
    let server = Server::start().await;
    for _ in 0..16 {
        let big = EventData::binary("Big.v1", vec![1; 1_000_000].into()).id(uuid::Uuid::new_v4());
        server.append("a", ExpectedRevision::Any, vec![big]).await.unwrap();
    }
    // Answers to fill every window, none of which is read.
    let read = server.client.read_stream("a", &ReadStreamOptions::default()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = std::time::Instant::now();
    soon(server.stop()).await;
    assert!(begun.elapsed() > Duration::from_secs(2), "the client did let go: {:?}", begun.elapsed());
    drop(read);
}
