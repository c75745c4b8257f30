//! A Confab of separate processes: the five services' own binaries, and both engines.

use std::collections::HashMap;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use confab::engines::{Engine, Kind, Search, Source};
use serde_json::{Value, json};

/// A process of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    EventStore,
    CommandApi,
    QueryApi,
    Projector,
    Realtime,
}

impl Service {
    const ALL: [Self; 5] = [Self::EventStore, Self::CommandApi, Self::QueryApi, Self::Projector, Self::Realtime];

    pub fn name(self) -> &'static str {
        match self {
            Self::EventStore => "event-store",
            Self::CommandApi => "command-api",
            Self::QueryApi => "query-api",
            Self::Projector => "projector",
            Self::Realtime => "realtime",
        }
    }
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub token: String,
}

pub struct Cluster {
    pub data_dir: PathBuf,
    addresses: HashMap<Service, SocketAddr>,
    running: HashMap<Service, Child>,
    more: Vec<Child>,
    mongo: Engine,
    nats: Engine,
}

impl Cluster {
    /// Starts everything in an empty folder of this name and waits until a person can register and read.
    pub async fn start(folder: &str) -> Self {
        let data_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("faults").join(folder);
        drop(std::fs::remove_dir_all(&data_dir));
        std::fs::create_dir_all(data_dir.join("log")).unwrap();
        let engine = async |kind| match Search::process().find(kind).unwrap() {
            Source::Binary(binary) => Engine::launch(kind, &binary, &data_dir, None).await.unwrap(),
            Source::Url(url) => panic!("faults need an engine of their own, not {url}"),
        };
        let (mongo, nats) = (engine(Kind::Mongo).await, engine(Kind::Nats).await);
        let addresses = Service::ALL.into_iter().map(|service| (service, free_address())).collect();
        let mut cluster = Self { data_dir, addresses, running: HashMap::new(), more: Vec::new(), mongo, nats };
        for service in Service::ALL {
            cluster.start_service(service);
        }
        cluster.ready().await;
        cluster
    }

    pub fn engine(&self, kind: Kind) -> &Engine {
        match kind {
            Kind::Mongo => &self.mongo,
            Kind::Nats => &self.nats,
        }
    }

    pub fn event_store_url(&self) -> String {
        format!("esdb://{}?tls=false", self.addresses[&Service::EventStore])
    }

    pub fn realtime(&self) -> SocketAddr {
        self.addresses[&Service::Realtime]
    }

    /// Starts a service where it was before.
    pub fn start_service(&mut self, service: Service) {
        self.start_service_with(service, None);
    }

    /// Starts a service where it was before, by a clock that is so far off.
    pub fn start_service_with(&mut self, service: Service, clock: Option<&str>) {
        let child = self.spawn(service, self.addresses[&service], service.name(), clock);
        self.running.insert(service, child);
    }

    /// Starts a second realtime node and gives its address.
    pub fn start_another_realtime(&mut self) -> SocketAddr {
        let address = free_address();
        let child = self.spawn(Service::Realtime, address, "realtime-2", None);
        self.more.push(child);
        address
    }

    /// Starts a second command-api and gives its address.
    pub fn start_another_command_api(&mut self) -> SocketAddr {
        let address = free_address();
        let child = self.spawn(Service::CommandApi, address, "command-api-2", None);
        self.more.push(child);
        address
    }

