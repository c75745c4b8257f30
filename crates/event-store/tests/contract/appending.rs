//! SPEC.md §1 and §2: order, expected revisions, repeats, limits.

use eventstore::{CurrentRevision, Error, EventData, ExpectedRevision, ReadAllOptions, StreamMetadataBuilder};
use tonic::Code;
use uuid::Uuid;

use crate::harness::{Server, Written, all_of, event, ids, new_events, revisions, status};

fn wrong(result: Result<Written, Error>) -> (CurrentRevision, ExpectedRevision) {
    match result {
        Err(Error::WrongExpectedVersion { current, expected }) => (current, expected),
        other => panic!("expected WrongExpectedVersion, got {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_positions_increase_and_prepare_equals_commit() {
    let server = Server::start().await;
    server.fill("a", 3).await;
    server.fill("b", 2).await;
    server.fill("a", 1).await;
    let read = server.client.read_all(&ReadAllOptions::default()).await;
    let events = all_of(read.unwrap()).await;
    let positions: Vec<_> = events.iter().map(|e| e.get_original_event().position).collect();
    assert_eq!(positions.len(), 6);
    assert!(positions.iter().all(|p| p.commit == p.prepare && p.commit > 0));
    assert!(positions.windows(2).all(|pair| pair[0].commit < pair[1].commit));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_2_revisions_are_gapless_from_zero() {
    let server = Server::shared().await;
    server.fill("a", 2).await;
    server.fill("b", 1).await;
    server.fill("a", 2).await;
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(revisions(&all_of(read.unwrap()).await), [0, 1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_an_append_is_all_or_nothing() {
    let server = Server::shared().await;
    let mut events = new_events(2);
    events.push(EventData::binary("", vec![1].into()).id(Uuid::new_v4()));
    let refused = server.append("a", ExpectedRevision::Any, events).await;
    assert_eq!(status(&refused.unwrap_err()).0, Code::InvalidArgument);
    let mut read = server.client.read_stream("a", &Default::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_1_any_always_appends() {
    let server = Server::shared().await;
    let first = server.append("a", ExpectedRevision::Any, new_events(2)).await.unwrap();
    let second = server.append("a", ExpectedRevision::Any, new_events(1)).await.unwrap();
    assert_eq!(first.revision, 1);
    assert_eq!(second.revision, 2);
    assert!(second.position.commit > first.position.commit);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_2_no_stream_appends_to_a_new_stream_only() {
    let server = Server::shared().await;
    server.append("a", ExpectedRevision::NoStream, new_events(1)).await.unwrap();
    let refused = server.append("a", ExpectedRevision::NoStream, new_events(1)).await;
    assert_eq!(wrong(refused), (CurrentRevision::Current(0), ExpectedRevision::NoStream));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_3_stream_exists_appends_to_a_stream_with_events_only() {
    let server = Server::shared().await;
    let refused = server.append("a", ExpectedRevision::StreamExists, new_events(1)).await;
    assert_eq!(wrong(refused), (CurrentRevision::NoStream, ExpectedRevision::StreamExists));
    server.fill("a", 1).await;
    server.append("a", ExpectedRevision::StreamExists, new_events(1)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_an_exact_revision_must_be_the_last() {
    let server = Server::shared().await;
    let refused = server.append("a", ExpectedRevision::Exact(0), new_events(1)).await;
    assert_eq!(wrong(refused), (CurrentRevision::NoStream, ExpectedRevision::Exact(0)));
    server.fill("a", 3).await;
    for expected in [0, 1, 3] {
        let refused = server.append("a", ExpectedRevision::Exact(expected), new_events(1)).await;
        assert_eq!(wrong(refused), (CurrentRevision::Current(2), ExpectedRevision::Exact(expected)));
    }
    let written = server.append("a", ExpectedRevision::Exact(2), new_events(1)).await.unwrap();
    assert_eq!(written.revision, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_5_of_writers_that_expect_the_same_one_wins() {
    let server = Server::shared().await;
    let attempts = (0..16).map(|_| server.append("a", ExpectedRevision::NoStream, new_events(1)));
    let outcomes = futures::future::join_all(attempts).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_6_a_repeat_with_a_revision_gets_the_first_answer() {
    let server = Server::shared().await;
    let (one, two, three) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    let make = || vec![event(one), event(two)];
    let first = server.append("a", ExpectedRevision::NoStream, make()).await.unwrap();
    let next = server.append("a", ExpectedRevision::Exact(1), vec![event(three)]).await.unwrap();
    server.fill("a", 5).await;

    assert_eq!(server.append("a", ExpectedRevision::NoStream, make()).await.unwrap(), first);
    let repeated = server.append("a", ExpectedRevision::Exact(1), vec![event(three)]).await;
    assert_eq!(repeated.unwrap(), next);

    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(all_of(read.unwrap()).await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_6_the_right_ids_at_another_place_are_no_repeat() {
    let server = Server::shared().await;
    let id = Uuid::new_v4();
    server.fill("a", 2).await;
    server.append("a", ExpectedRevision::Exact(1), vec![event(id)]).await.unwrap();
    let refused = server.append("a", ExpectedRevision::Exact(0), vec![event(id)]).await;
    assert_eq!(wrong(refused).0, CurrentRevision::Current(2));
    // A repeat that goes beyond what was written is none either.
    let longer = vec![event(id), event(Uuid::new_v4())];
    wrong(server.append("a", ExpectedRevision::Exact(1), longer).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_7_a_repeat_without_a_revision_is_known_by_its_ids() {
    let server = Server::shared().await;
    for expected in [ExpectedRevision::Any, ExpectedRevision::StreamExists] {
        server.fill("a", 1).await;
        let (one, two) = (Uuid::new_v4(), Uuid::new_v4());
        let make = || vec![event(one), event(two)];
        let first = server.append("a", expected, make()).await.unwrap();
        server.fill("a", 3).await;
        assert_eq!(server.append("a", expected, make()).await.unwrap(), first);
        // The same ids in another stream are other events.
        let other = server.append("b", ExpectedRevision::Any, make()).await.unwrap();
        assert!(other.position.commit > first.position.commit);
    }
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(all_of(read.unwrap()).await.len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_7_a_mixture_of_known_and_new_ids_is_refused() {
    let server = Server::shared().await;
    let known = server.fill("a", 2).await;
    let new = Uuid::new_v4();
    for ids in [[known[1], new], [new, known[0]], [known[1], known[0]]] {
        let events = ids.map(event).to_vec();
        wrong(server.append("a", ExpectedRevision::Any, events).await);
    }
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(ids(&all_of(read.unwrap()).await), known);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_8_repeats_are_known_after_a_restart() {
    let server = Server::start().await;
    let id = Uuid::new_v4();
    let first = server.append("a", ExpectedRevision::NoStream, vec![event(id)]).await.unwrap();
    let server = server.restart().await;
    for expected in [ExpectedRevision::NoStream, ExpectedRevision::Any] {
        assert_eq!(server.append("a", expected, vec![event(id)]).await.unwrap(), first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_8_repeats_are_known_when_retention_hides_the_events() {
    let server = Server::shared().await;
    let id = Uuid::new_v4();
    let first = server.append("a", ExpectedRevision::NoStream, vec![event(id)]).await.unwrap();
    server.fill("a", 1).await;
    let metadata = StreamMetadataBuilder::new().max_count(1).build();
    server.client.set_stream_metadata("a", &Default::default(), &metadata).await.unwrap();
    for expected in [ExpectedRevision::NoStream, ExpectedRevision::Any] {
        assert_eq!(server.append("a", expected, vec![event(id)]).await.unwrap(), first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_9_an_empty_append_checks_and_writes_nothing() {
    let server = Server::shared().await;
    server.append("a", ExpectedRevision::NoStream, vec![]).await.unwrap();
    wrong(server.append("a", ExpectedRevision::StreamExists, vec![]).await);
    server.fill("a", 2).await;
    let written = server.append("a", ExpectedRevision::Exact(1), vec![]).await.unwrap();
    assert_eq!(written.revision, 1);
    wrong(server.append("a", ExpectedRevision::Exact(0), vec![]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_10_an_append_above_the_limit_is_refused_and_one_at_it_is_not() {
    let server = Server::shared().await;
    let sized = |bytes: usize| EventData::binary("b", vec![7; bytes - 1].into()).id(Uuid::new_v4());
    let refused = server.append("a", ExpectedRevision::Any, vec![sized((1 << 20) + 1)]).await;
    let error = refused.unwrap_err();
    let (code, message) = status(&error);
    assert_eq!(code, Code::InvalidArgument);
    assert!(message.contains("1048576"), "{message}");
    let halves = vec![sized(1 << 19), sized((1 << 19) + 1)];
    let refused = server.append("a", ExpectedRevision::Any, halves).await;
    assert_eq!(status(&refused.unwrap_err()).0, Code::InvalidArgument);
    server.append("a", ExpectedRevision::Any, vec![sized(1 << 20)]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_11_names_have_limits() {
    let server = Server::start().await;
    for name in ["", "$all", "$ce-message", "$$$$a", &"n".repeat(1_025)] {
        let refused = server.append(name, ExpectedRevision::Any, new_events(1)).await;
        assert_eq!(status(&refused.unwrap_err()).0, Code::InvalidArgument, "{name:?}");
    }
    server.fill(&"ñ".repeat(512), 1).await;
}
