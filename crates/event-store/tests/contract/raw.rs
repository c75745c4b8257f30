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
use protocol::event_store::client::streams::streams_client::StreamsClient;
use tonic::transport::Channel;
use uuid::Uuid;

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
