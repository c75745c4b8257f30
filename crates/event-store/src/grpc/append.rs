//! Answers `Append`: one stream of messages, one atomic append, one answer.

use std::time::Duration;

use tokio::time::timeout;
use tonic::{Status, Streaming};

use crate::append::{Append, Written};
use crate::error::Refusal;
use crate::event::Expected;
use crate::grpc::status;
use crate::grpc::wire::{read_proposed, read_target};
use crate::protocol::event_store::client::streams::append_req::{Content, Options, options::ExpectedStreamRevision};
use crate::protocol::event_store::client::streams::append_resp::{
    Position, Result as Outcome, Success, WrongExpectedVersion, success, wrong_expected_version,
};
use crate::protocol::event_store::client::streams::{AppendReq, AppendResp};
use crate::store::EventStore;

/// A refused append is read to its end, so that its client gets to see why; but not for ever.
const DRAINED_MESSAGES: usize = 10_000;
const DRAIN_TIME: Duration = Duration::from_secs(2);

pub(crate) async fn append(store: &EventStore, mut messages: Streaming<AppendReq>) -> Result<AppendResp, Status> {
    let append = match receive(store, &mut messages).await {
        Ok(append) => append,
        Err(status) => {
            let _ = timeout(DRAIN_TIME, drain(&mut messages)).await;
            return Err(status);
        }
    };
    let expected = append.expected;
    let outcome = store.write(append).await;
    respond(outcome, expected)
}

async fn receive(store: &EventStore, messages: &mut Streaming<AppendReq>) -> Result<Append, Status> {
    let first = messages.message().await?.and_then(|message| message.content);
    let Some(Content::Options(options)) = first else {
        return Err(Status::invalid_argument("an append begins with its options"));
    };
    let stream = read_target(options.stream_identifier.as_ref())?;
    let expected = expected(&options)?;
    let (mut events, mut size) = (Vec::new(), 0);
    while let Some(message) = messages.message().await? {
        let Some(Content::ProposedMessage(event)) = message.content else {
            return Err(Status::invalid_argument("options are followed by events only"));
        };
        let event = read_proposed(event.id.as_ref(), &event.metadata, &event.custom_metadata, &event.data)?;
        size += event.size();
        if size > store.max_append_size() {
            return Err(status::too_large(store.max_append_size()));
        }
        events.push(event);
    }
    Ok(Append { stream, expected, events, deadline: None })
}

async fn drain(messages: &mut Streaming<AppendReq>) {
    for _ in 0..DRAINED_MESSAGES {
        if !matches!(messages.message().await, Ok(Some(_))) {
            return;
        }
    }
}

fn expected(options: &Options) -> Result<Expected, Status> {
    match options.expected_stream_revision {
        Some(ExpectedStreamRevision::Revision(revision)) => Ok(Expected::Revision(revision)),
        Some(ExpectedStreamRevision::NoStream(())) => Ok(Expected::NoStream),
        Some(ExpectedStreamRevision::Any(())) => Ok(Expected::Any),
        Some(ExpectedStreamRevision::StreamExists(())) => Ok(Expected::Exists),
        None => Err(Status::invalid_argument("the append has no expected revision")),
    }
}

fn respond(outcome: Result<Written, Refusal>, expected: Expected) -> Result<AppendResp, Status> {
    let result = match outcome {
        Ok(written) => Outcome::Success(success(written)),
        Err(Refusal::WrongExpected { current }) => Outcome::WrongExpectedVersion(wrong_expected(current, expected)),
        Err(refusal) => return Err(status::refused(&refusal)),
    };
    Ok(AppendResp { result: Some(result) })
}

fn success(written: Written) -> Success {
    use success::{CurrentRevisionOption as Revision, PositionOption};
    Success {
        current_revision_option: Some(written.revision.map_or(Revision::NoStream(()), Revision::CurrentRevision)),
        position_option: Some(written.position.map_or(PositionOption::NoPosition(()), |position| {
            PositionOption::Position(Position { commit_position: position, prepare_position: position })
        })),
    }
}

/// Says it twice: older clients read the fields of version 20.6.0.
fn wrong_expected(current: Option<u64>, expected: Expected) -> WrongExpectedVersion {
    use wrong_expected_version::{
        CurrentRevisionOption as Current, CurrentRevisionOption2060 as OldCurrent, ExpectedRevisionOption as Wanted,
        ExpectedRevisionOption2060 as OldWanted,
    };
    let (wanted, old_wanted) = match expected {
        Expected::Any => (Wanted::ExpectedAny(()), Some(OldWanted::Any2060(()))),
        Expected::Exists => (Wanted::ExpectedStreamExists(()), Some(OldWanted::StreamExists2060(()))),
        Expected::NoStream => (Wanted::ExpectedNoStream(()), None),
        Expected::Revision(revision) => {
            (Wanted::ExpectedRevision(revision), Some(OldWanted::ExpectedRevision2060(revision)))
        }
    };
    WrongExpectedVersion {
        current_revision_option_20_6_0: Some(
            current.map_or(OldCurrent::NoStream2060(()), OldCurrent::CurrentRevision2060),
        ),
        expected_revision_option_20_6_0: old_wanted,
        current_revision_option: Some(current.map_or(Current::CurrentNoStream(()), Current::CurrentRevision)),
        expected_revision_option: Some(wanted),
    }
}
