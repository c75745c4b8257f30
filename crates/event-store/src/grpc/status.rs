//! Errors in the form that official clients parse: gRPC statuses with trailers, and the
//! `google.rpc.Status` of a batch append.

use prost::Message;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

use crate::error::{ReadError, Refusal};
use crate::event::Expected;
use crate::grpc::wire::write_name;
use crate::protocol::event_store::client as shared;
use crate::protocol::google::rpc;

/// A status whose trailers name an exception, which is what clients look at.
fn exception(code: Code, message: String, trailers: &[(&'static str, &str)]) -> Status {
    let mut metadata = MetadataMap::new();
    for (key, value) in trailers {
        if let Ok(value) = MetadataValue::try_from(visible(value)) {
            metadata.insert(*key, value);
        }
    }
    Status::with_metadata(code, message, metadata)
}

/// Trailers hold visible ASCII only, and clients fail on one that is missing: what a name has beside that is
/// written as `%` and two digits.
fn visible(value: &str) -> String {
    let bytes = value.bytes();
    bytes
        .map(|byte| if matches!(byte, b' '..=b'~') { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

pub(crate) fn missing_metadata(key: &str) -> Status {
    exception(
        Code::InvalidArgument,
        format!("the event metadata {key:?} is missing"),
        &[("exception", "missing-required-metadata-property"), ("required-metadata-properties", key)],
    )
}

pub(crate) fn too_large(limit: usize) -> Status {
    exception(
        Code::InvalidArgument,
        format!("an append may have {limit} bytes at most"),
        &[("exception", "maximum-append-size-exceeded"), ("maximum-append-size", &limit.to_string())],
    )
}

/// A removal's wrong expectation, with −1 for a stream that does not exist, as clients write it.
pub(crate) fn wrong_version(stream: &str, expected: Expected, current: Option<u64>) -> Status {
    let revision = |revision: u64| revision.to_string();
    let expected = match expected {
        Expected::Any => "-2".to_owned(),
        Expected::Exists => "-4".to_owned(),
        Expected::NoStream => "-1".to_owned(),
        Expected::Revision(expected) => revision(expected),
    };
    let actual = current.map_or_else(|| "-1".to_owned(), revision);
    exception(
        Code::FailedPrecondition,
        // The Python client takes it apart by these words.
        format!("WrongExpectedVersion. Stream: {stream}, Expected version: {expected}, Actual version: {actual}"),
        &[
            ("exception", "wrong-expected-version"),
            ("stream-name", stream),
            ("expected-version", &expected),
            ("actual-version", &actual),
        ],
    )
}

/// Clients take a clean end of a subscription for silence, so ours always end with this.
pub(crate) fn closing() -> Status {
    Status::unavailable("the event store is shutting down")
}

pub(crate) fn refused(refusal: &Refusal) -> Status {
    match refusal {
        Refusal::Stopped(reason) => Status::unavailable(format!("nothing was acknowledged: {reason}")),
        Refusal::Expired => Status::deadline_exceeded("the deadline passed; nothing was written"),
        Refusal::Full => Status::resource_exhausted("the disk is full; nothing was written"),
        Refusal::Unreadable(reason) => Status::data_loss(format!("nothing was written: {reason}")),
        Refusal::Deleted { stream } => deleted(stream),
        Refusal::WrongExpected { .. } => Status::failed_precondition("wrong expected version"),
    }
}

fn deleted(stream: &str) -> Status {
    exception(
        Code::FailedPrecondition,
        format!("the stream {stream:?} is deleted"),
        &[("exception", "stream-deleted"), ("stream-name", stream)],
    )
}

pub(crate) fn unreadable(error: &ReadError) -> Status {
    let status = match error {
        ReadError::FilterTooSlow { .. } => return Status::invalid_argument(error.to_string()),
        ReadError::Deleted { stream } => return deleted(stream),
        ReadError::Damaged { .. } | ReadError::DamagedIndex { .. } => Status::data_loss(error.to_string()),
        ReadError::Io(_) | ReadError::Thread => Status::internal(error.to_string()),
    };
    tracing::warn!(%error, "a read failed");
    status
}

pub(crate) fn batch_refused(refusal: &Refusal, expected: Expected) -> rpc::Status {
    match refusal {
        Refusal::WrongExpected { current } => rpc::Status {
            code: Code::AlreadyExists as i32,
            message: "WrongExpectedVersion".into(),
            details: Some(any("WrongExpectedVersion", &wrong_expected(*current, expected))),
        },
        Refusal::Deleted { stream } => rpc::Status {
            code: Code::FailedPrecondition as i32,
            message: "StreamDeleted".into(),
            details: Some(any("StreamDeleted", &shared::StreamDeleted { stream_identifier: Some(write_name(stream)) })),
        },
        Refusal::Full => rpc::Status {
            code: Code::ResourceExhausted as i32,
            message: "the disk is full; nothing was written".into(),
            details: Some(any("Unknown", &shared::Unknown {})),
        },
        Refusal::Unreadable(reason) => rpc::Status {
            code: Code::DataLoss as i32,
            message: format!("nothing was written: {reason}"),
            details: Some(any("Unknown", &shared::Unknown {})),
        },
        Refusal::Expired => rpc::Status {
            code: Code::DeadlineExceeded as i32,
            message: "Timeout".into(),
            details: Some(any("Timeout", &shared::Timeout {})),
        },
        Refusal::Stopped(reason) => rpc::Status {
            code: Code::Unavailable as i32,
            message: format!("nothing was acknowledged: {reason}"),
            details: Some(any("Unknown", &shared::Unknown {})),
        },
    }
}

pub(crate) fn batch_too_large(limit: usize) -> rpc::Status {
    let details = shared::MaximumAppendSizeExceeded { max_append_size: u32::try_from(limit).unwrap_or(u32::MAX) };
    rpc::Status {
        code: Code::InvalidArgument as i32,
        message: "MaximumAppendSizeExceeded".into(),
        details: Some(any("MaximumAppendSizeExceeded", &details)),
    }
}

pub(crate) fn batch_malformed(status: &Status) -> rpc::Status {
    let details = shared::BadRequest { message: status.message().to_owned() };
    rpc::Status {
        code: status.code() as i32,
        message: status.message().to_owned(),
        details: Some(any("BadRequest", &details)),
    }
}

fn wrong_expected(current: Option<u64>, expected: Expected) -> shared::WrongExpectedVersion {
    use shared::wrong_expected_version::{
        CurrentStreamRevisionOption as Current, ExpectedStreamPositionOption as Wanted,
    };
    shared::WrongExpectedVersion {
        current_stream_revision_option: Some(
            current.map_or(Current::CurrentNoStream(()), Current::CurrentStreamRevision),
        ),
        expected_stream_position_option: Some(match expected {
            Expected::Any => Wanted::ExpectedAny(()),
            Expected::Exists => Wanted::ExpectedStreamExists(()),
            Expected::NoStream => Wanted::ExpectedNoStream(()),
            Expected::Revision(revision) => Wanted::ExpectedStreamPosition(revision),
        }),
    }
}

fn any(name: &str, message: &impl Message) -> prost_types::Any {
    prost_types::Any {
        type_url: format!("type.googleapis.com/event_store.client.{name}"),
        value: message.encode_to_vec(),
    }
}
