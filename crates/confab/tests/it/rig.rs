//! The server under test, and people who use it.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use confab::{AllInOne, Options};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use service_kit::Env;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::socket::Socket;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// Limits far beyond what one test run needs; the limits themselves have tests of their own.
const ROOMY: [(&str, &str); 7] = [
    ("CONFAB_RATE_REGISTER_PER_MINUTE", "100000"),
    ("CONFAB_RATE_LOGIN_PER_MINUTE", "100000"),
    ("CONFAB_RATE_REFRESH_PER_MINUTE", "100000"),
    ("CONFAB_RATE_WRITES_PER_MINUTE", "1000000"),
    ("CONFAB_RATE_READS_PER_MINUTE", "1000000"),
    ("CONFAB_RATE_RECOUNTS_PER_MINUTE", "1000000"),
    ("CONFAB_SOCKETS_PER_ADDRESS", "100000"),
];

/// What a test may want to know of the server.
pub struct Server {
    pub address: String,
    pub mongo: String,
    pub event_store: String,
}

/// The one server of this test run.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| start("it", &[]))
}

/// Starts an all-in-one in an empty folder of this name. It lives as long as the test process.
pub fn start(folder: &str, settings: &[(&str, &str)]) -> Server {
    let data_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    drop(std::fs::remove_dir_all(&data_dir));
    let settings: Vec<(String, String)> =
        ROOMY.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    // Its own runtime on its own thread: a test's runtime ends with the test.
    std::thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), metrics: None, data_dir, web_dir: None };
        let env = Env::of(settings.into_iter().rev());
        let confab = runtime.block_on(AllInOne::start(options, env)).unwrap_or_else(|error| panic!("{error:#}"));
        let server = Server {
            address: confab.address.to_string(),
            mongo: confab.engines.mongo.url().to_owned(),
            event_store: confab.event_store.clone(),
        };
        std::mem::forget((confab, runtime));
        server
    })
    .join()
    .unwrap()
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The body of an answer that must be this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The code of a problem that must have this status.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        let content_type = self.headers["content-type"].to_str().unwrap().to_owned();
        let request_id = self.headers["x-request-id"].to_str().unwrap().to_owned();
        let body = self.expect(status);
        assert_eq!(content_type, "application/problem+json");
        assert_eq!(body["request_id"], request_id, "a problem names its request");
        assert_eq!(body["status"], status);
        body["code"].as_str().unwrap().to_owned()
    }
}

/// Sends a request and reads the answer to its end.
pub async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

/// A request to the server without any identity.
pub fn request(method: Method, path: &str) -> RequestBuilder {
    request_to(server(), method, path)
}

/// A request to another server than the shared one.
pub fn request_to(server: &Server, method: Method, path: &str) -> RequestBuilder {
    static HTTP: OnceLock<reqwest::Client> = OnceLock::new();
    // Connections belong to the runtime of one test; none is kept for another.
    let http = HTTP.get_or_init(|| reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap());
    http.request(method, format!("http://{}{path}", server.address)).timeout(Duration::from_secs(20))
}

/// Posts JSON without any identity.
pub async fn post(path: &str, body: Value) -> Answer {
    send(request(Method::POST, path).json(&body)).await
}

/// An address that nobody else in this run has.
pub fn fresh_email(name: &str) -> String {
    format!("{}-{}@example.org", name.to_lowercase(), Uuid::now_v7().simple())
}

/// A phone number that nobody else in this run has.
pub fn fresh_phone() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("+4520{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Somebody signed in.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub email: String,
    pub token: String,
    pub refresh: String,
    pub server: &'static Server,
}

impl Person {
    /// Registers somebody new.
    pub async fn register(name: &str) -> Self {
        Self::register_at(server(), name).await
    }

    /// Registers somebody new elsewhere.
    pub async fn register_at(server: &'static Server, name: &str) -> Self {
        let email = fresh_email(name);
        let body = json!({ "name": name, "email": email, "password": PASSWORD });
        let answer = send(request_to(server, Method::POST, "/v1/auth/register").json(&body)).await;
        Self::of(server, &email, &answer.expect(201))
    }

