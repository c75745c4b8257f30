//! The same command a thousand times at once is one fact, over HTTP and by socket, and everybody gets the same answer.

use std::collections::BTreeSet;
use std::time::Duration;

use events::Position;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{self, Person, Server, text};
use crate::socket::Socket;

const TIMES: usize = 1_000;
/// Requests under way at once; the rest wait in the client.
const AT_ONCE: usize = 64;

fn server() -> &'static Server {
    static SERVER: std::sync::OnceLock<Server> = std::sync::OnceLock::new();
    SERVER.get_or_init(|| rig::start("parallel", &[]))
}

/// Sends the same request a thousand times and gives the positions that were answered. Who is told to come again comes
/// again, as a client does.
async fn often(person: &Person, method: Method, path: &str, body: Value, key: Option<&str>) -> BTreeSet<u64> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
    let url = format!("http://{}{path}", person.server.address);
    let once = async || loop {
        let mut request = client.request(method.clone(), &url).bearer_auth(&person.token).json(&body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let answer: Value = answer.json().await.unwrap();
        match status {
            200 | 201 => break answer["position"].as_u64().unwrap(),
            503 => tokio::time::sleep(Duration::from_millis(20)).await,
            _ => panic!("{method} {path}: {status} {answer}"),
        }
    };
    let each = join_all((0..AT_ONCE).map(|n| {
        let count = TIMES / AT_ONCE + usize::from(n < TIMES % AT_ONCE);
        async move {
            let mut positions = BTreeSet::new();
            for _ in 0..count {
                positions.insert(once().await);
            }
            positions
        }
    }));
    each.await.into_iter().flatten().collect()
}

/// How many facts of this name, about this conversation, stand after a position.
async fn facts(after: u64, prefix: &str, name: &str, conversation: &str) -> usize {
    let log = event_log::EventLog::connect(&server().event_store).unwrap();
    let found = log.read_all(vec![prefix.to_owned()], Position(after), 5_000).await.unwrap();
    let told = found.iter().map(|fact| format!("{:?}", fact.event));
    told.filter(|fact| fact.contains(name) && fact.contains(conversation)).count()
}

/// One command, and the fact that it leads to.
struct Same {
    method: Method,
    path: String,
    body: Value,
    prefix: &'static str,
    fact: &'static str,
}

