//! The scenario of `kurrentdb`, the official Rust client of KurrentDB.

use std::time::Duration;

use kurrentdb::{
    AppendToStreamOptions, BatchAppendOptions, Client, CurrentRevision, DeleteStreamOptions, Error, EventData,
    Position, ReadAllOptions, ReadStream, ReadStreamOptions, ResolvedEvent, RetryOptions, StreamMetadataBuilder,
    StreamMetadataResult, StreamPosition, StreamState, SubscribeToAllOptions, SubscriptionFilter,
    TombstoneStreamOptions, WriteResult,
};

use crate::server::Server;

pub(crate) async fn scenario(mut server: Server) {
    let client = connect(&server);
    appends(&client).await;
    batches(&client).await;
    reads(&client).await;
    filters(&client).await;
    categories(&client).await;
    metadata(&client).await;
    errors(&client).await;
    deletes(&client).await;
    if server.is_guarded() {
        strangers(&server).await;
    }
    subscription(&client, &mut server).await;
}

fn connect(server: &Server) -> Client {
    let url = format!("{}&discoveryInterval=50&maxDiscoverAttempts=100", server.url());
    Client::new(url.parse().unwrap()).unwrap()
}

fn events(kind: &str, count: usize) -> Vec<EventData> {
    (0..count).map(|number| EventData::json(kind, &serde_json::json!({ "number": number })).unwrap()).collect()
}

async fn append(client: &Client, stream: &str, state: StreamState, count: usize) -> kurrentdb::Result<WriteResult> {
    let options = AppendToStreamOptions::default().stream_state(state);
    client.append_to_stream(stream, &options, events("Counted", count)).await
}

async fn all_of(mut read: ReadStream) -> Vec<ResolvedEvent> {
    let mut events = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        events.push(event);
    }
    events
}

fn revisions(events: &[ResolvedEvent]) -> Vec<u64> {
    events.iter().map(|event| event.get_original_event().revision).collect()
}

async fn appends(client: &Client) {
    use StreamState::{Any, NoStream, StreamExists, StreamRevision};
    for (state, count, revision) in [(NoStream, 2, 1), (Any, 1, 2), (StreamExists, 1, 3), (StreamRevision(3), 2, 5)] {
        let written = append(client, "appended", state, count).await.unwrap();
        assert_eq!(written.next_expected_version, revision, "{state:?}");
    }
    for (state, stream) in [(NoStream, "appended"), (StreamRevision(99), "appended"), (StreamExists, "nobody")] {
        let refused = append(client, stream, state, 1).await;
        let Err(Error::WrongExpectedVersion { expected, current }) = refused else {
            panic!("{state:?}: {refused:?}");
        };
        let there = if stream == "nobody" { CurrentRevision::NoStream } else { CurrentRevision::Current(5) };
        assert_eq!((expected, current), (state, there));
    }
}

async fn batches(client: &Client) {
    let batch = client.batch_append(&BatchAppendOptions::default()).await.unwrap();
    let all = (0..20_u64).map(|_| batch.append_to_stream("batched", StreamState::Any, events("Counted", 5)));
    for written in futures::future::join_all(all).await {
        assert!(written.unwrap().current_revision().is_some());
    }
    let refused = batch.append_to_stream("batched", StreamState::NoStream, events("Counted", 1)).await;
    assert!(
        matches!(refused, Err(Error::Grpc { ref message, .. }) if message == "WrongExpectedVersion"),
        "{refused:?}"
    );
}

async fn reads(client: &Client) {
    let options = ReadStreamOptions::default();
    let backwards = options.clone().backwards().position(StreamPosition::End);
    for (options, expected) in [
        (options.clone(), (0..100).collect::<Vec<_>>()),
        (options.clone().position(StreamPosition::Position(97)).max_count(2), vec![97, 98]),
        (backwards.clone().max_count(3), vec![99, 98, 97]),
        (backwards.position(StreamPosition::Position(1)), vec![1, 0]),
    ] {
        let read = client.read_stream("batched", &options).await.unwrap();
        assert_eq!(revisions(&all_of(read).await), expected);
    }
    let read = client.read_all(&ReadAllOptions::default().max_count(6)).await.unwrap();
    assert_eq!(revisions(&all_of(read).await), [0, 1, 2, 3, 4, 5]);
    let newest = ReadAllOptions::default().backwards().position(StreamPosition::End).max_count(1);
    let newest = all_of(client.read_all(&newest).await.unwrap()).await;
    assert_eq!((newest[0].get_original_stream_id(), revisions(&newest)), ("batched", vec![99]));
}

async fn filters(client: &Client) {
    for (stream, kind) in [("kind-1", "Red"), ("kind-2", "Blue"), ("other-1", "Red")] {
        client.append_to_stream(stream, &AppendToStreamOptions::default(), events(kind, 1)).await.unwrap();
    }
    let by_stream = SubscriptionFilter::on_stream_name();
    let by_type = SubscriptionFilter::on_event_type();
    for (filter, expected) in [
        (by_stream.clone().add_prefix("kind-"), vec!["kind-1", "kind-2"]),
        (by_type.clone().add_prefix("Re").add_prefix("Gr"), vec!["kind-1", "other-1"]),
        (by_type.regex("^(?!Counted).*e$"), vec!["kind-2"]),
        (by_stream.regex("1$"), vec!["kind-1", "other-1"]),
    ] {
        let read = client.read_all(&ReadAllOptions::default().filter(filter)).await.unwrap();
        let found = all_of(read).await;
        let found: Vec<&str> = found.iter().map(ResolvedEvent::get_original_stream_id).collect();
        assert_eq!(found, expected);
    }
}

