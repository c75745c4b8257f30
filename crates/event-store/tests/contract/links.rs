//! SPEC.md §4 and §5: links, and categories read as streams of links.

use eventstore::{
    Error, EventData, ExpectedRevision, ReadAllOptions, ReadStreamOptions, ResolvedEvent, StreamMetadataBuilder,
    StreamPosition, SubscribeToAllOptions, SubscribeToStreamOptions, SubscriptionFilter,
};
use uuid::Uuid;

use crate::harness::{Server, all_of, ids, next_event, revisions, until_caught_up};

fn link_to(target: &str) -> EventData {
    EventData::binary("$>", target.to_owned().into()).id(Uuid::new_v4())
}

async fn link(server: &Server, targets: &[&str]) {
    let links = targets.iter().map(|target| link_to(target)).collect();
    server.append("links", ExpectedRevision::Any, links).await.unwrap();
}

async fn read(server: &Server, name: &str, options: &ReadStreamOptions) -> Vec<ResolvedEvent> {
    all_of(server.client.read_stream(name, options).await.unwrap()).await
}

async fn limit(server: &Server, stream: &str, metadata: StreamMetadataBuilder) {
    server.client.set_stream_metadata(stream, &Default::default(), &metadata.build()).await.unwrap();
}

fn resolved() -> ReadStreamOptions {
    ReadStreamOptions::default().resolve_link_tos()
}

