//! Conversions between wire messages and our own types. Refuses what is malformed.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use tonic::Status;
use uuid::Uuid;

use crate::event::{Event, NAME_BYTES, Proposed, is_name, is_reserved};
use crate::grpc::status;
use crate::protocol::event_store::client as shared;
use crate::protocol::event_store::client::streams::read_resp;
use crate::protocol::event_store::client::streams::read_resp::read_event::{Position, RecordedEvent};

const JSON: &str = "application/json";
const BINARY: &str = "application/octet-stream";

/// How event ids are written in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UuidForm {
    Structured,
    Text,
}

pub(crate) fn read_uuid(uuid: Option<&shared::Uuid>) -> Result<Uuid, Status> {
    match uuid.and_then(|uuid| uuid.value.as_ref()) {
        Some(shared::uuid::Value::String(text)) => {
            Uuid::parse_str(text).map_err(|_| Status::invalid_argument("a UUID is malformed"))
        }
        Some(shared::uuid::Value::Structured(bits)) => Ok(Uuid::from_u64_pair(
            bits.most_significant_bits.cast_unsigned(),
            bits.least_significant_bits.cast_unsigned(),
        )),
        None => Err(Status::invalid_argument("a UUID is missing")),
    }
}

pub(crate) fn write_uuid(uuid: Uuid, form: UuidForm) -> shared::Uuid {
    let value = match form {
        UuidForm::Text => shared::uuid::Value::String(uuid.to_string()),
        UuidForm::Structured => {
            let (most, least) = uuid.as_u64_pair();
            shared::uuid::Value::Structured(shared::uuid::Structured {
                most_significant_bits: most.cast_signed(),
                least_significant_bits: least.cast_signed(),
            })
        }
    };
    shared::Uuid { value: Some(value) }
}

/// A stream name that may be read.
pub(crate) fn read_name(stream: Option<&shared::StreamIdentifier>) -> Result<Arc<str>, Status> {
    let bytes = stream.map(|stream| stream.stream_name.as_ref());
    let name = std::str::from_utf8(bytes.unwrap_or_default())
        .map_err(|_| Status::invalid_argument("a stream name must be UTF-8"))?;
    if !is_name(name) {
        let message = format!("a stream name has 1 to {NAME_BYTES} bytes");
        return Err(Status::invalid_argument(message));
    }
    Ok(name.into())
}

/// A stream name that may be appended to: not one that the server itself answers.
pub(crate) fn read_target(stream: Option<&shared::StreamIdentifier>) -> Result<Arc<str>, Status> {
    let name = read_name(stream)?;
    if is_reserved(&name) {
        let message = format!("the stream {name:?} cannot be appended to");
        return Err(Status::invalid_argument(message));
    }
    Ok(name)
}

pub(crate) fn write_name(name: &str) -> shared::StreamIdentifier {
    shared::StreamIdentifier { stream_name: Bytes::copy_from_slice(name.as_bytes()) }
}

pub(crate) fn read_proposed(
    id: Option<&shared::Uuid>,
    metadata: &HashMap<String, String>,
    custom_metadata: &[u8],
    data: &[u8],
) -> Result<Proposed, Status> {
    let required = |key| metadata.get(key).ok_or_else(|| status::missing_metadata(key));
    let kind = required("type")?;
    let content_type = required("content-type")?;
    if !is_name(kind) {
        let message = format!("an event type has 1 to {NAME_BYTES} bytes");
        return Err(Status::invalid_argument(message));
    }
    let id = read_uuid(id)?;
    if id.is_nil() {
        return Err(Status::invalid_argument("an event id must not be all zeros"));
    }
    Ok(Proposed {
        id,
        kind: kind.as_str().into(),
        json: content_type == JSON,
        // Copied, because these bytes hold on to the whole buffer they came in, for as long as the
        // event is kept for subscribers.
        metadata: Bytes::copy_from_slice(custom_metadata),
        data: Bytes::copy_from_slice(data),
    })
}

pub(crate) fn write_event(event: &Event, form: UuidForm) -> read_resp::Content {
    read_resp::Content::Event(read_resp::ReadEvent {
        event: Some(recorded(event, form)),
        link: None,
        position: Some(Position::CommitPosition(event.position)),
    })
}

/// A link with the event that it names, unless that is gone.
pub(crate) fn write_resolved(link: &Event, target: Option<&Event>, form: UuidForm) -> read_resp::Content {
    read_resp::Content::Event(read_resp::ReadEvent {
        event: target.map(|target| recorded(target, form)),
        link: Some(recorded(link, form)),
        position: Some(Position::CommitPosition(link.position)),
    })
}

fn recorded(event: &Event, form: UuidForm) -> RecordedEvent {
    let content_type = if event.json { JSON } else { BINARY };
    RecordedEvent {
        id: Some(write_uuid(event.id, form)),
        stream_identifier: Some(write_name(&event.stream)),
        stream_revision: event.revision,
        prepare_position: event.position,
        commit_position: event.position,
        metadata: HashMap::from([
            ("type".to_owned(), event.kind.to_string()),
            ("content-type".to_owned(), content_type.to_owned()),
            ("created".to_owned(), event.created.to_string()),
        ]),
        custom_metadata: event.metadata.clone(),
        data: event.data.clone(),
    }
}

pub(crate) fn write_checkpoint(position: u64) -> read_resp::Content {
    read_resp::Content::Checkpoint(read_resp::Checkpoint { commit_position: position, prepare_position: position })
}
