//! SPEC.md §6: the end of a stream, until something is appended or for ever.

use eventstore::{
    DeleteStreamOptions, Error, ExpectedRevision, ReadAllOptions, StreamMetadataBuilder, StreamMetadataResult,
    StreamPosition, SubscribeToStreamOptions, TombstoneStreamOptions,
};
use tonic::Code;

use crate::harness::{Server, Written, all_of, new_events, next_event, revisions, status};

async fn visible(server: &Server) -> Result<Vec<u64>, Error> {
    let mut read = server.client.read_stream("a", &Default::default()).await?;
    let mut events = Vec::new();
    while let Some(event) = read.next().await? {
        events.push(event);
    }
    Ok(revisions(&events))
}

fn expecting(expected: ExpectedRevision) -> DeleteStreamOptions {
    DeleteStreamOptions::default().expected_revision(expected)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_6_a_deleted_stream_is_not_found_and_goes_on_where_it_was() {
    let server = Server::start().await;
    server.fill("a", 3).await;
    let deleted = server.client.delete_stream("a", &expecting(ExpectedRevision::Exact(2))).await.unwrap();
    assert!(deleted.is_some());
    assert!(matches!(visible(&server).await, Err(Error::ResourceNotFound)));
    let refused = server.append("a", ExpectedRevision::StreamExists, new_events(1)).await;
    assert!(matches!(refused, Err(Error::WrongExpectedVersion { .. })), "{refused:?}");
    let server = server.restart().await;
    let begun: Written = server.append("a", ExpectedRevision::NoStream, new_events(2)).await.unwrap();
    assert_eq!(begun.revision, 4);
    assert_eq!(visible(&server).await.unwrap(), [3, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_6_beginning_anew_is_one_append_and_can_be_repeated() {
    let server = Server::shared().await;
    server.fill("a", 3).await;
    server.client.delete_stream("a", &Default::default()).await.unwrap();
    let events = new_events(2);
    let first = server.append("a", ExpectedRevision::NoStream, events.clone()).await.unwrap();
    let again = server.append("a", ExpectedRevision::NoStream, events).await.unwrap();
    assert_eq!(first, again);
    let other = server.append("a", ExpectedRevision::NoStream, new_events(2)).await;
    assert!(matches!(other, Err(Error::WrongExpectedVersion { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_6_deleting_keeps_the_other_metadata() {
    let server = Server::shared().await;
    server.fill("a", 3).await;
    let metadata = StreamMetadataBuilder::new().max_count(9).insert_custom_property("owner", "us").build();
    server.client.set_stream_metadata("a", &Default::default(), &metadata).await.unwrap();
    server.client.delete_stream("a", &Default::default()).await.unwrap();
    server.fill("a", 1).await;
    let read = server.client.get_stream_metadata("a", &Default::default()).await.unwrap();
    let StreamMetadataResult::Success(read) = read else { panic!("no metadata") };
    assert_eq!(read.metadata().max_count, Some(9));
    assert!(read.metadata().custom_properties.contains_key("owner"));
    assert_eq!(visible(&server).await.unwrap(), [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_7_a_tombstoned_stream_is_deleted_for_ever() {
    let server = Server::start().await;
    server.fill("a", 3).await;
    let options = TombstoneStreamOptions::default().expected_revision(ExpectedRevision::Any);
    let ended = server.client.tombstone_stream("a", &options).await.unwrap().unwrap();
    let server = server.restart().await;
    assert!(matches!(visible(&server).await, Err(Error::ResourceDeleted)));
    let refused = server.append("a", ExpectedRevision::Any, new_events(1)).await;
    assert!(matches!(refused, Err(Error::ResourceDeleted)), "{refused:?}");
    let batch = server.client.batch_append(&Default::default()).await.unwrap();
    assert!(batch.append_to_stream("a", ExpectedRevision::Any, new_events(1)).await.is_err());
    let again = server.client.delete_stream("a", &Default::default()).await;
    assert!(matches!(again, Err(Error::ResourceDeleted)), "{again:?}");
    let all = all_of(server.client.read_all(&ReadAllOptions::default()).await.unwrap()).await;
    let end = all.last().unwrap().get_original_event();
    assert_eq!((end.event_type.as_str(), end.revision), ("$streamDeleted", i64::MAX as u64));
    assert_eq!(end.position, ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_8_a_removal_checks_its_expectation() {
    let server = Server::shared().await;
    server.fill("a", 3).await;
    for expected in [ExpectedRevision::Exact(1), ExpectedRevision::NoStream] {
        let refused = server.client.delete_stream("a", &expecting(expected)).await.unwrap_err();
        assert_eq!(status(&refused).0, Code::FailedPrecondition);
        let options = TombstoneStreamOptions::default().expected_revision(expected);
        let refused = server.client.tombstone_stream("a", &options).await.unwrap_err();
        assert!(status(&refused).1.contains("Actual version: 2"), "{refused:?}");
    }
    assert_eq!(visible(&server).await.unwrap(), [0, 1, 2]);
    let refused = server.client.delete_stream("absent", &expecting(ExpectedRevision::StreamExists)).await;
    assert!(refused.is_err());
    // Nothing is there to be deleted, which is no fault.
    assert_eq!(server.client.delete_stream("absent", &Default::default()).await.unwrap(), None);
    server.append("absent", ExpectedRevision::NoStream, new_events(1)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_6_a_subscription_goes_on_when_its_stream_begins_anew() {
    let server = Server::shared().await;
    server.fill("a", 2).await;
    let from_start = SubscribeToStreamOptions::default().start_from(StreamPosition::Start);
    let mut subscription = server.client.subscribe_to_stream("a", &from_start).await;
    for revision in 0..2 {
        assert_eq!(next_event(&mut subscription).await.get_original_event().revision, revision);
    }
    server.client.delete_stream("a", &Default::default()).await.unwrap();
    server.fill("a", 1).await;
    assert_eq!(next_event(&mut subscription).await.get_original_event().revision, 2);
}