fn target(event: &ResolvedEvent) -> Option<Uuid> {
    event.event.as_ref().map(|event| event.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_8_a_link_is_shown_with_its_event_to_who_asks() {
    let server = Server::start().await;
    let there = server.fill("a@b", 3).await;
    link(&server, &["2@a@b", "0@a@b", "0@links"]).await;

    let plain = read(&server, "links", &ReadStreamOptions::default()).await;
    assert!(plain.iter().all(|event| event.link.is_none()));
    assert_eq!(plain[0].event.as_ref().unwrap().data, "2@a@b");

    let both = read(&server, "links", &resolved()).await;
    assert_eq!([target(&both[0]), target(&both[1])], [Some(there[2]), Some(there[0])]);
    assert_eq!(revisions(&both), [0, 1, 2], "the link says where it was read");
    let shown = both[0].event.as_ref().unwrap();
    assert_eq!((shown.stream_id.as_str(), shown.revision), ("a@b", 2));
    assert_eq!(target(&both[2]), Some(plain[0].get_original_event().id), "one step, not two");

    let all = all_of(server.client.read_all(&ReadAllOptions::default().resolve_link_tos()).await.unwrap()).await;
    let links: Vec<_> = all.iter().filter(|event| event.link.is_some()).map(target).collect();
    assert_eq!(links, both.iter().map(target).collect::<Vec<_>>());
    let backwards = resolved().backwards().position(StreamPosition::Position(1));
    let backwards = read(&server, "links", &backwards).await;
    assert_eq!([target(&backwards[0]), target(&backwards[1])], [Some(there[0]), Some(there[2])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_8_a_link_to_nothing_is_shown_alone() {
    let server = Server::start().await;
    for stream in ["cut", "deleted", "ended", "short"] {
        server.fill(stream, 2).await;
    }
    limit(&server, "cut", StreamMetadataBuilder::new().truncate_before(1)).await;
    server.client.delete_stream("deleted", &Default::default()).await.unwrap();
    server.client.tombstone_stream("ended", &Default::default()).await.unwrap();
    link(&server, &["0@cut", "1@deleted", "1@ended", "2@short", "0@nobody", "not a link", "0@", "1@cut"]).await;
    let read = read(&server, "links", &resolved()).await;
    let found: Vec<bool> = read.iter().map(|event| event.event.is_some()).collect();
    assert_eq!(found, [false, false, false, false, false, false, false, true]);
    assert!(read.iter().all(|event| event.link.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_9_a_category_is_read_as_a_stream_of_links() {
    let server = Server::start().await;
    let mut written = server.fill("order-1", 2).await;
    server.fill("other-1", 1).await;
    server.fill("order", 1).await;
    server.fill("orders-1", 1).await;
    server.fill("$order-1", 1).await;
    written.extend(server.fill("order-2-x", 2).await);
    written.extend(server.fill("order-1", 1).await);

    let links = read(&server, "$ce-order", &ReadStreamOptions::default()).await;
    let shown: Vec<_> =
        links.iter().map(|event| String::from_utf8(event.get_original_event().data.to_vec()).unwrap()).collect();
    assert_eq!(shown, ["0@order-1", "1@order-1", "0@order-2-x", "1@order-2-x", "2@order-1"]);
    let first = links[0].get_original_event();
    assert_eq!((first.stream_id.as_str(), first.event_type.as_str()), ("$ce-order", "$>"));
    assert_eq!(revisions(&links), [0, 1, 2, 3, 4]);

    let both = read(&server, "$ce-order", &resolved()).await;
    assert_eq!(both.iter().map(|event| target(event).unwrap()).collect::<Vec<_>>(), written);
    assert_eq!(ids(&both), ids(&links), "a link keeps its id");
    let positions = both.iter().map(|event| event.get_original_event().position);
    assert!(positions.eq(both.iter().map(|event| event.event.as_ref().unwrap().position)));

    for (options, expected) in [
        (resolved().position(StreamPosition::Position(3)), vec![3, 4]),
        (resolved().max_count(2), vec![0, 1]),
        (resolved().backwards().position(StreamPosition::End), vec![4, 3, 2, 1, 0]),
        (resolved().backwards().position(StreamPosition::Position(2)).max_count(2), vec![2, 1]),
    ] {
        assert_eq!(revisions(&read(&server, "$ce-order", &options).await), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_9_a_category_survives_a_restart_and_is_complete_at_any_length() {
    let server = Server::start().await;
    let mut written = Vec::new();
    for round in 0..13 {
        written.extend(server.fill(&format!("order-{round}"), 100).await);
        server.fill("other-1", 1).await;
    }
    let server = server.restart().await;
    written.extend(server.fill("order-last", 1).await);
    let both = read(&server, "$ce-order", &resolved()).await;
    assert_eq!(both.iter().map(|event| target(event).unwrap()).collect::<Vec<_>>(), written);
    assert!(revisions(&both).into_iter().eq(0..1_301));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_9_what_is_hidden_in_its_stream_is_a_link_alone() {
    let server = Server::start().await;
    for stream in ["order-1", "order-2", "order-3"] {
        server.fill(stream, 2).await;
    }
    limit(&server, "order-1", StreamMetadataBuilder::new().max_count(1)).await;
    server.client.delete_stream("order-2", &Default::default()).await.unwrap();
    let both = read(&server, "$ce-order", &resolved()).await;
    let found: Vec<bool> = both.iter().map(|event| event.event.is_some()).collect();
    assert_eq!(found, [false, true, false, false, true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_9_a_category_of_nothing_is_not_found_and_none_can_be_appended_to() {
    let server = Server::start().await;
    server.fill("order-1", 1).await;
    for name in ["$ce-nobody", "$ce-", "$ce-orde"] {
        let mut read = server.client.read_stream(name, &resolved()).await.unwrap();
        assert!(matches!(read.next().await, Err(Error::ResourceNotFound)), "{name}");
    }
    let refused = server.append("$ce-order", ExpectedRevision::Any, vec![link_to("0@order-1")]).await;
    assert!(refused.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_10_a_category_is_subscribed_to_across_the_switch_to_live() {
    let server = Server::start().await;
    let mut written = server.fill("order-1", 600).await;
    server.fill("other-1", 5).await;
    let from_start = SubscribeToStreamOptions::default().start_from(StreamPosition::Start).resolve_link_tos();
    let mut subscription = server.client.subscribe_to_stream("$ce-order", &from_start).await;
    for expected in &written {
        assert_eq!(target(&next_event(&mut subscription).await), Some(*expected));
    }
    until_caught_up(&mut subscription).await;
    for round in 0..20 {
        written.extend(server.fill(&format!("order-{round}"), 2).await);
        server.fill("other-1", 1).await;
        for number in [600 + 2 * round, 601 + 2 * round] {
            let event = next_event(&mut subscription).await;
            assert_eq!((target(&event), revisions(&[event])), (Some(written[number]), vec![number as u64]));
        }
    }
    let after = SubscribeToStreamOptions::default().start_from(StreamPosition::Position(638));
    let mut subscription = server.client.subscribe_to_stream("$ce-order", &after).await;
    let event = next_event(&mut subscription).await;
    assert_eq!((event.get_original_event().revision, event.link.is_none()), (639, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_10_a_category_that_comes_later_and_one_from_its_end() {
    let server = Server::start().await;
    let start = SubscribeToStreamOptions::default().start_from(StreamPosition::Start).resolve_link_tos();
    let mut early = server.client.subscribe_to_stream("$ce-order", &start).await;
    until_caught_up(&mut early).await;
    let first = server.fill("order-1", 1).await;
    assert_eq!(target(&next_event(&mut early).await), Some(first[0]));
    let end = SubscribeToStreamOptions::default().start_from(StreamPosition::End).resolve_link_tos();
    let mut late = server.client.subscribe_to_stream("$ce-order", &end).await;
    until_caught_up(&mut late).await;
    let second = server.fill("order-2", 1).await;
    assert_eq!(target(&next_event(&mut late).await), Some(second[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_10_links_are_resolved_in_subscriptions() {
    let server = Server::start().await;
    let there = server.fill("a", 2).await;
    link(&server, &["1@a"]).await;
    let options = SubscribeToStreamOptions::default().start_from(StreamPosition::Start).resolve_link_tos();
    let mut stream = server.client.subscribe_to_stream("links", &options).await;
    let filter = SubscriptionFilter::on_stream_name().add_prefix("links");
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start).filter(filter).resolve_link_tos();
    let mut all = server.client.subscribe_to_all(&options).await;
    for expected in [1, 0] {
        assert_eq!(target(&next_event(&mut stream).await), Some(there[expected]));
        assert_eq!(target(&next_event(&mut all).await), Some(there[expected]));
        link(&server, &["0@a"]).await;
    }
}
