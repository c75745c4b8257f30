//! Answers `BatchAppend`: many appends on one call, each with its own answer, in the order in which
//! they are done. A request that can be told apart is always answered.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tonic::{Status, Streaming};
use uuid::Uuid;

use crate::append::{Append, Written};
use crate::error::Refusal;
use crate::event::{Expected, Proposed};
use crate::grpc::status;
use crate::grpc::wire::{UuidForm, read_proposed, read_target, read_uuid, write_uuid};
use crate::protocol::event_store::client::AllStreamPosition;
use crate::protocol::event_store::client::streams::batch_append_req::{Options, options};
use crate::protocol::event_store::client::streams::batch_append_resp::{
    ExpectedStreamPosition, Result as Outcome, Success, success,
};
use crate::protocol::event_store::client::streams::{BatchAppendReq, BatchAppendResp};
use crate::protocol::google::rpc;
use crate::store::EventStore;

/// Appends of one call that may wait for their answer to be taken.
pub(crate) const IN_FLIGHT: usize = 1_024;
/// Appends of one call that may be open, because their last part has not come.
const OPEN: usize = 64;
const DEFAULT_DEADLINE: Duration = Duration::from_secs(10);
/// Deadlines longer than this are moments and not durations: the Rust client sends the seconds
/// since 1970 in the field for a duration.
const LONGEST_DEADLINE: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

pub(crate) type Responses = mpsc::Sender<Result<BatchAppendResp, Status>>;

/// Parts of one append that have come so far.
struct Open {
    options: Options,
    events: Vec<Proposed>,
    size: usize,
    fault: Option<rpc::Status>,
}

/// Runs until the client has sent all, or has gone.
pub(crate) async fn batch_append(
    store: &EventStore,
    mut requests: Streaming<BatchAppendReq>,
    responses: &Responses,
) -> Result<(), Status> {
    let mut open = HashMap::new();
    while let Some(mut request) = requests.message().await? {
        let correlation = read_uuid(request.correlation_id.as_ref())?;
        let is_final = request.is_final;
        let mut append = match open.remove(&correlation) {
            Some(append) => append,
            None => begin(&mut request)?,
        };
        append.extend(request, store.max_append_size());
        if is_final {
            finish(store, correlation, append, responses).await?;
        } else if open.len() < OPEN {
            open.insert(correlation, append);
        } else {
            return Err(Status::resource_exhausted(format!("more than {OPEN} appends are open on this call")));
        }
    }
    Ok(())
}

fn begin(request: &mut BatchAppendReq) -> Result<Open, Status> {
    let options = request.options.take();
    Ok(Open {
        options: options.ok_or_else(|| Status::invalid_argument("a batch append has no options"))?,
        events: Vec::new(),
        size: 0,
        fault: None,
    })
}

impl Open {
    fn extend(&mut self, request: BatchAppendReq, limit: usize) {
        for event in request.proposed_messages {
            if self.fault.is_some() {
                return;
            }
            let event = read_proposed(event.id.as_ref(), &event.metadata, &event.custom_metadata, &event.data);
            match event {
                Ok(event) => {
                    self.size += event.size();
                    self.events.push(event);
                }
                Err(status) => self.fault = Some(status::batch_malformed(&status)),
            }
            if self.size > limit {
                self.events.clear();
                self.fault = Some(status::batch_too_large(limit));
            }
        }
    }
}

async fn finish(store: &EventStore, correlation: Uuid, open: Open, responses: &Responses) -> Result<(), Status> {
    // A place for the answer first: the writing thread must never wait for a client.
    let Ok(place) = responses.clone().reserve_owned().await else {
        return Ok(());
    };
    let response = Response::new(correlation, &open.options);
    let append = match understand(open) {
        Ok(append) => append,
        Err(fault) => {
            place.send(Ok(response.fill(Outcome::Error(fault))));
            return Ok(());
        }
    };
    let expected = append.expected;
    let answer = move |outcome| {
        place.send(Ok(response.fill(result(outcome, expected))));
    };
    store.submit(append, Box::new(answer)).await;
    Ok(())
}

