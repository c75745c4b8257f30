//! SPEC.md §3: batch appends.

use std::collections::HashMap;
use std::time::Duration;

use eventstore::{Error, ExpectedRevision};
use futures::stream::{self, StreamExt};
use prost::Message;
use tonic::Code;
use uuid::Uuid;

use crate::harness::{Server, all_of, event, ids, new_events, soon, status};
use crate::raw::protocol::event_store::client as shared;
use crate::raw::protocol::event_store::client::streams::batch_append_req::options::{
    DeadlineOption, ExpectedStreamPosition,
};
use crate::raw::protocol::event_store::client::streams::batch_append_resp::{
    Result as Outcome, success::CurrentRevisionOption,
};
use crate::raw::protocol::event_store::client::streams::{BatchAppendReq, BatchAppendResp};
use crate::raw::{self, batch_event, batch_options};

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_pipelined_appends_are_each_answered() {
    let server = Server::start().await;
    let batch = server.client.batch_append(&Default::default()).await.unwrap();
    let appends = (0..300).map(|n| {
        let stream = format!("s-{}", n % 10);
        batch.append_to_stream(stream, ExpectedRevision::Any, new_events(1))
    });
    let written = soon(futures::future::try_join_all(appends)).await.unwrap();
    let mut positions: Vec<u64> = written.iter().map(|w| w.current_position().unwrap().commit).collect();
    positions.sort_unstable();
    positions.dedup();
    assert_eq!(positions.len(), 300);
    assert_eq!(written[0].stream_name(), "s-0");
    assert_eq!(written[299].current_revision(), Some(29));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_expectations_and_repeats_are_those_of_append() {
    let server = Server::shared().await;
    let batch = server.client.batch_append(&Default::default()).await.unwrap();
    let (a, id) = (server.client.name("a"), Uuid::new_v4());
    let send = || batch.append_to_stream(&a, ExpectedRevision::NoStream, vec![event(id)]);
    let first = soon(send()).await.unwrap();
    assert_eq!(first.current_revision(), Some(0));
    assert_eq!(soon(send()).await.unwrap(), first);
    let other = batch.append_to_stream(&a, ExpectedRevision::NoStream, new_events(1));
    let refused = soon(other).await;
    let error = refused.unwrap_err();
    assert_eq!(status(&error), (Code::AlreadyExists, "WrongExpectedVersion"));
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(ids(&all_of(read.unwrap()).await), [id]);
}

fn request(stream: &str, events: usize) -> BatchAppendReq {
    BatchAppendReq {
        correlation_id: Some(raw::uuid(Uuid::new_v4())),
        options: Some(batch_options(stream)),
        proposed_messages: (0..events).map(|_| batch_event(b"{}")).collect(),
        is_final: true,
    }
}

async fn send(server: &Server, requests: Vec<BatchAppendReq>) -> Vec<BatchAppendResp> {
    let mut client = raw::streams(server.port).await;
    let call = client.batch_append(stream::iter(requests)).await;
    let mut answers = call.unwrap().into_inner();
    let mut all = Vec::new();
    while let Some(answer) = soon(answers.message()).await.unwrap() {
        all.push(answer);
    }
    all
}

fn code(answer: &BatchAppendResp) -> Code {
    match answer.result.as_ref().unwrap() {
        Outcome::Error(status) => Code::from(status.code),
        Outcome::Success(_) => Code::Ok,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_3_a_refused_append_does_not_end_the_call() {
    let server = Server::start().await;
    let mut wrong = request("a", 1);
    let options = wrong.options.as_mut().unwrap();
    options.expected_stream_position = Some(ExpectedStreamPosition::StreamPosition(7));
    let mut too_large = request("a", 0);
    too_large.proposed_messages = vec![batch_event(&vec![b'1'; (1 << 20) + 1])];
    let mut without_type = request("a", 1);
    without_type.proposed_messages[0].metadata.clear();
    let requests = vec![wrong, too_large, without_type, request("", 1), request("a", 2)];
    let order: Vec<_> = requests.iter().map(|r| r.correlation_id.clone()).collect();

    let mut answers = send(&server, requests).await;
    answers.sort_by_key(|answer| order.iter().position(|id| same(id, &answer.correlation_id)));
    let codes: Vec<Code> = answers.iter().map(code).collect();
    use Code::{AlreadyExists, InvalidArgument, Ok};
    assert_eq!(codes, [AlreadyExists, InvalidArgument, InvalidArgument, InvalidArgument, Ok]);
    assert!(answers.iter().all(|answer| answer.stream_identifier.is_some()));
}

/// Ids are compared by value: the server answers in the structured form.
fn same(one: &Option<shared::Uuid>, other: &Option<shared::Uuid>) -> bool {
    let value = |id: &Option<shared::Uuid>| match id.clone().unwrap().value.unwrap() {
        shared::uuid::Value::String(text) => Uuid::parse_str(&text).unwrap(),
        shared::uuid::Value::Structured(bits) => {
            Uuid::from_u64_pair(bits.most_significant_bits.cast_unsigned(), bits.least_significant_bits.cast_unsigned())
        }
    };
    value(one) == value(other)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_4_errors_carry_the_details_that_clients_parse() {
    let server = Server::start().await;
    server.fill("a", 3).await;
    let mut wrong = request("a", 1);
    let options = wrong.options.as_mut().unwrap();
    options.expected_stream_position = Some(ExpectedStreamPosition::NoStream(()));
    let answers = send(&server, vec![wrong]).await;
    let Some(Outcome::Error(status)) = &answers[0].result else {
        panic!("got {answers:?}");
    };
    let details = status.details.as_ref().unwrap();
    assert_eq!(details.type_url, "type.googleapis.com/event_store.client.WrongExpectedVersion");
    let details = shared::WrongExpectedVersion::decode(details.value.as_slice()).unwrap();
    use shared::wrong_expected_version::{
        CurrentStreamRevisionOption as Current, ExpectedStreamPositionOption as Expected,
    };
    assert_eq!(details.current_stream_revision_option, Some(Current::CurrentStreamRevision(2)));
    assert_eq!(details.expected_stream_position_option, Some(Expected::ExpectedNoStream(())));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_5_a_deadline_that_has_passed_writes_nothing() {
    let server = Server::start().await;
    let mut late = request("late", 1);
    late.options.as_mut().unwrap().deadline_option =
        Some(DeadlineOption::Deadline21100(prost_types::Timestamp { seconds: 1, nanos: 0 }));
    // The Rust client's way: a moment in the field for a duration.
    let mut late_too = request("late", 1);
    late_too.options.as_mut().unwrap().deadline_option =
        Some(DeadlineOption::Deadline(prost_types::Duration { seconds: 1_600_000_000, nanos: 0 }));
    let mut in_time = request("in-time", 1);
    in_time.options.as_mut().unwrap().deadline_option =
        Some(DeadlineOption::Deadline(prost_types::Duration { seconds: 5, nanos: 0 }));
    let answers = send(&server, vec![late, late_too, in_time]).await;
    let codes: Vec<Code> = answers.iter().map(code).collect();
    assert_eq!(codes, [Code::DeadlineExceeded, Code::DeadlineExceeded, Code::Ok]);
    let mut read = server.client.read_stream("late", &Default::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_6_an_append_may_come_in_parts() {
    let server = Server::start().await;
    let mut parts = vec![request("a", 2), request("a", 1)];
    parts[0].is_final = false;
    parts[1].correlation_id = parts[0].correlation_id.clone();
    parts[1].options = None;
    parts.insert(1, request("b", 1));
    let answers = send(&server, parts).await;
    let revisions: HashMap<_, _> = answers
        .iter()
        .map(|answer| {
            let Some(Outcome::Success(success)) = &answer.result else {
                panic!("got {answer:?}");
            };
            let stream = answer.stream_identifier.as_ref().unwrap();
            (stream.stream_name.clone(), success.current_revision_option)
        })
        .collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(revisions[b"a".as_slice()], Some(CurrentRevisionOption::CurrentRevision(2)));
    assert_eq!(revisions[b"b".as_slice()], Some(CurrentRevisionOption::CurrentRevision(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_7_at_shutdown_what_was_taken_is_answered_before_the_call_ends() {
    let server = Server::start().await;
    let requests = stream::iter((0..400).map(|_| request("a", 1))).chain(stream::pending());
    let mut client = raw::streams(server.port).await;
    let mut answers = client.batch_append(requests).await.unwrap().into_inner();
    let mut answered = 0;
    let ended = loop {
        match soon(answers.message()).await {
            Ok(Some(answer)) => {
                assert_eq!(code(&answer), Code::Ok);
                answered += 1;
                server.shut_down();
            }
            Ok(None) => panic!("the call ended cleanly"),
            Err(status) => break status,
        }
    };
    assert_eq!(ended.code(), Code::Unavailable, "{ended:?}");
    let server = server.restart().await;
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(all_of(read.unwrap()).await.len(), answered);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_7_shutdown_answers_or_ends_the_call_with_an_error() {
    let server = Server::start().await;
    let batch = server.client.batch_append(&Default::default()).await.unwrap();
    let first = batch.append_to_stream("a", ExpectedRevision::Any, new_events(1));
    soon(first).await.unwrap();
    server.shut_down();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let after = batch.append_to_stream("a", ExpectedRevision::Any, new_events(1));
    assert!(soon(after).await.is_err());
    soon(server.stop()).await;
}
