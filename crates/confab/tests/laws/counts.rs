//! Counts equal a recount: what routes tell somebody is what the facts come to, message by message and in all.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::rig::{Person, text};

/// How long it may take until it was decided whom the last message notifies.
const PATIENCE: Duration = Duration::from_secs(15);

/// Everything that this person is told, against a recount of each of her conversations.
pub async fn equal_a_recount(person: &Person, fetched: &Value, seed: u64) {
    for (id, held) in fetched["conversations"].as_object().unwrap() {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (told, recount) = (told(person, id, held).await, recount(person, id).await);
            assert_eq!(recount["differing"], json!([]), "seed {seed}, {} in {id}", person.id);
            if recount["counted"] == told {
                break;
            }
            assert!(Instant::now() < deadline, "seed {seed}, {} in {id}: {told} is told, {recount}", person.id);
            sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn recount(person: &Person, conversation: &str) -> Value {
    loop {
        let answer = person.get(&format!("/v1/conversations/{conversation}/recount")).await;
        // While something of hers happens the two sides cannot be compared.
        if answer.status != 503 {
            return answer.expect(200);
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// The sums of what other routes tell.
async fn told(person: &Person, conversation: &str, held: &Value) -> Value {
    let card = &held["card"];
    let threads: Vec<&Value> = held["threads"].as_object().unwrap().values().collect();
    let answers = threads.iter().flat_map(|thread| thread["items"].as_array().unwrap());
    let all = held["messages"].as_array().unwrap().iter().chain(answers);
    let messages: BTreeMap<String, &Value> = all.map(|message| (text(&message["id"]), message)).collect();
    let reactions = |message: &&Value| -> usize {
        let reactions = message["reactions"].as_array().unwrap().iter();
        reactions.map(|reaction| reaction["users"].as_array().unwrap().len()).sum()
    };
    let followed = followed(person, conversation).await;
    json!({
        "is_member": card["is_member"],
        "read_position": card["read_position"],
        "unread_count": card["unread_count"],
        "mention_count": mentions(person, conversation).await,
        "message_count": messages.values().filter(|message| message.get("deleted").is_none()).count(),
        "reply_count": messages.values().map(|message| message["reply_count"].as_u64().unwrap()).sum::<u64>(),
        "reaction_count": messages.values().map(reactions).sum::<usize>(),
        "thread_count": followed.len(),
        "thread_unread_count": followed.iter().sum::<u64>(),
    })
}

/// What is new in each thread of a conversation that she follows.
async fn followed(person: &Person, conversation: &str) -> Vec<u64> {
    let page = person.get("/v1/threads?limit=100").await.expect(200);
    assert!(page.get("before").is_none(), "more than one page");
    let threads = page["items"].as_array().unwrap().iter();
    let here = threads.filter(|thread| thread["message"]["conversation"] == conversation);
    here.map(|thread| thread["unread_count"].as_u64().unwrap()).collect()
}

/// How many messages of a conversation speak to her.
async fn mentions(person: &Person, conversation: &str) -> usize {
    let (mut found, mut before) = (BTreeSet::new(), String::new());
    loop {
        let page = person.get(&format!("/v1/activity?kind=mention&limit=100{before}")).await.expect(200);
        let entries = page["items"].as_array().unwrap().iter();
        let here = entries.filter(|entry| entry["conversation"] == conversation);
        found.extend(here.map(|entry| text(&entry["message"]["id"])));
        match page.get("before") {
            Some(cursor) => before = format!("&before={cursor}"),
            None => return found.len(),
        }
    }
}