    /// The same person on another device.
    pub async fn again(&self) -> Self {
        let body = json!({ "identifier": self.email, "password": PASSWORD });
        let answer = send(request_to(self.server, Method::POST, "/v1/auth/login").json(&body)).await;
        Self::of(self.server, &self.email, &answer.expect(200))
    }

    fn of(server: &'static Server, email: &str, body: &Value) -> Self {
        Self {
            id: text(&body["user"]["id"]),
            email: email.to_owned(),
            token: text(&body["access_token"]),
            refresh: text(&body["refresh_token"]),
            server,
        }
    }

    /// A request of hers.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        request_to(self.server, method, path).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Reads what is at least as new as a position.
    pub async fn get_at(&self, path: &str, position: &Value) -> Answer {
        send(self.request(Method::GET, path).header("Confab-Min-Position", position.to_string())).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// Opens a direct conversation and gives its id.
    pub async fn direct(&self, other: &Person) -> String {
        let answer = self.post("/v1/conversations", json!({ "kind": "direct", "user": other.id })).await;
        assert!(answer.status == 200 || answer.status == 201, "{answer:?}");
        text(&answer.body["id"])
    }

    /// Creates a public channel with a name of its own and gives its id.
    pub async fn channel(&self) -> String {
        let name = format!("c-{}", Uuid::now_v7().simple());
        let answer = self.post("/v1/conversations", json!({ "kind": "channel", "name": name })).await;
        text(&answer.expect(201)["id"])
    }

    /// Creates a private channel with a name of its own and gives its id.
    pub async fn private_channel(&self) -> String {
        let name = format!("p-{}", Uuid::now_v7().simple());
        let body = json!({ "kind": "channel", "name": name, "visibility": "private" });
        text(&self.post("/v1/conversations", body).await.expect(201)["id"])
    }

    /// Adds people to a conversation and gives the answer's `{id, position}`.
    pub async fn add(&self, conversation: &str, users: &[&Person]) -> Value {
        let users: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
        let answer = self.post(&format!("/v1/conversations/{conversation}/members"), json!({ "users": users })).await;
        assert!(answer.status == 200 || answer.status == 201, "{answer:?}");
        answer.body
    }

    pub async fn join(&self, conversation: &str) -> Value {
        let answer = self.post(&format!("/v1/conversations/{conversation}/join"), json!({})).await;
        answer.expect(200)["position"].clone()
    }

    pub async fn leave(&self, conversation: &str) -> Value {
        let answer = self.post(&format!("/v1/conversations/{conversation}/leave"), json!({})).await;
        answer.expect(200)["position"].clone()
    }

    /// Says something over HTTP and gives the answer's `{id, position}`.
    pub async fn say(&self, conversation: &str, text: &str) -> Value {
        self.send_as(Uuid::now_v7(), conversation, text).await.expect(201)
    }

    /// Says something under an id of her choice.
    pub async fn send_as(&self, id: Uuid, conversation: &str, text: &str) -> Answer {
        let path = format!("/v1/conversations/{conversation}/messages");
        self.post(&path, json!({ "id": id, "text": text })).await
    }

    /// A page of messages at least as new as a position.
    pub async fn messages_at(&self, conversation: &str, query: &str, position: &Value) -> Value {
        self.get_at(&format!("/v1/conversations/{conversation}/messages{query}"), position).await.expect(200)
    }

    /// A socket that has said hello and is ready.
    pub async fn socket(&self) -> Socket {
        Socket::ready(self.server, &self.token, None).await
    }

    /// A socket that comes back with a cursor.
    pub async fn socket_from(&self, cursor: u64) -> Socket {
        Socket::ready(self.server, &self.token, Some(cursor)).await
    }
}

/// The text of a JSON string.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// The texts of a page of messages.
pub fn texts(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|message| text(&message["text"])).collect()
}

/// Asks again until the answer is yes, for at most this long.
pub async fn eventually<F: Future<Output = bool>>(limit: Duration, what: &str, mut ask: impl FnMut() -> F) {
    let start = Instant::now();
    while !ask().await {
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
