//! The relay on a real NATS: each public fact once, in order, each naming the one before it.

use std::time::Duration;

use async_nats::jetstream::stream::Stream;
use async_nats::{ConnectOptions, jetstream};
use events::public::{self, Audience};
use events::{Position, Visibility};
use projector::{AUDIENCE_HEADER, POSITION_HEADER, PREVIOUS_HEADER, STREAM};
use tokio::time::sleep;

use crate::engines::Engine;
use crate::world::{World, eventually};

/// A message of the stream.
#[derive(Debug, Clone, PartialEq)]
struct Relayed {
    subject: String,
    position: Position,
    previous: Position,
    audience: Audience,
    body: serde_json::Value,
}

async fn stream(url: &str) -> Option<Stream> {
    let identity = ConnectOptions::with_user_and_password("confab".to_owned(), "secret".to_owned());
    let client = identity.connect(url).await.ok()?;
    jetstream::new(client).get_stream(STREAM).await.ok()
}

async fn messages(url: &str) -> Vec<Relayed> {
    let Some(stream) = stream(url).await else { return Vec::new() };
    let state = stream.get_info().await.unwrap().state;
    let mut found = Vec::new();
    if state.messages == 0 {
        return found;
    }
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await.unwrap();
        let header = |name| message.headers.get(name).unwrap().as_str().to_owned();
        found.push(Relayed {
            subject: message.subject.to_string(),
            position: Position(header(POSITION_HEADER).parse().unwrap()),
            previous: Position(header(PREVIOUS_HEADER).parse().unwrap()),
            audience: serde_json::from_str(&header(AUDIENCE_HEADER)).unwrap(),
            body: serde_json::from_slice(&message.payload).unwrap(),
        });
    }
    found
}

async fn relayed(url: &str, newest: Position) -> Vec<Relayed> {
    eventually(&format!("{newest} is relayed"), async || {
        messages(url).await.last().is_some_and(|last| last.position >= newest)
    })
    .await;
    messages(url).await
}

fn public_positions(facts: &[events::Recorded]) -> Vec<Position> {
    facts.iter().filter(|fact| public::form(fact).is_some()).map(|fact| fact.position).collect()
}

/// Positions grow, and each message names the one before it.
fn is_a_chain(messages: &[Relayed]) {
    for pair in messages.windows(2) {
        assert!(pair[0].position < pair[1].position, "{pair:?}");
        assert_eq!(pair[1].previous, pair[0].position, "{pair:?}");
    }
}

/// A world whose relay has begun, so that everything from now on is relayed.
async fn world_with(nats: &Engine) -> World {
    let mut world = World::new().await;
    world.nats_url = nats.url();
    world
}

async fn begun(url: &str) {
    eventually("the relay has made its stream", async || stream(url).await.is_some()).await;
    // The stream is made before the head is asked for.
    sleep(Duration::from_millis(300)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_public_fact_is_relayed_once_in_order() {
    let nats = Engine::nats();
    let world = world_with(&nats).await;
    let _running = world.project();
    begun(&nats.url()).await;
    world.bustle(20).await;
    let ann = world.person("Zoe").await;
    let lunch = world.channel("zoo", Visibility::Public, ann).await;
    let (message, newest) = world.say(lunch, ann, "the last word", None).await;
    let messages = relayed(&nats.url(), newest).await;
    let positions: Vec<Position> = messages.iter().map(|message| message.position).collect();
    assert_eq!(positions, public_positions(&world.facts().await));
    is_a_chain(&messages);
    assert_eq!(messages[0].previous, Position::START);
    let last = messages.last().unwrap();
    assert_eq!(last.subject, format!("confab.event.conversation.{lunch}"));
    assert_eq!(last.audience, Audience::Conversation(lunch));
    assert_eq!(last.body["type"], "event");
    assert_eq!(last.body["cursor"], newest.0);
    assert_eq!(last.body["event"]["message"]["id"], message.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_relayed() {
    let nats = Engine::nats();
    let world = world_with(&nats).await;
    let _running = world.project();
    begun(&nats.url()).await;
    let ann = world.person("Ann").await;
    let lunch = world.channel("lunch", Visibility::Public, ann).await;
    let (_, newest) = world.say(lunch, ann, "hello", None).await;
    let messages = relayed(&nats.url(), newest).await;
    assert!(messages.len() >= 4);
    assert!(messages.iter().all(|message| !message.body.to_string().contains("ann@x.org")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_goes_on_where_the_stream_ends() {
    let nats = Engine::nats();
    let world = world_with(&nats).await;
    let running = world.project();
    begun(&nats.url()).await;
    world.bustle(5).await;
    running.kill().await;
    world.bustle(5).await;
    let _again = world.project();
    let facts = world.facts().await;
    let newest = *public_positions(&facts).last().unwrap();
    let messages = relayed(&nats.url(), newest).await;
    let positions: Vec<Position> = messages.iter().map(|message| message.position).collect();
    assert_eq!(positions, public_positions(&facts));
    is_a_chain(&messages);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_relays_one_wins_and_the_other_takes_over() {
    let nats = Engine::nats();
    let world = world_with(&nats).await;
    let (one, other) = (world.project(), world.project());
    begun(&nats.url()).await;
    world.bustle(20).await;
    one.kill().await;
    world.bustle(5).await;
    let facts = world.facts().await;
    let newest = *public_positions(&facts).last().unwrap();
    let messages = relayed(&nats.url(), newest).await;
    let positions: Vec<Position> = messages.iter().map(|message| message.position).collect();
    assert_eq!(positions, public_positions(&facts));
    is_a_chain(&messages);
    other.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_nats_is_away() {
    let mut nats = Engine::nats();
    let world = world_with(&nats).await;
    let _running = world.project();
    begun(&nats.url()).await;
    world.bustle(5).await;
    nats.kill();
    world.bustle(5).await;
    nats.start();
    world.bustle(1).await;
    let facts = world.facts().await;
    let newest = *public_positions(&facts).last().unwrap();
    let messages = relayed(&nats.url(), newest).await;
    let positions: Vec<Position> = messages.iter().map(|message| message.position).collect();
    assert_eq!(positions, public_positions(&facts));
    is_a_chain(&messages);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_that_forgot_everything_gets_what_follows() {
    let mut nats = Engine::nats();
    let world = world_with(&nats).await;
    let _running = world.project();
    begun(&nats.url()).await;
    world.bustle(3).await;
    let before = *public_positions(&world.facts().await).last().unwrap();
    relayed(&nats.url(), before).await;
    nats.kill();
    nats.forget();
    world.bustle(3).await;
    nats.start();
    let all = public_positions(&world.facts().await);
    let messages = relayed(&nats.url(), *all.last().unwrap()).await;
    let positions: Vec<Position> = messages.iter().map(|message| message.position).collect();
    let expected: Vec<Position> = all.into_iter().filter(|position| *position > before).collect();
    assert_eq!(positions, expected);
    assert_eq!(messages[0].previous, before);
    is_a_chain(&messages);
}
