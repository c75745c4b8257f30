//! `apply_delta(old, deltas) == fetch_again`: after any history, through any breaks, what clients have made of events is
//! what a fresh fetch gives.

use std::collections::BTreeSet;
use std::time::SystemTime;

use serde_json::Value;

use crate::client::{Client, fetch};
use crate::rig::{self, Person, Server};
use crate::talk::{Dice, Town};

const ROUNDS: usize = 12;
const AT_A_ROUND: usize = 16;

fn server() -> &'static Server {
    static SERVER: std::sync::OnceLock<Server> = std::sync::OnceLock::new();
    SERVER.get_or_init(|| rig::start("convergence", &[]))
}

/// The first difference between two answers, with the way to it.
fn difference(one: &Value, other: &Value, way: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            let at = |name: &String, of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
            names.into_iter().find_map(|name| difference(&at(name, a), &at(name, b), &format!("{way}/{name}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(at, (a, b))| difference(a, b, &format!("{way}/{at}")))
        }
        _ if one == other => None,
        _ => Some(format!("{way}: mirrored {one}, fetched {other}")),
    }
}

async fn agree(client: &Client, position: u64, seed: u64) {
    let mut fetched = fetch(&client.person, position).await;
    // How far she has read in threads is for counting what is new in them, which is compared.
    let conversations = fetched["conversations"].as_object_mut().unwrap().values_mut();
    conversations.for_each(|conversation| crate::mirror::set(conversation, "read", None));
    let different = difference(&client.mirror.answers(), &fetched, "");
    assert!(different.is_none(), "seed {seed}, {}: {}", client.person.id, different.unwrap_or_default());
}

async fn history(seed: u64, before: &BTreeSet<String>) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut dice = Dice::of(seed);
    let mut people = Vec::new();
    // Whoever is first owns the workspace, in the first history; the others are without an admin.
    for name in ["Ann", "Bob", "Cid"] {
        people.push(Person::register_at(server(), name).await);
    }
    if let Some(owner) = owner(&people[0]) {
        people.push(owner);
    }
    let mut town = Town::of(people.clone());
    for id in ["create_conversation", "create_conversation"] {
        town.carry_out(id, &people[0], &mut dice).await;
    }
    let mut clients = Vec::new();
    for person in people.iter().chain([&people[0]]) {
        clients.push(Client::open(person).await);
    }
    for round in 0..ROUNDS {
        for client in &mut clients {
            if dice.below(3) == 0 {
                client.drop_out();
            }
        }
        for _ in 0..AT_A_ROUND {
            town.happen(&mut dice).await;
        }
        if round == ROUNDS - 2 {
            town.catch_up(&mut dice).await;
        }
        for client in &mut clients {
            if client.is_online() || dice.below(2) == 0 || round == ROUNDS - 1 {
                client.catch_up(town.position).await;
            }
        }
    }
    for client in &clients {
        agree(client, town.position, seed).await;
    }
    (town.done.keys().cloned().collect(), town.never_done(before))
}

/// The owner of the workspace takes part in every history, for some things only she may do.
fn owner(first: &Person) -> Option<Person> {
    static OWNER: std::sync::OnceLock<Person> = std::sync::OnceLock::new();
    let owner = OWNER.get_or_init(|| first.clone());
    (owner.id != first.id).then(|| owner.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_make_of_events_is_what_a_fresh_fetch_gives() {
    let random = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    let (mut done, mut missing) = (BTreeSet::new(), BTreeSet::new());
    for seed in [1, 2, 3, 4, u64::from(random)] {
        println!("seed {seed}");
        let (carried_out, never) = history(seed, &done).await;
        done.extend(carried_out);
        missing = never;
    }
    missing.retain(|id| !done.contains(id));
    assert!(missing.is_empty(), "never carried out: {missing:?}");
}