fn understand(open: Open) -> Result<Append, rpc::Status> {
    if let Some(fault) = open.fault {
        return Err(fault);
    }
    let stream =
        read_target(open.options.stream_identifier.as_ref()).map_err(|status| status::batch_malformed(&status))?;
    Ok(Append {
        stream,
        expected: expected(&open.options).map_err(|status| status::batch_malformed(&status))?,
        events: open.events,
        deadline: Some(deadline(&open.options)),
    })
}

fn expected(options: &Options) -> Result<Expected, Status> {
    use options::ExpectedStreamPosition as Wire;
    match options.expected_stream_position {
        Some(Wire::StreamPosition(revision)) => Ok(Expected::Revision(revision)),
        Some(Wire::NoStream(())) => Ok(Expected::NoStream),
        Some(Wire::Any(())) => Ok(Expected::Any),
        Some(Wire::StreamExists(())) => Ok(Expected::Exists),
        None => Err(Status::invalid_argument("the append has no expected revision")),
    }
}

fn deadline(options: &Options) -> Instant {
    let now = Instant::now();
    let left = match &options.deadline_option {
        Some(options::DeadlineOption::Deadline(duration)) => {
            let duration = unsigned(duration.seconds, duration.nanos);
            if duration > LONGEST_DEADLINE { until(duration) } else { duration }
        }
        Some(options::DeadlineOption::Deadline21100(moment)) => until(unsigned(moment.seconds, moment.nanos)),
        None => DEFAULT_DEADLINE,
    };
    now.checked_add(left).unwrap_or(now + LONGEST_DEADLINE)
}

fn unsigned(seconds: i64, nanos: i32) -> Duration {
    let seconds = u64::try_from(seconds).unwrap_or(0);
    let nanos = u32::try_from(nanos).unwrap_or(0).min(999_999_999);
    Duration::new(seconds, nanos)
}

/// From now until a moment given since 1970; nothing when it has passed.
fn until(moment: Duration) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    moment.saturating_sub(now.unwrap_or_default())
}

/// What an answer repeats of its request.
struct Response(BatchAppendResp);

impl Response {
    fn new(correlation: Uuid, options: &Options) -> Self {
        use options::ExpectedStreamPosition as Wire;
        Self(BatchAppendResp {
            correlation_id: Some(write_uuid(correlation, UuidForm::Structured)),
            // Clients unwrap the stream, so it is there even where the request had none.
            stream_identifier: Some(options.stream_identifier.clone().unwrap_or_default()),
            expected_stream_position: options.expected_stream_position.map(|expected| match expected {
                Wire::StreamPosition(revision) => ExpectedStreamPosition::StreamPosition(revision),
                Wire::NoStream(()) => ExpectedStreamPosition::NoStream(()),
                Wire::Any(()) => ExpectedStreamPosition::Any(()),
                Wire::StreamExists(()) => ExpectedStreamPosition::StreamExists(()),
            }),
            result: None,
        })
    }

    fn fill(mut self, outcome: Outcome) -> BatchAppendResp {
        self.0.result = Some(outcome);
        self.0
    }
}

fn result(outcome: Result<Written, Refusal>, expected: Expected) -> Outcome {
    use success::{CurrentRevisionOption as Revision, PositionOption};
    match outcome {
        Ok(written) => Outcome::Success(Success {
            current_revision_option: Some(written.revision.map_or(Revision::NoStream(()), Revision::CurrentRevision)),
            position_option: Some(written.position.map_or(PositionOption::NoPosition(()), |position| {
                PositionOption::Position(AllStreamPosition { commit_position: position, prepare_position: position })
            })),
        }),
        Err(refusal) => Outcome::Error(status::batch_refused(&refusal, expected)),
    }
}
