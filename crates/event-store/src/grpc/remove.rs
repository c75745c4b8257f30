//! Answers `Delete` and `Tombstone`: the end of a stream, until something is appended or for ever.

use std::sync::Arc;

use tonic::Status;

use crate::append::{Removal, Written};
use crate::error::Refusal;
use crate::event::Expected;
use crate::grpc::status;
use crate::grpc::wire::read_target;
use crate::protocol::event_store::client::StreamIdentifier;
use crate::protocol::event_store::client::streams::{
    DeleteReq, DeleteResp, TombstoneReq, TombstoneResp, delete_req, delete_resp, tombstone_req, tombstone_resp,
};
use crate::store::EventStore;

pub(crate) async fn delete(store: &EventStore, request: DeleteReq) -> Result<DeleteResp, Status> {
    use delete_req::options::ExpectedStreamRevision as Wire;
    let options = request.options.ok_or_else(missing_options)?;
    let expected = match options.expected_stream_revision {
        Some(Wire::Revision(revision)) => Expected::Revision(revision),
        Some(Wire::NoStream(())) => Expected::NoStream,
        Some(Wire::Any(())) => Expected::Any,
        Some(Wire::StreamExists(())) => Expected::Exists,
        None => return Err(missing_expectation()),
    };
    let position = remove(store, options.stream_identifier.as_ref(), expected, false).await?;
    let position =
        position.map(|position| delete_resp::Position { commit_position: position, prepare_position: position });
    use delete_resp::PositionOption::{NoPosition, Position};
    Ok(DeleteResp { position_option: Some(position.map_or(NoPosition(()), Position)) })
}

pub(crate) async fn tombstone(store: &EventStore, request: TombstoneReq) -> Result<TombstoneResp, Status> {
    use tombstone_req::options::ExpectedStreamRevision as Wire;
    let options = request.options.ok_or_else(missing_options)?;
    let expected = match options.expected_stream_revision {
        Some(Wire::Revision(revision)) => Expected::Revision(revision),
        Some(Wire::NoStream(())) => Expected::NoStream,
        Some(Wire::Any(())) => Expected::Any,
        Some(Wire::StreamExists(())) => Expected::Exists,
        None => return Err(missing_expectation()),
    };
    let position = remove(store, options.stream_identifier.as_ref(), expected, true).await?;
    let position =
        position.map(|position| tombstone_resp::Position { commit_position: position, prepare_position: position });
    use tombstone_resp::PositionOption::{NoPosition, Position};
    Ok(TombstoneResp { position_option: Some(position.map_or(NoPosition(()), Position)) })
}

fn missing_options() -> Status {
    Status::invalid_argument("the removal has no options")
}

fn missing_expectation() -> Status {
    Status::invalid_argument("the removal has no expected revision")
}

async fn remove(
    store: &EventStore,
    stream: Option<&StreamIdentifier>,
    expected: Expected,
    for_ever: bool,
) -> Result<Option<u64>, Status> {
    let stream: Arc<str> = read_target(stream)?;
    match store.remove(Removal { stream: stream.clone(), expected, for_ever }).await {
        Ok(Written { position, .. }) => Ok(position),
        Err(Refusal::WrongExpected { current }) => Err(status::wrong_version(&stream, expected, current)),
        Err(refusal) => Err(status::refused(&refusal)),
    }
}
