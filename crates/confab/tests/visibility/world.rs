//! One server, the people whom every cell knows, and everything that any of them got to read.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::cell::Viewer;
use crate::rig::{self, Server, text};
use crate::secrets::{self, Planted};

/// Somebody signed in, and what only she may ever see again.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub token: String,
    pub email: String,
    pub phone: String,
    pub password: String,
    pub refresh: String,
    pub session: String,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    /// Its bytes, without the id of its request.
    pub bytes: String,
    pub position: u64,
}

impl Answer {
    #[track_caller]
    pub fn done(self) -> Self {
        assert!((200..300).contains(&self.status), "{self:?}");
        self
    }

    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

/// What somebody got to read, and how.
#[derive(Debug)]
pub struct Heard {
    /// Her id; empty for nobody.
    pub by: String,
    pub what: String,
    pub text: String,
    pub is_frame: bool,
    /// Since when she listened, or when she had the answer.
    pub at: Instant,
}

pub struct World {
    pub server: &'static Server,
    http: reqwest::Client,
    operations: HashMap<String, (Method, String)>,
    viewers: HashMap<Viewer, Person>,
    /// The same people on devices of their own that may be signed out.
    pub spares: HashMap<Viewer, [Person; 3]>,
    /// Makes everything that is somebody else's.
    pub maker: Person,
    /// In every channel and group; hears what members hear.
    pub guest: Person,
    /// In nothing yet.
    pub extra: Person,
    /// What must not be read by everybody.
    pub planted: Planted,
    heard: Mutex<Vec<Heard>>,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// All tests share a world, and so the runtime in which its connections live.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    RUNTIME.block_on(test)
}

/// The one world of this test run.
pub async fn world() -> &'static World {
    static WORLD: OnceCell<World> = OnceCell::const_new();
    WORLD.get_or_init(World::make).await
}

impl World {
    async fn make() -> Self {
        secrets::capture_logs();
        service_kit::install_metrics();
        let server: &'static Server = Box::leak(Box::new(rig::start("visibility", &[])));
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        let operations = operations();
        let mut viewers = HashMap::new();
        // The first person of a workspace owns it.
        for viewer in [Viewer::Admin, Viewer::Stranger, Viewer::ExMember, Viewer::Member] {
            viewers.insert(viewer, register(&http, server, &format!("{viewer:?}")).await);
        }
        let mut spares = HashMap::new();
        for (viewer, person) in &viewers {
            let again = async || log_in(&http, server, person).await;
            spares.insert(*viewer, [again().await, again().await, again().await]);
        }
        let [maker, guest, extra] = ["Maker", "Guest", "Extra"].map(|name| register(&http, server, name));
        let (maker, guest, extra) = (maker.await, guest.await, extra.await);
        Self {
            server,
            http,
            operations,
            viewers,
            spares,
            maker,
            guest,
            extra,
            planted: Planted::default(),
            heard: Mutex::default(),
        }
    }

    /// The person behind a viewer; none for nobody.
    pub fn person(&self, viewer: Viewer) -> Option<&Person> {
        self.viewers.get(&viewer)
    }

    pub async fn register(&self, name: &str) -> Person {
        register(&self.http, self.server, name).await
    }

    /// The method and the path of an operation, as the OpenAPI document has them.
    pub fn operation(&self, id: &str) -> (Method, String) {
        self.operations.get(id).unwrap_or_else(|| panic!("there is no operation {id}")).clone()
    }

    /// Sends a request and remembers who read what.
    pub async fn send(
        &self,
        by: Option<&Person>,
        method: Method,
        path: &str,
        body: Option<Value>,
        least: Option<u64>,
    ) -> Answer {
        let mut attempts = 0;
        let answer = loop {
            let answer = read(self.request(by, method.clone(), path, body.as_ref(), least)).await;
            attempts += 1;
            // Much goes on at once, also in the settings of one person; a client repeats what was answered so.
            if answer.status != 503 || attempts == 20 {
                break answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        self.hear(by, format!("{method} {path}"), &answer.bytes, false);
        answer
    }

    fn request(
        &self,
        by: Option<&Person>,
        method: Method,
        path: &str,
        body: Option<&Value>,
        least: Option<u64>,
    ) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("http://{}{path}", self.server.address));
        if let Some(person) = by {
            request = request.bearer_auth(&person.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        match least {
            Some(least) => request.header("Confab-Min-Position", least),
            None => request,
        }
    }

    /// Posts what must succeed.
    pub async fn post(&self, by: &Person, path: &str, body: Value) -> Answer {
        self.send(Some(by), Method::POST, path, Some(body), None).await.done()
    }

    /// Remembers what somebody got to read.
    pub fn hear(&self, by: Option<&Person>, what: String, text: &str, is_frame: bool) {
        self.hear_since(Instant::now(), by, what, text, is_frame);
    }

    pub fn hear_since(&self, at: Instant, by: Option<&Person>, what: String, text: &str, is_frame: bool) {
        let by = by.map(|person| person.id.clone()).unwrap_or_default();
        self.heard.lock().unwrap().push(Heard { by, what, text: text.to_owned(), is_frame, at });
    }

    /// Everything that anybody got to read so far.
    pub fn take_heard(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

/// Every operation of both APIs, as the code documents it.
pub fn operations() -> HashMap<String, (Method, String)> {
    let document = serde_json::to_value(confab::documents::openapi()).unwrap();
    let mut found = HashMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            found.insert(text(&operation["operationId"]), (method, path.clone()));
        }
    }
    found
}

async fn read(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let bytes = answer.text().await.unwrap();
    let body = serde_json::from_str(&bytes).unwrap_or_default();
    let bytes = bytes.replace(&header("x-request-id"), "");
    Answer { status, body, bytes, position: header("confab-position").parse().unwrap_or_default() }
}

async fn register(http: &reqwest::Client, server: &Server, name: &str) -> Person {
    let secret = Uuid::new_v4().simple().to_string();
    let email = format!("planted-{}@example.org", &secret[..16]);
    let phone = format!("+4520{:08}", u64::from_str_radix(&secret[..8], 16).unwrap() % 100_000_000);
    let password = format!("planted password {secret}");
    let body = json!({ "name": name, "email": email, "phone": phone, "password": password });
    let url = format!("http://{}/v1/auth/register", server.address);
    let answer = read(http.post(url).json(&body)).await.done();
    signed_in(http, server, email, phone, password, &answer.body).await
}

async fn log_in(http: &reqwest::Client, server: &Server, person: &Person) -> Person {
    let body = json!({ "identifier": person.email, "password": person.password });
    let answer = read(http.post(format!("http://{}/v1/auth/login", server.address)).json(&body)).await.done();
    let Person { email, phone, password, .. } = person.clone();
    signed_in(http, server, email, phone, password, &answer.body).await
}

async fn signed_in(
    http: &reqwest::Client,
    server: &Server,
    email: String,
    phone: String,
    password: String,
    body: &Value,
) -> Person {
    let (token, refresh) = (text(&body["access_token"]), text(&body["refresh_token"]));
    let sessions = format!("http://{}/v1/sessions", server.address);
    let session = async || {
        let found = read(http.get(&sessions).bearer_auth(&token)).await.done();
        let current = found.body["items"].as_array().unwrap().iter().find(|item| item["current"] == true).cloned();
        current.map(|item| text(&item["id"]))
    };
    for _ in 0..200 {
        if let Some(session) = session().await {
            return Person { id: text(&body["user"]["id"]), token, email, phone, password, refresh, session };
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a session never showed");
}