async fn categories(client: &Client) {
    let resolved = ReadStreamOptions::default().resolve_link_tos();
    let found = all_of(client.read_stream("$ce-kind", &resolved).await.unwrap()).await;
    assert_eq!(revisions(&found), [0, 1]);
    let found: Vec<&str> = found.iter().map(|resolved| resolved.event.as_ref().unwrap().stream_id()).collect();
    assert_eq!(found, ["kind-1", "kind-2"]);
}

async fn metadata(client: &Client) {
    append(client, "kept", StreamState::NoStream, 5).await.unwrap();
    let none = client.get_stream_metadata("kept", &ReadStreamOptions::default()).await.unwrap();
    assert!(matches!(none, StreamMetadataResult::NotFound));
    let metadata = StreamMetadataBuilder::new().max_count(2).insert_custom_property("owner", "ann").build();
    client.set_stream_metadata("kept", &AppendToStreamOptions::default(), &metadata).await.unwrap();
    let read = client.get_stream_metadata("kept", &ReadStreamOptions::default()).await.unwrap();
    let StreamMetadataResult::Success(found) = read else {
        panic!("no metadata");
    };
    assert_eq!(*found.metadata(), metadata);
    let read = client.read_stream("kept", &ReadStreamOptions::default()).await.unwrap();
    assert_eq!(revisions(&all_of(read).await), [3, 4]);
}

async fn errors(client: &Client) {
    let mut read = client.read_stream("nobody", &ReadStreamOptions::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
    let huge = EventData::binary("Huge", vec![0; (1 << 20) + 1].into());
    let refused = client.append_to_stream("huge", &AppendToStreamOptions::default(), huge).await;
    // This client has no name for it.
    assert!(matches!(refused, Err(Error::Grpc { ref message, .. }) if message.contains("1048576")), "{refused:?}");
}

async fn deletes(client: &Client) {
    append(client, "deleted", StreamState::NoStream, 2).await.unwrap();
    let behind = DeleteStreamOptions::default().stream_state(StreamState::StreamRevision(99));
    let refused = client.delete_stream("deleted", &behind).await;
    // This client has no name for it.
    assert!(matches!(refused, Err(Error::Grpc { ref message, .. }) if message.contains("99")), "{refused:?}");
    let delete = client.delete_stream("deleted", &DeleteStreamOptions::default()).await;
    assert!(delete.unwrap().is_some());
    let mut read = client.read_stream("deleted", &ReadStreamOptions::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
    let written = append(client, "deleted", StreamState::Any, 1).await.unwrap();
    assert_eq!(written.next_expected_version, 2);
    let read = client.read_stream("deleted", &ReadStreamOptions::default()).await.unwrap();
    assert_eq!(revisions(&all_of(read).await), [2]);

    client.tombstone_stream("deleted", &TombstoneStreamOptions::default()).await.unwrap();
    let mut read = client.read_stream("deleted", &ReadStreamOptions::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceDeleted)));
    let refused = append(client, "deleted", StreamState::Any, 1).await;
    assert!(matches!(refused, Err(Error::ResourceDeleted)), "{refused:?}");
}

async fn strangers(server: &Server) {
    for who in ["ann:wrong@", "eve:s3cret@", ""] {
        let client = Client::new(server.url().replace("ann:s3cret@", who).parse().unwrap()).unwrap();
        let refused = append(&client, "guarded", StreamState::Any, 1).await;
        assert!(matches!(refused, Err(Error::AccessDenied)), "{who:?}: {refused:?}");
        let read = client.read_stream("appended", &ReadStreamOptions::default()).await;
        assert!(matches!(read, Err(Error::AccessDenied)), "{who:?}");
    }
}

async fn subscription(client: &Client, server: &mut Server) {
    let written = append(client, "live-1", StreamState::Any, 3).await.unwrap();
    let start = Position { commit: written.position.commit, prepare: written.position.prepare };
    let options = SubscribeToAllOptions::default()
        .position(StreamPosition::Position(start))
        .filter(SubscriptionFilter::on_stream_name().add_prefix("live-"))
        .retry_options(RetryOptions::default().retry_forever().retry_delay(Duration::from_millis(50)));
    let mut subscription = client.subscribe_to_all(&options).await;
    for round in 0..3 {
        let client = connect(server);
        append(&client, "live-2", StreamState::Any, 2).await.unwrap();
        for revision in [round * 2, round * 2 + 1] {
            let event = tokio::time::timeout(Duration::from_secs(20), subscription.next()).await;
            let event = event.expect("the subscription goes on").unwrap();
            let event = event.get_original_event();
            assert_eq!((event.stream_id(), event.revision), ("live-2", revision));
        }
        server.restart();
    }
}
