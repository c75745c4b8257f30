//! The log against the real embedded store, through the official client, with the store coming and going.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use event_log::{Appended, Delivery, EventLog, Expected, LogError, NewEvent, Retention};
use event_store::{EventStore, Options, serve};
use events::{
    Category, ConversationId, Fact, MessageEvent, MessageId, Metadata, Pointers, Position, ReceiptEvent, Recorded,
    StreamName, UserId,
};
use eventstore::{Client, ReadStreamOptions, StreamPosition};
use futures::StreamExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

struct Store {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

impl Store {
    async fn start(folder: &Path, address: SocketAddr) -> Self {
        Self::start_with(Options::new(folder), address).await
    }

    async fn start_with(options: Options, address: SocketAddr) -> Self {
        let store = EventStore::open(options).unwrap();
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopping = stop.clone();
        let served = tokio::spawn(async move { serve(store, listener, stopping).await.unwrap() });
        Self { address, stop, served }
    }

    async fn stop(self) -> SocketAddr {
        self.stop.cancel();
        self.served.await.unwrap();
        self.address
    }
}

fn free() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

fn connect(store: &Store) -> EventLog {
    EventLog::connect(&format!("esdb://{}?tls=false", store.address)).unwrap()
}

fn message(number: u128) -> (StreamName, NewEvent<MessageEvent>) {
    let id = Uuid::from_u128(number);
    let conversation = ConversationId::new(Uuid::from_u128(1));
    let author = UserId::new(Uuid::from_u128(2));
    let event = MessageEvent::MessagePosted {
        conversation,
        author,
        text: number.to_string(),
        thread: None,
        files: vec![],
        in_channel: false,
        answers: None,
        forwards: None,
    };
    let metadata = Metadata { actor: Some(author), session: None, correlation_id: id, causation_id: id };
    (StreamName::message(MessageId::new(id)), NewEvent { id, event, metadata })
}

async fn post(log: &EventLog, number: u128) -> Position {
    let (stream, event) = message(number);
    match log.append_pipelined(&stream, Expected::NoStream, vec![event]).await.unwrap() {
        Appended::At(position) => position,
        Appended::Conflict => panic!("message {number} is there already"),
    }
}

fn prefixes() -> Vec<String> {
    vec![Category::Message.prefix()]
}

async fn next_fact(facts: &mut (impl StreamExt<Item = Delivery> + Unpin)) -> Recorded {
    loop {
        match timeout(Duration::from_secs(20), facts.next()).await.unwrap().unwrap() {
            Delivery::Fact(fact) => return *fact,
            Delivery::Checkpoint(_) | Delivery::CaughtUp | Delivery::FellBehind => {}
            Delivery::Poison { stream, reason, .. } => panic!("{stream}: {reason}"),
        }
    }
}

fn text(fact: &Recorded) -> &str {
    match &fact.event {
        Fact::Message { event: MessageEvent::MessagePosted { text, .. }, .. } => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_was_appended_is_read_back_with_its_metadata() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    let (stream, event) = message(7);
    assert_eq!(log.read::<MessageEvent>(&stream).await.unwrap().end.revision, None);
    let Appended::At(position) = log.append(&stream, Expected::NoStream, vec![event.clone()]).await.unwrap() else {
        panic!("refused")
    };
    let history = log.read::<MessageEvent>(&stream).await.unwrap();
    assert_eq!((history.end.revision, history.events.len()), (Some(0), 1));
    let read = &history.events[0];
    assert_eq!((&read.event, &read.metadata, read.position), (&event.event, &event.metadata, position));
    assert_eq!(log.head().await.unwrap(), position);
}

#[tokio::test]
async fn the_same_append_again_is_the_same_and_another_conflicts() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    let first = post(&log, 1).await;
    let (stream, event) = message(1);
    for _ in 0..3 {
        let again = log.append_pipelined(&stream, Expected::NoStream, vec![event.clone()]).await.unwrap();
        assert_eq!(again, Appended::At(first));
    }
    let other = NewEvent { id: Uuid::from_u128(99), ..event };
    assert_eq!(
        log.append_pipelined(&stream, Expected::NoStream, vec![other.clone()]).await.unwrap(),
        Appended::Conflict
    );
    assert_eq!(log.append(&stream, Expected::Exact(5), vec![other.clone()]).await.unwrap(), Appended::Conflict);
    assert!(matches!(log.append(&stream, Expected::Exact(0), vec![other]).await.unwrap(), Appended::At(_)));
}

#[tokio::test]
async fn a_conflict_does_not_disturb_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    post(&log, 1).await;
    let appends = (0..200_u128).map(|number| {
        let log = log.clone();
        async move {
            let (stream, mut event) = message(if number % 10 == 0 { 1 } else { 1000 + number });
            event.id = Uuid::from_u128(5000 + number);
            log.append_pipelined(&stream, Expected::NoStream, vec![event]).await.unwrap()
        }
    });
    let answers = futures::future::join_all(appends).await;
    assert_eq!(answers.iter().filter(|answer| **answer == Appended::Conflict).count(), 20);
}

