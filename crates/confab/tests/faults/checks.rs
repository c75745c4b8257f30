//! The invariants of the architecture, checked from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use event_log::EventLog;
use events::{Category, Fact, MessageEvent, Position};
use serde_json::Value;

use crate::cluster::{Cluster, Person};
use crate::talker::Outcome;

/// Everything that must be true once all is quiet again.
pub async fn all(cluster: &Cluster, outcome: Outcome) {
    assert!(outcome.acknowledged.len() > 20, "hardly anybody spoke: {}", outcome.acknowledged.len());
    let stored = stored(cluster, &outcome.channel).await;
    acknowledged_are_stored_once_at_their_position(&outcome, &stored);
    nothing_is_stored_that_nobody_sent(&outcome, &stored);
    every_client_was_shown_everything_once_in_order(&outcome, &stored);
    reads_answer_what_the_store_holds(cluster, &outcome, &stored).await;
    unread_equals_a_recount(cluster, &outcome, &stored).await;
}

/// A message of the channel as the store holds it.
struct Stored {
    position: u64,
    id: String,
    author: String,
}

async fn stored(cluster: &Cluster, channel: &str) -> Vec<Stored> {
    let log = EventLog::connect(&cluster.event_store_url()).unwrap();
    let facts = log.read_all(vec![Category::Message.prefix()], Position::START, usize::MAX).await.unwrap();
    let posted = facts.into_iter().filter_map(|fact| match fact.event {
        Fact::Message { message, event: MessageEvent::MessagePosted { conversation, author, .. } } => (conversation
            .to_string()
            == channel)
            .then(|| Stored { position: fact.position.0, id: message.to_string(), author: author.to_string() }),
        _ => None,
    });
    posted.collect()
}

fn acknowledged_are_stored_once_at_their_position(outcome: &Outcome, stored: &[Stored]) {
    let mut found: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for message in stored {
        found.entry(&message.id).or_default().push(message.position);
    }
    for (id, position) in &outcome.acknowledged {
        assert_eq!(found.get(id.as_str()), Some(&vec![*position]), "acknowledged message {id}");
    }
}

fn nothing_is_stored_that_nobody_sent(outcome: &Outcome, stored: &[Stored]) {
    let sent: BTreeSet<&str> = outcome.sent.iter().map(String::as_str).collect();
    let ghosts: Vec<&str> = stored.iter().map(|message| message.id.as_str()).filter(|id| !sent.contains(id)).collect();
    assert_eq!(ghosts, Vec::<&str>::new());
}

fn every_client_was_shown_everything_once_in_order(outcome: &Outcome, stored: &[Stored]) {
    let expected: Vec<(u64, &str)> = stored.iter().map(|message| (message.position, message.id.as_str())).collect();
    for (n, shown) in outcome.shown.iter().enumerate() {
        let shown = shown.lock().unwrap();
        let shown: Vec<(u64, &str)> = shown.iter().map(|(position, id)| (*position, id.as_str())).collect();
        let missing = expected.iter().filter(|message| !shown.contains(message)).count();
        assert!(shown == expected, "client {n} was shown {} of {}, {missing} missing", shown.len(), expected.len());
    }
}

async fn reads_answer_what_the_store_holds(cluster: &Cluster, outcome: &Outcome, stored: &[Stored]) {
    let expected: Vec<&str> = stored.iter().map(|message| message.id.as_str()).collect();
    let start = Instant::now();
    loop {
        let read = history(cluster, &outcome.people[0], &outcome.channel).await;
        if read.as_ref().is_some_and(|read| *read == expected) {
            return;
        }
        let count = read.map(|read| read.len());
        assert!(start.elapsed() < Duration::from_secs(30), "read {count:?} messages of {}", expected.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// All pages, oldest first; nothing while the read models are away.
async fn history(cluster: &Cluster, person: &Person, channel: &str) -> Option<Vec<String>> {
    let (mut ids, mut query) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/conversations/{channel}/messages?limit=100{query}");
        let (status, page) = cluster.get(person, &path).await;
        if status != 200 {
            return None;
        }
        let items = page["items"].as_array()?;
        ids.splice(0..0, items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["before"].as_u64() {
            Some(before) => query = format!("&before={before}"),
            None => return Some(ids),
        }
    }
}

async fn unread_equals_a_recount(cluster: &Cluster, outcome: &Outcome, stored: &[Stored]) {
    for person in &outcome.people {
        let (status, shown) = cluster.get(person, &format!("/v1/conversations/{}", outcome.channel)).await;
        assert_eq!(status, 200, "{shown}");
        let others = stored.iter().filter(|message| message.author != person.id).count();
        assert_eq!(shown["unread_count"], Value::from(others.min(100)), "{shown}");
    }
}
