//! Commands over NATS, as sockets give them; and a NATS that comes late and goes away.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_nats::{Client, HeaderMap};
use command_api::node_claim;
use events::public::PresenceState;
use events::{PresenceEvent, StreamName, UserId};
use futures::StreamExt;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Person, World};

const NODE_KEY: &str = "0123456789abcdef0123456789abcdef";

pub(crate) struct Nats {
    port: u16,
    server: Option<Child>,
}

impl Nats {
    pub(crate) fn port() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        Self { port, server: None }
    }

    pub(crate) fn start(&mut self) {
        let mut command = Command::new(binary("nats-server"));
        command.args(["-a", "127.0.0.1", "-p", &self.port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        self.server = Some(command.spawn().unwrap());
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub(crate) async fn client(&self) -> Client {
        async_nats::connect(self.url()).await.unwrap()
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}

/// On PATH, or where `cargo xtask` unpacks it.
fn binary(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(".confab/bin"));
    let found =
        std::env::split_paths(&path).chain(unpacked).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("no {name} on PATH or in .confab/bin: run `cargo xtask test`, which fetches it"))
}

pub(crate) async fn world(nats: &Nats) -> World {
    World::with(&[("CONFAB_NATS_URL", &nats.url()), ("CONFAB_NODE_KEY", NODE_KEY)]).await
}

pub(crate) fn token(person: &Person) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("Confab-Token", person.access.as_str());
    headers
}