    /// Takes away everything an engine has stored; its configuration stays.
    pub fn forget(&self, engine: &str) {
        for entry in std::fs::read_dir(self.data_dir.join(engine)).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().is_some_and(|extension| extension == "conf") {
                true => {}
                false if path.is_dir() => std::fs::remove_dir_all(path).unwrap(),
                false => std::fs::remove_file(path).unwrap(),
            }
        }
    }

    /// Ends a service as a power cut would.
    pub fn kill(&mut self, service: Service) {
        let mut child = self.running.remove(&service).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn spawn(&self, service: Service, address: SocketAddr, log: &str, clock: Option<&str>) -> Child {
        let log = File::options().create(true).append(true).open(self.data_dir.join("log").join(log)).unwrap();
        let mut command = Command::new(binary(service));
        if service == Service::EventStore {
            command.arg("--listen").arg(address.to_string()).arg("--data-dir").arg(self.data_dir.join("events"));
        }
        if let Some(clock) = clock {
            // Only what is shown as the time: timeouts go by another clock.
            let settings = [("FAKETIME", clock), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
            command.env("LD_PRELOAD", clock_library()).envs(settings);
        }
        let jwks = format!("http://{}/.well-known/jwks.json", self.addresses[&Service::CommandApi]);
        command
            .env("CONFAB_LISTEN", address.to_string())
            .env("CONFAB_METRICS_LISTEN", free_address().to_string())
            .env("CONFAB_EVENT_STORE_URL", self.event_store_url())
            .env("CONFAB_MONGO_URL", self.mongo.url())
            .env("CONFAB_NATS_URL", self.nats.url())
            .env("CONFAB_JWKS_URL", jwks)
            .env("CONFAB_SIGNING_KEY_FILE", self.data_dir.join("signing.pem"))
            .env("CONFAB_NODE_KEY", "a key that all nodes of this test share")
            .env("CONFAB_RATE_REGISTER_PER_MINUTE", "10000")
            .env("CONFAB_RATE_WRITES_PER_MINUTE", "1000000")
            .env("CONFAB_RATE_READS_PER_MINUTE", "1000000")
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        command.spawn().unwrap()
    }

    pub async fn ready(&self) {
        let start = Instant::now();
        for service in [Service::CommandApi, Service::QueryApi, Service::Realtime] {
            let url = format!("http://{}/readyz", self.addresses[&service]);
            while !reqwest::get(&url).await.is_ok_and(|answer| answer.status().is_success()) {
                assert!(
                    start.elapsed() < Duration::from_secs(60),
                    "{service:?} is not ready: see {}",
                    self.data_dir.display()
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Sends a command; the status, and the body when there was an answer.
    pub async fn post(&self, token: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
        post(self.addresses[&Service::CommandApi], token, path, body).await
    }

    pub fn commands(&self) -> SocketAddr {
        self.addresses[&Service::CommandApi]
    }

    pub async fn get(&self, person: &Person, path: &str) -> (u16, Value) {
        let url = format!("http://{}{path}", self.addresses[&Service::QueryApi]);
        let request = reqwest::Client::new().get(url).bearer_auth(&person.token).timeout(Duration::from_secs(15));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub async fn register(&self, name: &str) -> Person {
        let email = format!("{}@example.org", uuid::Uuid::now_v7().simple());
        let body = json!({ "name": name, "email": email, "password": "correct horse battery" });
        let (status, body) = self.post("", "/v1/auth/register", &body).await.unwrap();
        assert_eq!(status, 201, "{body}");
        Person {
            id: body["user"]["id"].as_str().unwrap().to_owned(),
            token: body["access_token"].as_str().unwrap().to_owned(),
        }
    }
}

/// Sends a command to an address; nothing when no answer came.
pub async fn post(address: SocketAddr, token: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let request = reqwest::Client::new().post(format!("http://{address}{path}")).json(body);
    let answer = request.bearer_auth(token).timeout(Duration::from_secs(8)).send().await.ok()?;
    Some((answer.status().as_u16(), answer.json().await.ok()?))
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for child in self.running.values_mut().chain(&mut self.more) {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The library that shows a process another time.
fn clock_library() -> PathBuf {
    let kinds = std::fs::read_dir("/usr/lib").unwrap().flatten();
    let mut libraries = kinds.map(|kind| kind.path().join("faketime/libfaketimeMT.so.1"));
    let found = libraries.find(|library| library.is_file());
    found.expect("there is no libfaketime: run `cargo xtask test`, which installs it")
}

fn binary(service: Service) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_confab")).with_file_name(service.name());
    assert!(path.exists(), "{} is missing: run `cargo build --workspace --bins` first", path.display());
    path
}