#[tokio::test]
async fn a_subscription_outlives_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    let mut facts = log.subscribe(prefixes(), None);
    post(&log, 1).await;
    assert_eq!(text(&next_fact(&mut facts).await), "1");
    let mut address = store.stop().await;
    for number in 2..5 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let store = Store::start(folder.path(), address).await;
        post(&log, number).await;
        assert_eq!(text(&next_fact(&mut facts).await), number.to_string());
        address = store.stop().await;
    }
}

#[tokio::test]
async fn an_append_waits_for_a_store_that_is_away_for_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    post(&log, 1).await;
    let address = store.stop().await;
    let restart = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        Store::start(folder.path(), address).await
    };
    let (position, _store) = futures::join!(post(&log, 2), restart);
    assert!(position > Position::START);
}

#[tokio::test]
async fn a_store_that_stays_away_is_unavailable_and_not_for_ever_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    store.stop().await;
    let (stream, event) = message(1);
    let outcome = timeout(Duration::from_secs(15), log.append(&stream, Expected::NoStream, vec![event])).await;
    assert!(outcome.unwrap().is_err());
}

#[tokio::test]
async fn a_full_store_says_so_at_once_and_still_reads() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::new(folder.path());
    // No disk has so much left.
    options.spare_bytes = u64::MAX / 2;
    let store = Store::start_with(options, free()).await;
    let log = connect(&store);
    let (stream, event) = message(1);
    let refused = log.append(&stream, Expected::Any, vec![event.clone()]).await;
    assert!(matches!(refused, Err(LogError::Full)), "{refused:?}");
    let refused = log.append_pipelined(&stream, Expected::NoStream, vec![event]).await;
    assert!(matches!(refused, Err(LogError::Full)), "{refused:?}");
    assert_eq!(log.read::<MessageEvent>(&stream).await.unwrap().end.revision, None);
}

#[tokio::test]
async fn a_bounded_read_gives_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    assert!(log.read_all(prefixes(), Position::START, 10).await.unwrap().is_empty());
    let mut positions = Vec::new();
    for number in 1..=25 {
        positions.push(post(&log, number).await);
    }
    let all = log.read_all(prefixes(), Position::START, 100).await.unwrap();
    assert_eq!(all.iter().map(|fact| fact.position).collect::<Vec<_>>(), positions);
    let some = log.read_all(prefixes(), positions[9], 5).await.unwrap();
    assert_eq!(some.iter().map(|fact| fact.position).collect::<Vec<_>>(), positions[10..15]);
    assert!(log.read_all(vec!["other-".to_owned()], Position::START, 100).await.unwrap().is_empty());
}