/// Asks until somebody answers: whoever listens may still be connecting.
pub(crate) async fn ask(client: &Client, name: &str, headers: HeaderMap, body: &Value) -> Value {
    let subject = format!("confab.command.{name}");
    for _ in 0..200 {
        let asked = client.request_with_headers(subject.clone(), headers.clone(), body.to_string().into());
        match asked.await {
            Ok(answer) => return serde_json::from_slice(&answer.payload).unwrap(),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("nobody answers {subject}")
}

#[tokio::test]
async fn a14_a_send_over_nats_and_over_http_is_the_same_send() {
    let mut nats = Nats::port();
    nats.start();
    let world = world(&nats).await;
    let (client, ann) = (nats.client().await, world.person("ann").await);
    let (channel, id) = (world.channel(&ann, "cooking").await, Uuid::now_v7().to_string());
    let body = json!({ "id": id, "conversation": channel, "text": "hello" });
    let request = Uuid::now_v7().to_string();
    let mut headers = token(&ann);
    headers.insert("Confab-Request-Id", request.as_str());
    let over_nats = ask(&client, "post_message", headers.clone(), &body).await;
    let over_http = world.message(&ann, &channel, &id, "hello").send().await;
    assert_eq!((over_http.status, over_nats["ok"]["position"].as_u64()), (200, Some(over_http.position())));
    let taken = json!({ "id": id, "conversation": channel, "text": "other" });
    let refused = ask(&client, "post_message", headers, &taken).await;
    assert_eq!(
        (refused["problem"]["code"].as_str(), refused["problem"]["status"].as_u64()),
        (Some("message_id_taken"), Some(409))
    );
    assert_eq!(refused["problem"]["request_id"].as_str(), Some(request.as_str()));
    let read = json!({ "conversation": channel, "position": over_http.position() });
    let received = ask(&client, "mark_delivered", token(&ann), &read).await;
    assert!(received["ok"]["position"].is_u64(), "{received}");
    let marked = ask(&client, "mark_read", token(&ann), &read).await;
    assert!(marked["ok"]["position"].as_u64() > Some(over_http.position()), "{marked}");
}

#[tokio::test]
async fn what_happens_to_a_message_comes_over_nats_too() {
    let mut nats = Nats::port();
    nats.start();
    let world = world(&nats).await;
    let (client, ann) = (nats.client().await, world.person("ann").await);
    let (channel, id) = (world.channel(&ann, "cooking").await, Uuid::now_v7().to_string());
    let mut position = world.message(&ann, &channel, &id, "helo").send().await.position();
    for (name, body) in [
        ("edit_message", json!({ "message": id, "text": "hello" })),
        ("add_reaction", json!({ "message": id, "emoji": "👍" })),
        ("remove_reaction", json!({ "message": id, "emoji": "👍" })),
        ("delete_message", json!({ "message": id })),
    ] {
        let done = ask(&client, name, token(&ann), &body).await;
        let next = done["ok"]["position"].as_u64().unwrap_or_else(|| panic!("{name}: {done}"));
        assert!(next > position, "{name}: {done}");
        position = next;
        let anonymous = ask(&client, name, HeaderMap::new(), &body).await;
        assert_eq!(anonymous["problem"]["code"], "unauthenticated", "{name}");
        let nonsense = ask(&client, name, token(&ann), &json!({})).await;
        assert_eq!(nonsense["problem"]["code"], "invalid_fields", "{name}");
    }
    let gone = ask(&client, "edit_message", token(&ann), &json!({ "message": id, "text": "x" })).await;
    assert_eq!(gone["problem"]["code"], "message_deleted");
}

#[tokio::test]
async fn a_slash_command_over_nats_and_over_http_gets_the_same_answer() {
    let mut nats = Nats::port();
    nats.start();
    let world = world(&nats).await;
    let (client, ann) = (nats.client().await, world.person("ann").await);
    let channel = world.channel(&ann, "cooking").await;
    let typed = |text: &str| json!({ "conversation": channel, "text": text });
    let path = format!("/v1/conversations/{channel}/commands");
    for text in ["/who", "/shortcuts", "/dm <@nobody>", "/nonsense", "/star extra", "/join #nowhere"] {
        let over_http = world.post(&path).by(&ann).body(json!({ "text": text })).send().await;
        let over_nats = ask(&client, "run_command", token(&ann), &typed(text)).await;
        if over_http.status == 200 {
            assert_eq!(over_nats, json!({ "ok": over_http.body }), "{text}");
        } else {
            let (problem, expected) = (&over_nats["problem"], &over_http.body);
            assert_eq!((&problem["code"], &problem["title"]), (&expected["code"], &expected["title"]), "{text}");
        }
    }
    let said = json!({ "conversation": channel, "text": "/me waves", "message": Uuid::now_v7() });
    let first = ask(&client, "run_command", token(&ann), &said).await;
    assert!(first["ok"]["position"].is_u64(), "{first}");
    assert_eq!(ask(&client, "run_command", token(&ann), &said).await, first, "it is said once");
    let status = ask(&client, "run_command", token(&ann), &typed("/status :palm_tree: Away")).await;
    assert!(status["ok"]["position"].as_u64() > first["ok"]["position"].as_u64(), "{status}");
    let mut ahead = typed("/dnd until 15:30");
    ahead["utc_offset_minutes"] = json!(2_000);
    let refused = ask(&client, "run_command", token(&ann), &ahead).await;
    assert_eq!(refused["problem"]["errors"][0]["pointer"], "/utc_offset_minutes");
    let anonymous = ask(&client, "run_command", HeaderMap::new(), &said).await;
    assert_eq!(anonymous["problem"]["code"], "unauthenticated");
}

#[tokio::test]
async fn bad_commands_over_nats_get_problems() {
    let mut nats = Nats::port();
    nats.start();
    let world = world(&nats).await;
    let (client, ann) = (nats.client().await, world.person("ann").await);
    let body = json!({ "id": Uuid::now_v7(), "conversation": Uuid::now_v7(), "text": "hello" });
    let mut forged = HeaderMap::new();
    forged.insert("Confab-Token", "x.y.z");
    for (name, headers, body, code) in [
        ("post_message", HeaderMap::new(), &body, "unauthenticated"),
        ("post_message", forged, &body, "unauthenticated"),
        ("post_message", token(&ann), &body, "conversation_not_found"),
        ("post_message", token(&ann), &json!({}), "invalid_fields"),
        ("post_message", token(&ann), &json!("x"), "invalid_fields"),
        ("drop_tables", token(&ann), &body, "not_found"),
    ] {
        let answer = ask(&client, name, headers, body).await;
        assert_eq!(answer["problem"]["code"], code, "{answer}");
    }
}

#[tokio::test]
async fn b20_presence_is_set_by_the_person_or_vouched_for_by_a_node() {
    let mut nats = Nats::port();
    nats.start();
    let world = world(&nats).await;
    let client = nats.client().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let user: UserId = ann.id.parse().unwrap();
    let online = ask(&client, "set_presence", token(&ann), &json!({ "state": "active" })).await;
    assert!(online["ok"]["position"].is_u64(), "{online}");
    let for_ann = json!({ "user": ann.id, "state": "offline" });
    let foreign = ask(&client, "set_presence", token(&bob), &for_ann).await;
    assert_eq!(foreign["problem"]["code"], "not_found");
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claim = |key: &str, now_s: u64| {
        let mut headers = HeaderMap::new();
        headers.insert("Confab-Node", node_claim::sign(key, user, PresenceState::Offline, now_s).as_str());
        headers
    };
    for headers in [claim("another key", now_s), claim(NODE_KEY, now_s - 120)] {
        let refused = ask(&client, "set_presence", headers, &for_ann).await;
        assert_eq!(refused["problem"]["code"], "unauthenticated");
    }
    for _ in 0..2 {
        let offline = ask(&client, "set_presence", claim(NODE_KEY, now_s), &for_ann).await;
        assert!(offline["ok"]["position"].is_u64(), "{offline}");
    }
    let facts = world.facts::<PresenceEvent>(&StreamName::presence(user)).await;
    let events: Vec<_> = facts.into_iter().map(|fact| fact.event).collect();
    assert_eq!(events, [PresenceEvent::CameOnline {}, PresenceEvent::WentOffline {}]);
}

#[tokio::test]
async fn nats_may_come_late_and_go_away_while_http_goes_on() {
    let mut nats = Nats::port();
    let world = world(&nats).await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    for _ in 0..2 {
        nats.start();
        let body = json!({ "id": Uuid::now_v7(), "conversation": channel, "text": "hello" });
        let answer = ask(&nats.client().await, "post_message", token(&ann), &body).await;
        assert!(answer["ok"]["position"].is_u64(), "{answer}");
        nats.kill();
        let posted = world.message(&ann, &channel, &Uuid::now_v7().to_string(), "hello").send().await;
        assert_eq!(posted.status, 201);
    }
}

#[tokio::test]
async fn the_end_of_a_session_is_told_to_the_sockets() {
    let mut nats = Nats::port();
    nats.start();
    let world = world(&nats).await;
    let client = nats.client().await;
    let mut told = client.subscribe("confab.session.revoked").await.unwrap();
    client.flush().await.unwrap();
    let ann = world.person("ann").await;
    ask(&client, "set_presence", token(&ann), &json!({ "state": "active" })).await;
    let out = world.post("/v1/auth/logout").body(json!({ "refresh_token": ann.refresh })).send().await;
    assert_eq!(out.status, 204);
    let message = tokio::time::timeout(Duration::from_secs(1), told.next()).await.unwrap().unwrap();
    let session = ann.refresh.split_once('.').unwrap().0;
    assert_eq!(serde_json::from_slice::<Value>(&message.payload).unwrap(), json!({ "session": session }));
}
