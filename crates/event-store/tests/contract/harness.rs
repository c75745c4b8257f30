//! A listening server in a folder of its own, and short ways to say what tests say often.

use std::path::Path;
use std::time::Duration;

use event_store::{EventStore, Options, Scavenged, Security, ServeError, serve_with};
use eventstore::{
    AppendToStreamOptions, Client, Error, EventData, ExpectedRevision, Position, ReadStream, ResolvedEvent,
    Subscription, SubscriptionEvent,
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use uuid::Uuid;

use crate::client::OwnNames;

/// The answer to an append, comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) revision: u64,
    pub(crate) position: Position,
}

/// The status of a refusal that the client has no name for.
pub(crate) fn status(error: &Error) -> (Code, &str) {
    match error {
        // The client brings its own version of tonic.
        Error::Grpc { code, message } => (Code::from(i32::from(*code)), message),
        other => panic!("not a plain status: {other:?}"),
    }
}

/// A server that ends with the test.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) client: OwnNames,
    store: Option<EventStore>,
    folder: TempDir,
    shutdown: CancellationToken,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    /// For tests of the protocol alone, which do not need to be by themselves: the server that
    /// `CONFAB_TEST_EVENTSTORE_URL` names, if it does. Streams have names of their own there.
    pub(crate) async fn shared() -> Self {
        let Ok(url) = std::env::var("CONFAB_TEST_EVENTSTORE_URL") else {
            return Self::start().await;
        };
        Self {
            port: 0,
            client: OwnNames::among_others(connect(&url)),
            store: None,
            folder: tempfile::tempdir().unwrap(),
            shutdown: CancellationToken::new(),
            task: tokio::spawn(async { Ok(()) }),
        }
    }

    pub(crate) async fn start_in(folder: TempDir) -> Self {
        Self::start_guarded(folder, Security::default()).await
    }

    /// The client of a guarded server is of no use; tests make their own.
    pub(crate) async fn start_guarded(folder: TempDir, security: Security) -> Self {
        let options = Options::new(folder.path());
        Self::start_on(folder, options, security).await
    }

    /// A server whose files of the log get a successor after each append.
    pub(crate) async fn start_with_small_files() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(folder.path());
        options.segment_bytes = 1;
        Self::start_on(folder, options, Security::default()).await
    }

    /// A server on a folder that outlives it.
    pub(crate) async fn start_on_folder(data_dir: &Path) -> Self {
        Self::start_on(tempfile::tempdir().unwrap(), Options::new(data_dir), Security::default()).await
    }

    /// A server on a small disk: small files, and so many bytes left to others.
    pub(crate) async fn start_on_small_disk(data_dir: &Path, spare_bytes: u64) -> Self {
        let options = Options { segment_bytes: 1 << 20, spare_bytes, ..Options::new(data_dir) };
        Self::start_on(tempfile::tempdir().unwrap(), options, Security::default()).await
    }

    pub(crate) async fn scavenge(&self) -> Scavenged {
        self.store.as_ref().unwrap().scavenge(CancellationToken::new()).await.unwrap()
    }

    async fn start_on(folder: TempDir, options: Options, security: Security) -> Self {
        let store = EventStore::open(options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(serve_with(store.clone(), listener, security, shutdown.clone()));
        Self { port, client: OwnNames::alone(connect(&url(port))), store: Some(store), folder, shutdown, task }
    }

    pub(crate) fn url(&self) -> String {
        url(self.port)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Stops cleanly and gives back the folder.
    pub(crate) async fn stop(self) -> TempDir {
        // Who holds a store holds its folder.
        drop(self.store);
        self.shutdown.cancel();
        self.task.await.unwrap().unwrap();
        self.folder
    }

    pub(crate) async fn restart(self) -> Self {
        Self::start_in(self.stop().await).await
    }

    pub(crate) async fn append(
        &self,
        stream: &str,
        expected: ExpectedRevision,
        events: Vec<EventData>,
    ) -> Result<Written, Error> {
        let options = AppendToStreamOptions::default().expected_revision(expected);
        let written = self.client.append_to_stream(stream, &options, events).await?;
        Ok(Written { revision: written.next_expected_version, position: written.position })
    }

    /// Appends `count` new events and returns their ids.
    pub(crate) async fn fill(&self, stream: &str, count: usize) -> Vec<Uuid> {
        let ids: Vec<Uuid> = (0..count).map(|_| Uuid::new_v4()).collect();
        let events = ids.iter().map(|id| event(*id)).collect();
        self.append(stream, ExpectedRevision::Any, events).await.unwrap();
        ids
    }
}

fn url(port: u16) -> String {
    format!("esdb://127.0.0.1:{port}?tls=false&discoveryInterval=10")
}

pub(crate) fn connect(url: &str) -> Client {
    Client::new(url.parse().unwrap()).unwrap()
}

pub(crate) fn event(id: Uuid) -> EventData {
    EventData::json("Tested.v1", &serde_json::json!({ "id": id })).unwrap().id(id)
}

pub(crate) fn new_events(count: usize) -> Vec<EventData> {
    (0..count).map(|_| event(Uuid::new_v4())).collect()
}

pub(crate) async fn all_of(mut read: ReadStream) -> Vec<ResolvedEvent> {
    let mut events = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        events.push(event);
    }
    events
}

pub(crate) fn ids(events: &[ResolvedEvent]) -> Vec<Uuid> {
    events.iter().map(|e| e.get_original_event().id).collect()
}

pub(crate) fn revisions(events: &[ResolvedEvent]) -> Vec<u64> {
    let events = events.iter();
    events.map(|e| e.get_original_event().revision).collect()
}

/// The next message of a subscription, which must come soon.
pub(crate) async fn next(subscription: &mut Subscription) -> SubscriptionEvent {
    soon(subscription.next_subscription_event()).await.unwrap()
}

/// The next event of a subscription, whatever comes before it.
pub(crate) async fn next_event(subscription: &mut Subscription) -> ResolvedEvent {
    soon(subscription.next()).await.unwrap()
}

pub(crate) async fn until_caught_up(subscription: &mut Subscription) -> Vec<SubscriptionEvent> {
    let mut before = Vec::new();
    loop {
        match next(subscription).await {
            SubscriptionEvent::CaughtUp => return before,
            message => before.push(message),
        }
    }
}

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("it must come soon")
}
