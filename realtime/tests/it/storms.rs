//! Many clients that are cut off, at random and all at once. Each must end with everything, once and in order.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use events::{ConversationEvent, StreamName, UserId};
use uuid::Uuid;

use crate::client::Client;
use crate::world::{ANN, Node, ROOM, World};

const MESSAGES: usize = 150;

/// Small numbers that look random and can be had again.
struct Dice(u64);

impl Dice {
    fn seeded() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
        let given = std::env::var("CONFAB_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or(u64::try_from(now).unwrap());
        println!("CONFAB_TEST_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn people(count: u128) -> Vec<UserId> {
    (100..100 + count).map(|n| UserId::new(Uuid::from_u128(n))).collect()
}

async fn join_all(world: &World, people: &[UserId]) {
    let joined = people.iter().map(|user| ConversationEvent::MemberJoined { user: *user });
    world.append(&StreamName::conversation(ROOM), joined.collect()).await;
}

fn numbers(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|n| n.to_string()).collect()
}

/// Hears everything while being cut off again and again, now at this node and now at that.
async fn hear_between_cuts(nodes: &[&Node], token: &str, cursor: u64, mut dice: Dice) -> Vec<String> {
    let (mut cursor, mut heard) = (cursor, Vec::new());
    while heard.len() < MESSAGES {
        let node = nodes[usize::try_from(dice.below(nodes.len() as u64)).unwrap()];
        let (mut client, _) = Client::ready(node.address, token, Some(cursor)).await;
        let stay = Duration::from_millis(dice.below(400));
        // Dropping the client cuts the connection without a word, wherever it stands.
        let listening = async {
            while heard.len() < MESSAGES {
                let event = client.frame_of("event").await;
                cursor = event["cursor"].as_u64().unwrap();
                if let Some(text) = event["event"]["message"]["text"].as_str() {
                    heard.push(text.to_owned());
                }
            }
        };
        drop(tokio::time::timeout(stay, listening).await);
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn d08_clients_that_are_cut_again_and_again_hear_everything_once_and_in_order() {
    let world = World::new().await;
    let people = people(20);
    join_all(&world, &people).await;
    let (one, other) = (world.node(&[]).await, world.node(&[]).await);
    let start = world.log.head().await.unwrap().0;
    let mut dice = Dice::seeded();
    let tokens: Vec<String> = people.iter().map(|user| world.token(*user)).collect();
    let nodes = [&one, &other];
    let hearing = tokens.iter().map(|token| {
        let own = Dice(dice.below(u64::from(u32::MAX)));
        hear_between_cuts(&nodes, token, start, own)
    });
    let hearing = futures::future::join_all(hearing);
    let talking = async {
        for text in numbers(0, MESSAGES) {
            world.post(ROOM, ANN, &text).await;
            tokio::time::sleep(Duration::from_millis(dice.below(20))).await;
        }
    };
    let ((), heard) = tokio::join!(talking, hearing);
    for one in heard {
        assert_eq!(one, numbers(0, MESSAGES));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_a_node_that_died_comes_back_to_another_and_misses_nothing() {
    let world = World::new().await;
    let people = people(100);
    join_all(&world, &people).await;
    let node = world.node(&[]).await;
    let mut clients = Vec::new();
    for user in &people {
        clients.push(Client::ready(node.address, &world.token(*user), None).await);
    }
    for text in numbers(0, 10) {
        world.post(ROOM, ANN, &text).await;
    }
    let mut cursors = Vec::new();
    for (n, (mut client, begun)) in clients.into_iter().enumerate() {
        // Each has heard another part of it when the node dies.
        let heard = client.texts(n % 10).await;
        assert_eq!(heard, numbers(0, n % 10));
        let last = client.last_cursor().unwrap_or(begun);
        cursors.push((n % 10, last));
    }
    node.kill();
    for text in numbers(10, 20) {
        world.post(ROOM, ANN, &text).await;
    }
    let node = world.node(&[]).await;
    let address = node.address;
    let back = people.iter().zip(cursors).map(|(user, (heard, cursor))| {
        let token = world.token(*user);
        async move {
            let (mut client, _) = Client::ready(address, &token, Some(cursor)).await;
            assert_eq!(client.texts(20 - heard).await, numbers(heard, 20));
        }
    });
    futures::future::join_all(back).await;
}