fn same(method: Method, path: String, body: Value, prefix: &'static str, fact: &'static str) -> Same {
    Same { method, path, body, prefix, fact }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_a_thousand_times_at_once_is_one_fact() {
    let (ann, bob) = (Person::register_at(server(), "Ann").await, Person::register_at(server(), "Bob").await);
    let channel = ann.channel().await;
    let root = text(&ann.say(&channel, "soup?").await["id"]);
    let (here, message) = (format!("/v1/conversations/{channel}"), format!("/v1/messages/{root}"));
    let send = json!({ "id": Uuid::now_v7(), "text": "once" });
    let seen = ann.say(&channel, "more").await["position"].clone();
    let (put, delete, post) = (|| Method::PUT, || Method::DELETE, || Method::POST);
    let commands = [
        same(post(), format!("{here}/join"), json!({}), "conversation-", "MemberJoined"),
        same(post(), format!("{here}/messages"), send, "message-", "MessagePosted"),
        same(put(), format!("{message}/reactions/%F0%9F%91%8D"), json!({}), "message-", "ReactionAdded"),
        same(delete(), format!("{message}/reactions/%F0%9F%91%8D"), json!({}), "message-", "ReactionRemoved"),
        same(put(), format!("{message}/pin"), json!({}), "pins-", "PinAdded"),
        same(delete(), format!("{message}/pin"), json!({}), "pins-", "PinRemoved"),
        same(put(), format!("{message}/follow"), json!({}), "follow-", "ThreadFollowed"),
        same(put(), format!("{here}/star"), json!({}), "preference-", "ConversationStarred"),
        same(put(), format!("{here}/mute"), json!({}), "preference-", "ConversationMuted"),
        same(put(), format!("{here}/read"), json!({ "position": seen }), "receipt-", "ReadUpTo"),
        same(Method::PATCH, here.clone(), json!({ "topic": "soup" }), "conversation-", "TopicChanged"),
        same(post(), format!("{here}/archive"), json!({}), "conversation-", "Archived"),
        same(post(), format!("{here}/unarchive"), json!({}), "conversation-", "Unarchived"),
        same(post(), format!("{here}/leave"), json!({}), "conversation-", "MemberLeft"),
    ];
    for Same { method, path, body, prefix, fact } in commands {
        let before = ann.direct(&ann).await;
        let before = ann.say(&before, "from here").await["position"].as_u64().unwrap();
        let positions = often(&bob, method, &path, body, None).await;
        assert_eq!(facts(before, prefix, fact, &channel).await, 1, "{path}: {fact} at {positions:?}");
        assert!(positions.iter().all(|position| *position > before), "{path} was answered with {positions:?}");
        assert_eq!(positions.len(), 1, "{path} was answered with {positions:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_a_channel_under_one_key_a_thousand_times_at_once_makes_one() {
    let ann = Person::register_at(server(), "Ann").await;
    let own = ann.direct(&ann).await;
    let before = ann.say(&own, "from here").await["position"].as_u64().unwrap();
    let body = json!({ "kind": "channel", "name": format!("c-{}", Uuid::now_v7().simple()) });
    let positions = often(&ann, Method::POST, "/v1/conversations", body.clone(), Some("one key")).await;
    assert_eq!(positions.len(), 1, "{positions:?}");
    let log = event_log::EventLog::connect(&server().event_store).unwrap();
    let found = log.read_all(vec!["conversation-".to_owned()], Position(before), 5_000).await.unwrap();
    let name = text(&body["name"]);
    assert_eq!(found.iter().filter(|fact| format!("{:?}", fact.event).contains(&name)).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_a_thousand_times_by_sockets_is_one_fact() {
    let ann = Person::register_at(server(), "Ann").await;
    let channel = ann.channel().await;
    let root = text(&ann.say(&channel, "soup?").await["id"]);
    let before = ann.say(&channel, "from here").await["position"].as_u64().unwrap();
    let id = Uuid::now_v7();
    let frames = [
        (
            json!({ "type": "send", "id": id, "conversation": channel, "text": "once by socket" }),
            "message-",
            "once by socket",
        ),
        (json!({ "type": "react", "id": "1", "message": root, "emoji": "🎉" }), "message-", "ReactionAdded"),
        (json!({ "type": "read", "id": "2", "conversation": channel, "position": before }), "receipt-", "ReadUpTo"),
        (json!({ "type": "delete", "id": "3", "message": root }), "message-", "MessageDeleted"),
    ];
    for (frame, prefix, fact) in frames {
        let answers = join_all((0..20).map(|_| fifty_times(&ann, &frame))).await;
        let positions: BTreeSet<u64> = answers.into_iter().flatten().collect();
        assert_eq!(facts(before, prefix, fact, &channel).await, 1, "{frame} was answered with {positions:?}");
        assert_eq!(positions.len(), 1, "{frame} was answered with {positions:?}");
    }
}

/// The positions that one socket got.
async fn fifty_times(person: &Person, frame: &Value) -> BTreeSet<u64> {
    let mut socket = Socket::ready(person.server, &person.token, None).await;
    let mut positions = BTreeSet::new();
    let mut answered = 0;
    for _ in 0..50 {
        socket.send(frame.clone()).await;
    }
    while answered < 50 {
        let answer = socket.answer(frame["id"].as_str().unwrap()).await;
        match answer["position"].as_u64() {
            Some(position) => {
                answered += 1;
                positions.insert(position);
            }
            // Too much at once: again.
            None if answer["problem"]["status"] == 503 => socket.send(frame.clone()).await,
            None => panic!("{frame}: {answer}"),
        }
    }
    positions
}
