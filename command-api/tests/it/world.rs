//! A command-api of its own for each test, on an event store of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use command_api::{App, Config};
use event_log::EventLog;
use event_store::{EventStore, Options};
use events::{Family, Recorded, StreamName};
use serde_json::{Value, json};
use service_kit::{Env, Readiness};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::requests::{Answer, Ask};

/// A running command-api.
pub(crate) struct World {
    pub(crate) router: axum::Router,
    pub(crate) log: EventLog,
    pub(crate) folder: Arc<TempDir>,
    shutdown: CancellationToken,
    store: JoinHandle<()>,
}

/// Somebody who has registered.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world with these variables besides the usual ones.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        Self::open(Arc::new(TempDir::new().unwrap()), variables).await
    }

    /// Stops everything and starts it again on what was kept.
    pub(crate) async fn restarted(mut self) -> Self {
        self.stop_store().await;
        Self::open(Arc::clone(&self.folder), &[]).await
    }

    pub(crate) async fn stop_store(&mut self) {
        self.shutdown.cancel();
        (&mut self.store).await.unwrap();
    }

    async fn open(folder: Arc<TempDir>, variables: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("esdb://{}?tls=false&discoveryInterval=10", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        let store = EventStore::open(Options::new(folder.path().join("events"))).unwrap();
        let served = event_store::serve(store, listener, shutdown.child_token());
        let store = tokio::spawn(async move { served.await.unwrap() });
        let config = config(folder.path().to_str().unwrap(), variables);
        let (log, readiness) = (EventLog::connect(&url).unwrap(), Readiness::default());
        let app = App::start(config, log.clone(), readiness.clone(), shutdown.clone()).await.unwrap();
        let ready = async {
            while !readiness.waiting_for().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), ready).await.unwrap();
        let router = service_kit::public(command_api::router(app));
        Self { router, log, folder, shutdown, store }
    }

    /// Starts another node on the same event store. Nobody asks it anything.
    pub(crate) async fn beside(&self) {
        let config = config(self.folder.path().to_str().unwrap(), &[]);
        App::start(config, self.log.clone(), Readiness::default(), self.shutdown.clone()).await.unwrap();
    }

    pub(crate) fn post(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), "POST", path)
    }

    pub(crate) fn put(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), "PUT", path)
    }

    pub(crate) fn patch(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), "PATCH", path)
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), "GET", path)
    }

    pub(crate) fn delete(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), "DELETE", path)
    }

    /// Registers somebody under `{name}@example.org`.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let answer = self.post("/v1/auth/register").body(newcomer(name)).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Person::of(&answer)
    }

    /// A channel that this person has made.
    pub(crate) async fn channel(&self, by: &Person, name: &str) -> String {
        let body = json!({ "kind": "channel", "name": name });
        let answer = self.post("/v1/conversations").by(by).body(body).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("/id")
    }

    /// Changes a channel.
    pub(crate) fn change(&self, by: &Person, conversation: &str, changes: Value) -> Ask {
        self.patch(&format!("/v1/conversations/{conversation}")).by(by).body(changes)
    }

    /// Adds people to a conversation.
    pub(crate) fn add(&self, by: &Person, conversation: &str, users: &[&Person]) -> Ask {
        let users: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
        self.post(&format!("/v1/conversations/{conversation}/members")).by(by).body(json!({ "users": users }))
    }

    /// Posts to a conversation's own route, as `join` and `archive` are.
    pub(crate) fn act(&self, by: &Person, conversation: &str, what: &str) -> Ask {
        self.post(&format!("/v1/conversations/{conversation}/{what}")).by(by)
    }

    /// A group or a channel with this body.
    pub(crate) fn begin(&self, by: &Person, body: Value) -> Ask {
        self.post("/v1/conversations").by(by).body(body)
    }

    pub(crate) fn message(&self, by: &Person, conversation: &str, id: &str, text: &str) -> Ask {
        let path = format!("/v1/conversations/{conversation}/messages");
        self.post(&path).by(by).body(json!({ "id": id, "text": text }))
    }

    /// What stands in a stream.
    pub(crate) async fn facts<F: Family>(&self, stream: &StreamName) -> Vec<Recorded<F>> {
        self.log.read(stream).await.unwrap().events
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Person {
    pub(crate) fn of(answer: &Answer) -> Self {
        Self {
            id: answer.text("/user/id"),
            access: answer.text("/access_token"),
            refresh: answer.body.pointer("/refresh_token").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }
    }
}

pub(crate) fn newcomer(name: &str) -> Value {
    json!({ "name": name, "email": format!("{name}@example.org"), "password": "correct horse" })
}

/// A channel that everybody belongs to.
pub(crate) fn general() -> String {
    events::ConversationId::general().to_string()
}

fn config(folder: &str, variables: &[(&str, &str)]) -> Config {
    let usual = [
        ("CONFAB_DATA_DIR", folder),
        // Nobody listens there: whatever does not need NATS must work without it.
        ("CONFAB_NATS_URL", "nats://127.0.0.1:1"),
        ("CONFAB_RATE_REGISTER_PER_MINUTE", "100000"),
        ("CONFAB_RATE_LOGIN_PER_MINUTE", "100000"),
        ("CONFAB_RATE_REFRESH_PER_MINUTE", "100000"),
        ("CONFAB_RATE_WRITES_PER_MINUTE", "100000"),
    ];
    let all: HashMap<_, _> = usual.iter().chain(variables).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let mut env = Env::of(all);
    let config = Config::read(&mut env);
    env.finish().unwrap();
    config
}
