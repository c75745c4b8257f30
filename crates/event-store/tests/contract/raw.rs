//! The protocol without the official client, for what that client never sends or never shows.

#[allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    reason = "generated"
)]
pub(crate) mod protocol {
    include!(concat!(env!("OUT_DIR"), "/client/protocol.rs"));
}

use std::collections::HashMap;

use bytes::Bytes;
use protocol::event_store::client as shared;
use protocol::event_store::client::streams::batch_append_req as batch;
use protocol::event_store::client::streams::read_req;
use protocol::event_store::client::streams::streams_client::StreamsClient;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::harness::soon;

pub(crate) async fn streams(port: u16) -> StreamsClient<Channel> {
    let channel = Channel::from_shared(format!("http://127.0.0.1:{port}")).unwrap();
    StreamsClient::new(channel.connect().await.unwrap())
}

pub(crate) fn uuid(id: Uuid) -> shared::Uuid {
    shared::Uuid { value: Some(shared::uuid::Value::String(id.to_string())) }
}

pub(crate) fn stream(name: &str) -> shared::StreamIdentifier {
    shared::StreamIdentifier { stream_name: Bytes::copy_from_slice(name.as_bytes()) }
}

pub(crate) fn type_of(kind: &str) -> HashMap<String, String> {
    HashMap::from([("type".into(), kind.into()), ("content-type".into(), "application/json".into())])
}

pub(crate) fn batch_event(data: &[u8]) -> batch::ProposedMessage {
    batch::ProposedMessage {
        id: Some(uuid(Uuid::new_v4())),
        metadata: type_of("Tested.v1"),
        custom_metadata: Bytes::new(),
        data: Bytes::copy_from_slice(data),
    }
}

pub(crate) fn batch_options(name: &str) -> batch::Options {
    batch::Options {
        stream_identifier: Some(stream(name)),
        expected_stream_position: Some(batch::options::ExpectedStreamPosition::Any(())),
        deadline_option: None,
    }
}

/// The whole of a stream, from its start.
pub(crate) fn read_stream(name: &str) -> read_req::Options {
    use read_req::options;
    read_req::Options {
        stream_option: Some(options::StreamOption::Stream(options::StreamOptions {
            stream_identifier: Some(stream(name)),
            revision_option: Some(options::stream_options::RevisionOption::Start(())),
        })),
        count_option: Some(options::CountOption::Count(u64::MAX)),
        filter_option: Some(options::FilterOption::NoFilter(())),
        ..Default::default()
    }
}

/// Sends one message of raw bytes and returns the status.
pub(crate) async fn call(port: u16, path: &str, body: &[u8]) -> tonic::Status {
    let channel = Channel::from_shared(format!("http://127.0.0.1:{port}")).unwrap().connect().await.unwrap();
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
