//! SPEC.md §4: reads of streams and of `$all`.

use eventstore::{
    Error, EventData, ExpectedRevision, Position, ReadAllOptions, ReadEvent, ReadStreamOptions, StreamPosition,
};
use uuid::Uuid;

use crate::harness::{Server, all_of, ids, revisions};
use crate::raw::{self, protocol::event_store::client::streams as wire};

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_1_what_was_appended_is_read_as_it_was() {
    let server = Server::shared().await;
    let before = std::time::SystemTime::now() - std::time::Duration::from_secs(2);
    let (json, binary) = (Uuid::new_v4(), Uuid::new_v4());
    let events = vec![
        EventData::json("Json.v1", &serde_json::json!({"a": [1, "ü"]}))
            .unwrap()
            .id(json)
            .metadata_as_json(&serde_json::json!({"actor": "ann"}))
            .unwrap(),
        EventData::binary("Binary.v1", vec![0, 255, 10].into()).id(binary),
    ];
    let written = server.append("mix", ExpectedRevision::Any, events).await.unwrap();
    let read = server.client.read_stream("mix", &Default::default()).await;
    let events = all_of(read.unwrap()).await;
    let first = events[0].get_original_event();
    assert_eq!((first.id, first.event_type.as_str()), (json, "Json.v1"));
    assert_eq!(first.stream_id, server.client.name("mix"));
    assert!(first.is_json);
    assert_eq!(first.as_json::<serde_json::Value>().unwrap()["a"][1], "ü");
    assert_eq!(first.custom_metadata, r#"{"actor":"ann"}"#);
    assert!(std::time::SystemTime::from(first.created) > before);
    let second = events[1].get_original_event();
    assert_eq!((second.id, second.event_type.as_str()), (binary, "Binary.v1"));
    assert!(!second.is_json);
    assert_eq!(second.data, vec![0, 255, 10]);
    assert_eq!(second.position, written.position);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_2_a_stream_is_read_from_a_revision_inclusively_both_ways() {
    let server = Server::shared().await;
    server.fill("a", 5).await;
    let options = ReadStreamOptions::default();
    let cases = [
        (options.clone(), vec![0, 1, 2, 3, 4]),
        (options.clone().position(StreamPosition::Position(3)), vec![3, 4]),
        (options.clone().position(StreamPosition::Position(9)), vec![]),
        (options.clone().max_count(2), vec![0, 1]),
        (options.clone().max_count(0), vec![]),
        (options.clone().position(StreamPosition::Position(1)).max_count(2), vec![1, 2]),
        (options.clone().position(StreamPosition::End).backwards(), vec![4, 3, 2, 1, 0]),
        (options.clone().backwards().position(StreamPosition::Position(2)), vec![2, 1, 0]),
        (options.clone().backwards().position(StreamPosition::Position(9)).max_count(1), vec![4]),
        (options.clone().backwards().position(StreamPosition::Position(0)), vec![0]),
    ];
    for (number, (options, expected)) in cases.into_iter().enumerate() {
        let read = server.client.read_stream("a", &options).await.unwrap();
        assert_eq!(revisions(&all_of(read).await), expected, "case {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_all_is_read_inclusively_forwards_and_exclusively_backwards() {
    let server = Server::start().await;
    let mut written = server.fill("a", 2).await;
    written.extend(server.fill("b", 3).await);
    let options = ReadAllOptions::default();
    let events = all_of(server.client.read_all(&options).await.unwrap()).await;
    assert_eq!(ids(&events), written);
    let third = StreamPosition::Position(events[2].get_original_event().position);

    let forwards = server.client.read_all(&options.clone().position(third)).await;
    assert_eq!(ids(&all_of(forwards.unwrap()).await), written[2..]);
    let backwards = options.clone().backwards().position(third);
    let backwards = all_of(server.client.read_all(&backwards).await.unwrap()).await;
    assert_eq!(ids(&backwards), [written[1], written[0]]);
    let newest = options.clone().position(StreamPosition::End).max_count(1);
    let newest = all_of(server.client.read_all(&newest).await.unwrap()).await;
    assert_eq!(ids(&newest), written[4..]);
    let beyond = StreamPosition::Position(Position { commit: u64::MAX, prepare: u64::MAX });
    let beyond = server.client.read_all(&options.position(beyond)).await.unwrap();
    assert!(all_of(beyond).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_4_a_stream_without_events_is_not_found() {
    let server = Server::start().await;
    let options = ReadStreamOptions::default();
    for options in [options.clone(), options.position(StreamPosition::End).backwards()] {
        let mut read = server.client.read_stream("nobody", &options).await.unwrap();
        assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
    }
    let empty = server.client.read_all(&ReadAllOptions::default()).await.unwrap();
    assert!(all_of(empty).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_5_a_read_of_any_length_is_complete_and_in_order() {
    let server = Server::start().await;
    let mut written = Vec::new();
    for _ in 0..13 {
        written.extend(server.fill("long", 100).await);
    }
    let options = ReadStreamOptions::default();
    let read = server.client.read_stream("long", &options).await.unwrap();
    assert_eq!(ids(&all_of(read).await), written);
    let read = server.client.read_all(&ReadAllOptions::default()).await.unwrap();
    assert_eq!(ids(&all_of(read).await), written);
    written.reverse();
    let backwards = options.position(StreamPosition::End).backwards();
    let read = server.client.read_stream("long", &backwards).await.unwrap();
    assert_eq!(ids(&all_of(read).await), written);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_6_a_client_that_asks_learns_where_a_stream_begins_and_ends() {
    let server = Server::shared().await;
    server.fill("a", 3).await;
    let options = ReadStreamOptions::default().max_count(1);
    let mut read = server.client.read_stream("a", &options).await.unwrap();
    let (mut first, mut last) = (None, None);
    while let Some(message) = read.next_read_event().await.unwrap() {
        match message {
            ReadEvent::FirstStreamPosition(revision) => first = Some(revision),
            ReadEvent::LastStreamPosition(revision) => last = Some(revision),
            _ => {}
        }
    }
    assert_eq!((first, last), (Some(0), Some(2)));
}

async fn filtered(port: u16, filter: wire::read_req::options::FilterOptions) -> Vec<wire::ReadResp> {
    use wire::read_req::options;
    let options = wire::read_req::Options {
        stream_option: Some(options::StreamOption::All(options::AllOptions {
            all_option: Some(options::all_options::AllOption::Start(())),
        })),
        count_option: Some(options::CountOption::Count(u64::MAX)),
        filter_option: Some(options::FilterOption::Filter(filter)),
        ..Default::default()
    };
    let request = wire::ReadReq { options: Some(options) };
    let mut answers = raw::streams(port).await.read(request).await.unwrap().into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        all.push(answer);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_7_a_filtered_read_shows_what_matches_with_ids_in_the_asked_form() {
    use wire::read_req::options::filter_options::{Expression, Filter};
    let server = Server::start().await;
    server.fill("a-1", 1).await;
    let wanted = server.fill("b-1", 600).await;
    server.fill("c-1", 1).await;
    let by_prefix =
        Filter::StreamIdentifier(Expression { prefix: vec!["b-".into(), "x-".into()], ..Default::default() });
    let by_regex = Filter::StreamIdentifier(Expression { regex: "^b".into(), ..Default::default() });
    for filter in [by_prefix, by_regex] {
        let options = wire::read_req::options::FilterOptions { filter: Some(filter), ..Default::default() };
        let answers = filtered(server.port, options).await;
        let found: Vec<Uuid> = answers.into_iter().map(structured_id).collect();
        assert_eq!(found, wanted);
    }
}

fn structured_id(answer: wire::ReadResp) -> Uuid {
    use raw::protocol::event_store::client::uuid::Value;
    let Some(wire::read_resp::Content::Event(event)) = answer.content else {
        panic!("not an event: {answer:?}");
    };
    match event.event.unwrap().id.unwrap().value.unwrap() {
        Value::Structured(bits) => {
            Uuid::from_u64_pair(bits.most_significant_bits.cast_unsigned(), bits.least_significant_bits.cast_unsigned())
        }
        Value::String(text) => panic!("a text id was not asked for: {text}"),
    }
}
