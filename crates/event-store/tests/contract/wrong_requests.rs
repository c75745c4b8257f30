//! SPEC.md §8: what is not offered, malformed or too large is refused, and the server lives on.

use std::time::Duration;

use bytes::Bytes;
use eventstore::{
    DeleteStreamOptions, Error, EventData, ExpectedRevision, PersistentSubscriptionOptions, ReadStreamOptions,
};
use futures::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;
use tonic::codegen::http::uri::PathAndQuery;

use crate::harness::{Server, soon};
use crate::raw::protocol::event_store::client::streams as wire;
use crate::raw::{self, batch_event, batch_options};

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_3_what_is_not_offered_is_unimplemented_in_plain_words() {
    let server = Server::start().await;
    let options = PersistentSubscriptionOptions::default();
    let refused = server.client.create_persistent_subscription("a", "group", &options).await;
    assert!(matches!(refused, Err(Error::UnsupportedFeature)), "{refused:?}");
    let refused = server.client.delete_stream("a", &DeleteStreamOptions::default()).await;
    assert!(matches!(refused, Err(Error::UnsupportedFeature)), "{refused:?}");
    let links = ReadStreamOptions::default().resolve_link_tos();
    let refused = server.client.read_stream("a", &links).await;
    assert!(matches!(refused, Err(Error::UnsupportedFeature)));

    let status = call(server.port, "/event_store.client.users.Users/Create", &[]).await;
    assert_eq!(status.code(), Code::Unimplemented);
    assert!(status.message().contains("streams only"), "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_4_malformed_messages_are_refused() {
    let server = Server::start().await;
    for method in ["Read", "Append", "BatchAppend", "Delete"] {
        let path = format!("/event_store.client.streams.Streams/{method}");
        for body in [&b"\xff\xff\xff\xff\xff"[..], b"\x0a\xff\xff\xff\xff\x7f", b"\x00"] {
            let status = call(server.port, &path, body).await;
            assert_ne!(status.code(), Code::Ok, "{method} took {body:?}");
        }
    }
    server.fill("a", 1).await;
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

/// Sends one message of raw bytes and returns the status.
async fn call(port: u16, path: &str, body: &[u8]) -> tonic::Status {
    let channel =
        tonic::transport::Channel::from_shared(format!("http://127.0.0.1:{port}")).unwrap().connect().await.unwrap();
    let mut grpc = tonic::client::Grpc::new(channel);
    grpc.ready().await.unwrap();
    let request = tonic::Request::new(Bytes::copy_from_slice(body));
    let path = PathAndQuery::try_from(path).unwrap();
    let answer = grpc.server_streaming(request, path, RawCodec).await;
    match answer {
        Ok(answer) => match soon(answer.into_inner().message()).await {
            Ok(_) => tonic::Status::ok(""),
            Err(status) => status,
        },
        Err(status) => status,
    }
}

/// Bytes as they are, in both directions.
#[derive(Clone, Copy)]
struct RawCodec;

impl tonic::codec::Codec for RawCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;
    fn encoder(&mut self) -> Self {
        Self
    }
    fn decoder(&mut self) -> Self {
        Self
    }
}

impl tonic::codec::Encoder for RawCodec {
    type Item = Bytes;
    type Error = tonic::Status;
    fn encode(&mut self, item: Bytes, buffer: &mut tonic::codec::EncodeBuf<'_>) -> Result<(), tonic::Status> {
        bytes::BufMut::put(buffer, item);
        Ok(())
    }
}

impl tonic::codec::Decoder for RawCodec {
    type Item = Bytes;
    type Error = tonic::Status;
    fn decode(&mut self, buffer: &mut tonic::codec::DecodeBuf<'_>) -> Result<Option<Bytes>, tonic::Status> {
        let length = bytes::Buf::remaining(buffer);
        Ok(Some(bytes::Buf::copy_to_bytes(buffer, length)))
    }
}