#[tokio::test]
async fn checkpoints_follow_what_does_not_match() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let log = connect(&store);
    let mut others = log.subscribe(vec!["account-".to_owned()], None);
    let newest = {
        post(&log, 1).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        post(&log, 2).await
    };
    let reached = timeout(Duration::from_secs(2), async {
        loop {
            if let Delivery::Checkpoint(position) = others.next().await.unwrap()
                && position >= newest
            {
                return;
            }
        }
    });
    reached.await.expect("a live subscription learns promptly that nothing of its own happened");
}

fn reads(number: u64) -> NewEvent<ReceiptEvent> {
    let (id, position) = (Uuid::from_u128(7000 + u128::from(number)), Position(number));
    let metadata = Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
    NewEvent {
        id,
        event: ReceiptEvent::ReadUpTo(Pointers { delivered: position, read: position, ..Pointers::default() }),
        metadata,
    }
}

fn receipt() -> StreamName {
    StreamName::receipt(ConversationId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)))
}

#[tokio::test]
async fn a_stream_keeps_its_newest_event_and_its_revisions_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let (log, stream) = (connect(&store), receipt());
    log.retain(&stream, Retention::Newest(1)).await.unwrap();
    let mut expected = Expected::NoStream;
    for number in 0..3 {
        let appended = log.append(&stream, expected, vec![reads(number)]).await.unwrap();
        let Appended::At(position) = appended else { panic!("{expected:?} was refused") };
        let history = log.read::<ReceiptEvent>(&stream).await.unwrap();
        let kept: Vec<_> = history.events.iter().map(|kept| (kept.revision, kept.position)).collect();
        assert_eq!((history.end.revision, kept), (Some(number), vec![(number, position)]));
        expected = Expected::Exact(number);
    }
    for gone in [Expected::NoStream, Expected::Exact(0), Expected::Exact(1)] {
        assert_eq!(log.append(&stream, gone, vec![reads(9)]).await.unwrap(), Appended::Conflict, "{gone:?}");
    }
}

#[tokio::test]
async fn what_is_too_old_reads_as_absent_though_the_stream_exists() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let (log, stream) = (connect(&store), receipt());
    log.retain(&stream, Retention::For(Duration::from_secs(1))).await.unwrap();
    log.append(&stream, Expected::NoStream, vec![reads(0)]).await.unwrap();
    assert_eq!(log.read::<ReceiptEvent>(&stream).await.unwrap().end.revision, Some(0));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let history = log.read::<ReceiptEvent>(&stream).await.unwrap();
    assert_eq!((history.end.revision, history.events.len()), (None, 0));
    assert_eq!(log.append(&stream, Expected::NoStream, vec![reads(1)]).await.unwrap(), Appended::Conflict);
    assert!(matches!(log.append(&stream, Expected::Any, vec![reads(1)]).await.unwrap(), Appended::At(_)));
    assert_eq!(log.read::<ReceiptEvent>(&stream).await.unwrap().end.revision, Some(1));
}

#[tokio::test]
async fn what_a_stream_keeps_is_said_once_and_in_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::start(folder.path(), free()).await;
    let (log, stream) = (connect(&store), receipt());
    log.retain(&stream, Retention::For(Duration::from_secs(60))).await.unwrap();
    log.retain(&stream, Retention::Newest(1)).await.unwrap();
    let client = Client::new(format!("esdb://{}?tls=false", store.address).parse().unwrap()).unwrap();
    let options = ReadStreamOptions::default().position(StreamPosition::Start);
    let mut metadata = client.read_stream(format!("$${stream}"), &options).await.unwrap();
    let resolved = metadata.next().await.unwrap().unwrap();
    let written = resolved.get_original_event();
    assert_eq!((written.event_type.as_str(), &written.data[..]), ("$metadata", &br#"{"$maxAge":60}"#[..]));
    assert!(metadata.next().await.unwrap().is_none());
}
