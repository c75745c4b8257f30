//! `apply_delta(old, deltas) == fetch_again`: after any history, through any breaks, what clients have made of events is
//! what a fresh fetch gives; and what that gives is what the facts come to.

use std::collections::BTreeSet;
use std::time::SystemTime;

use serde_json::Value;

use crate::client::{Client, fetch};
use crate::rig::{self, Person, Server};
use crate::talk::{Dice, Town};
use crate::{counts, documents};

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

/// Compares what a client has made with what it would fetch, and says how much of what others do was among that.
async fn agree(client: &Client, position: u64, seed: u64) -> Compared {
    let (mut mirrored, mut fetched) = (client.mirror.answers(), fetch(&client.person, position).await);
    let mut compared = Compared::default();
    for (id, conversation) in fetched["conversations"].as_object_mut().unwrap() {
        // How far she has read in threads is for counting what is new in them, which is compared.
        crate::mirror::set(conversation, "read", None);
        let mirrored = &mut mirrored["conversations"][id];
        compared.receipts += known(&mut mirrored["receipts"], &mut conversation["receipts"]);
        compared.quotes += quoted(mirrored, conversation);
    }
    let different = difference(&mirrored, &fetched, "");
    assert!(different.is_none(), "seed {seed}, {}: {}", client.person.id, different.unwrap_or_default());
    compared
}

/// How much of what only some are told was compared.
#[derive(Debug, Clone, Copy, Default)]
struct Compared {
    receipts: usize,
    quotes: usize,
}

impl std::ops::AddAssign for Compared {
    fn add_assign(&mut self, other: Self) {
        self.receipts += other.receipts;
        self.quotes += other.quotes;
    }
}

/// Leaves of receipts what both sides know: who keeps her reading to herself is not shown, and what was told before one
/// came, nobody told.
fn known(mirrored: &mut Value, fetched: &mut Value) -> usize {
    let field = |of: &Value, user: &str, name: &str| of.get(user).and_then(|told| told.get(name)).cloned();
    let users: Vec<String> = fetched.as_object().unwrap().keys().cloned().collect();
    let (mut ours, mut theirs) = (serde_json::Map::new(), serde_json::Map::new());
    for (user, name) in users.iter().flat_map(|user| ["delivered", "read"].map(|name| (user, name))) {
        if let (Some(one), Some(other)) = (field(mirrored, user, name), field(fetched, user, name)) {
            ours.insert(format!("{user} {name}"), one);
            theirs.insert(format!("{user} {name}"), other);
        }
    }
    let count = ours.len();
    (*mirrored, *fetched) = (ours.into(), theirs.into());
    count
}

/// Leaves out what messages pass on of places in which she is not: events have only the reference.
fn quoted(mirrored: &Value, fetched: &mut Value) -> usize {
    match (mirrored, fetched) {
        (Value::Array(ours), Value::Array(theirs)) => ours.iter().zip(theirs).map(|(a, b)| quoted(a, b)).sum(),
        (Value::Object(ours), Value::Object(theirs)) => {
            if ours.contains_key("forwards") && !ours.contains_key("forwarded") {
                theirs.remove("forwarded");
            }
            let below = ours.iter().filter_map(|(name, value)| Some(quoted(value, theirs.get_mut(name)?)));
            below.sum::<usize>() + usize::from(ours.contains_key("forwarded"))
        }
        _ => 0,
    }
}

/// What was carried out, what never was, and how much of what others do was compared.
async fn history(seed: u64, before: &BTreeSet<String>) -> (BTreeSet<String>, BTreeSet<String>, Compared) {
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
    let mut compared = Compared::default();
    for client in &clients {
        compared += agree(client, town.position, seed).await;
    }
    for person in &town.people {
        counts::equal_a_recount(person, &fetch(person, town.position).await, seed).await;
    }
    documents::equal_a_fold(server(), seed).await;
    (town.done.keys().cloned().collect(), town.never_done(before), compared)
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
    let (mut done, mut missing, mut compared) = (BTreeSet::new(), BTreeSet::new(), Compared::default());
    for seed in [1, 2, 3, 4, u64::from(random)] {
        println!("seed {seed}");
        let (carried_out, never, of_others) = history(seed, &done).await;
        compared += of_others;
        done.extend(carried_out);
        missing = never;
    }
    missing.retain(|id| !done.contains(id));
    assert!(missing.is_empty(), "never carried out: {missing:?}");
    assert!(compared.receipts > 0 && compared.quotes > 0, "luck has left others out: {compared:?}");
}
