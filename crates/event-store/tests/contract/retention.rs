//! SPEC.md §6: what a stream's metadata hides.

use std::time::Duration;

use eventstore::{Error, EventData, ReadAllOptions, ReadStreamOptions, StreamMetadataBuilder, StreamPosition};

use crate::harness::{Server, all_of, revisions};

async fn visible(server: &Server, options: &ReadStreamOptions) -> Vec<u64> {
    let read = server.client.read_stream("a", options).await.unwrap();
    revisions(&all_of(read).await)
}

async fn limit(server: &Server, metadata: StreamMetadataBuilder) {
    let metadata = metadata.build();
    let options = Default::default();
    server.client.set_stream_metadata("a", &options, &metadata).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_1_max_count_shows_the_newest() {
    let server = Server::shared().await;
    server.fill("a", 5).await;
    limit(&server, StreamMetadataBuilder::new().max_count(2)).await;
    assert_eq!(visible(&server, &Default::default()).await, [3, 4]);
    let backwards = ReadStreamOptions::default().position(StreamPosition::End).backwards();
    assert_eq!(visible(&server, &backwards).await, [4, 3]);
    server.fill("a", 1).await;
    assert_eq!(visible(&server, &Default::default()).await, [4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_max_age_hides_the_old() {
    let server = Server::shared().await;
    server.fill("a", 2).await;
    // In seconds, as the real server reads it; the Rust client's builder writes milliseconds.
    let limit = EventData::json("$metadata", &serde_json::json!({ "$maxAge": 2 })).unwrap();
    let options = Default::default();
    server.client.append_to_stream("$$a", &options, limit).await.unwrap();
    assert_eq!(visible(&server, &Default::default()).await, [0, 1]);
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    server.fill("a", 1).await;
    assert_eq!(visible(&server, &Default::default()).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_3_truncation_hides_what_is_before_it() {
    let server = Server::shared().await;
    server.fill("a", 4).await;
    limit(&server, StreamMetadataBuilder::new().truncate_before(3)).await;
    assert_eq!(visible(&server, &Default::default()).await, [3]);
    limit(&server, StreamMetadataBuilder::new().truncate_before(9)).await;
    let mut read = server.client.read_stream("a", &Default::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
    limit(&server, StreamMetadataBuilder::new()).await;
    assert_eq!(visible(&server, &Default::default()).await, [0, 1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_4_what_is_hidden_stays_in_all_and_revisions_go_on() {
    let server = Server::start().await;
    server.fill("a", 3).await;
    limit(&server, StreamMetadataBuilder::new().max_count(1)).await;
    let all = server.client.read_all(&ReadAllOptions::default()).await.unwrap();
    assert_eq!(all_of(all).await.len(), 4);
    let expected = eventstore::ExpectedRevision::Exact(2);
    let written = server.append("a", expected, crate::harness::new_events(1)).await;
    assert_eq!(written.unwrap().revision, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_5_metadata_that_is_not_understood_hides_nothing() {
    let server = Server::shared().await;
    server.fill("a", 3).await;
    server.fill("$$a", 1).await;
    assert_eq!(visible(&server, &Default::default()).await, [0, 1, 2]);
}
