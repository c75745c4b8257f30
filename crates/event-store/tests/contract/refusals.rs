//! SPEC.md §8: refusals as clients take them apart, by trailers; seen without a client between.

use futures::stream;
use tonic::{Code, Status};

use crate::harness::Server;
use crate::raw::protocol::event_store::client::streams as wire;
use crate::raw::{self, batch_event};

fn trailers<const N: usize>(status: &Status, names: [&str; N]) -> [String; N] {
    names.map(|name| {
        status.metadata().get(name).unwrap_or_else(|| panic!("no {name}: {status:?}")).to_str().unwrap().into()
    })
}

async fn append(port: u16, name: &str, event: wire::append_req::ProposedMessage) -> Result<(), Status> {
    use wire::append_req::{Content, Options, options::ExpectedStreamRevision};
    let options = Options {
        stream_identifier: Some(raw::stream(name)),
        expected_stream_revision: Some(ExpectedStreamRevision::Any(())),
    };
    let contents = [Content::Options(options), Content::ProposedMessage(event)];
    let messages = contents.map(|content| wire::AppendReq { content: Some(content) });
    raw::streams(port).await.append(stream::iter(messages)).await.map(drop)
}

fn proposed(data: &[u8]) -> wire::append_req::ProposedMessage {
    let event = batch_event(data);
    wire::append_req::ProposedMessage {
        id: event.id,
        metadata: event.metadata,
        custom_metadata: event.custom_metadata,
        data: event.data,
    }
}

async fn tombstone(
    port: u16,
    name: &str,
    expected: wire::tombstone_req::options::ExpectedStreamRevision,
) -> Result<(), Status> {
    let options = wire::tombstone_req::Options {
        stream_identifier: Some(raw::stream(name)),
        expected_stream_revision: Some(expected),
    };
    raw::streams(port).await.tombstone(wire::TombstoneReq { options: Some(options) }).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_7_a_removal_says_where_the_stream_was_expected_and_where_it_is() {
    use wire::tombstone_req::options::ExpectedStreamRevision as Expected;
    let server = Server::start().await;
    server.fill("a", 3).await;
    for (stream, expected, asked, found) in [
        ("a", Expected::Revision(9), "9", "2"),
        ("a", Expected::NoStream(()), "-1", "2"),
        ("nobody", Expected::StreamExists(()), "-4", "-1"),
        ("nobody", Expected::Revision(0), "0", "-1"),
    ] {
        let status = tombstone(server.port, stream, expected).await.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
        let found = ["wrong-expected-version", stream, asked, found];
        assert_eq!(trailers(&status, ["exception", "stream-name", "expected-version", "actual-version"]), found);
        let words =
            format!("WrongExpectedVersion. Stream: {stream}, Expected version: {asked}, Actual version: {}", found[3]);
        assert_eq!(status.message(), words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_7_a_stream_that_was_ended_is_named() {
    use wire::tombstone_req::options::ExpectedStreamRevision as Expected;
    let server = Server::start().await;
    for (stream, written) in [("a b%", "a b%"), ("grüße", "gr%C3%BC%C3%9Fe")] {
        tombstone(server.port, stream, Expected::Any(())).await.unwrap();
        let again = tombstone(server.port, stream, Expected::Any(())).await.unwrap_err();
        let appended = append(server.port, stream, proposed(b"{}")).await.unwrap_err();
        let request = wire::ReadReq { options: Some(raw::read_stream(stream)) };
        let mut read = raw::streams(server.port).await.read(request).await.unwrap().into_inner();
        let read = read.message().await.unwrap_err();
        for status in [again, appended, read] {
            assert_eq!(status.code(), Code::FailedPrecondition);
            assert_eq!(trailers(&status, ["exception", "stream-name"]), ["stream-deleted", written]);
            assert!(status.message().contains("is deleted"), "{status:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_7_an_append_that_is_too_large_is_told_the_limit() {
    let server = Server::start().await;
    let status = append(server.port, "a", proposed(&vec![0; (1 << 20) + 1])).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let found = trailers(&status, ["exception", "maximum-append-size"]);
    assert_eq!(found, ["maximum-append-size-exceeded", "1048576"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_7_metadata_that_an_event_needs_is_named() {
    let server = Server::start().await;
    for missing in ["type", "content-type"] {
        let mut event = proposed(b"{}");
        event.metadata.remove(missing);
        let status = append(server.port, "a", event).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let found = trailers(&status, ["exception", "required-metadata-properties"]);
        assert_eq!(found, ["missing-required-metadata-property", missing]);
    }
}
