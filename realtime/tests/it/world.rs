//! A small Confab around realtime: an event store, NATS, a relay, a command service, tokens.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use event_log::{Appended, EventLog, Expected, NewEvent};
use event_store::{EventStore, Options};
use events::{
    ConversationEvent, ConversationId, Family, MessageEvent, MessageId, Metadata, Position, Role, SessionId,
    StreamName, UserId, Visibility,
};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use realtime::{App, Config};
use service_kit::{Claims, Env, Readiness, TOKEN_AUDIENCE, TOKEN_ISSUER, Verifier, public, serve};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::backstage::{Commands, Relay};
use crate::client::Client;
use crate::nats::Nats;

pub(crate) const NODE_KEY: &str = "0123456789abcdef0123456789abcdef";

pub(crate) const ANN: UserId = UserId::new(Uuid::from_u128(1));
pub(crate) const BOB: UserId = UserId::new(Uuid::from_u128(2));
pub(crate) const CAT: UserId = UserId::new(Uuid::from_u128(3));
pub(crate) const ROOM: ConversationId = ConversationId::new(Uuid::from_u128(21));

pub(crate) struct World {
    pub(crate) log: EventLog,
    store_url: String,
    pub(crate) nats: Nats,
    pub(crate) relay: Option<Relay>,
    commands: Option<Commands>,
    signer: Signer,
    stopped: CancellationToken,
    _folder: TempDir,
}

/// A realtime node of its own runtime, so that it can die without a word.
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: CancellationToken,
    runtime: Option<tokio::runtime::Runtime>,
}

impl World {
    /// Everything but realtime itself, with Ann and Bob in one channel.
    pub(crate) async fn new() -> Self {
        let mut world = Self::without_relay().await;
        world.relay = Some(Relay::start(&world.log, &world.nats.url()).await);
        world
    }

    /// A world in which nothing is relayed, but the stream is there.
    pub(crate) async fn without_relay() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = EventStore::open(Options::new(folder.path())).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let store_url = format!("esdb://{}?tls=false", listener.local_addr().unwrap());
        let log = EventLog::connect(&store_url).unwrap();
        let stopped = CancellationToken::new();
        tokio::spawn(event_store::serve(store, listener, stopped.clone()));
        let nats = Nats::start();
        Relay::create_stream(&nats.url()).await;
        let world =
            Self { log, store_url, nats, relay: None, commands: None, signer: Signer::new(), stopped, _folder: folder };
        world.found_room().await;
        world
    }

    /// A command service that carries out what comes.
    pub(crate) async fn with_commands(mut self) -> Self {
        self.commands = Some(Commands::start(&self.log, &self.nats.url()).await);
        self
    }

    /// A realtime node with these settings besides the usual ones.
    pub(crate) async fn node(&self, settings: &[(&str, &str)]) -> Node {
        let own = [
            ("CONFAB_NATS_URL", self.nats.url()),
            ("CONFAB_NODE_KEY", NODE_KEY.to_owned()),
            ("CONFAB_OFFLINE_AFTER_MS", "300".to_owned()),
        ];
        let given = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let values = own.into_iter().chain(given).map(|(name, value)| (name.to_owned(), value));
        let mut env = Env::of(values.collect::<std::collections::BTreeMap<_, _>>());
        let config = Config::read(&mut env);
        env.finish().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        // Its own connection, which may die with it.
        let log = EventLog::connect(&self.store_url).unwrap();
        let (verifier, shutdown) = (self.signer.verifier(), CancellationToken::new());
        let running = runtime.spawn(run(config, log, verifier, shutdown.clone()));
        Node { address: running.await.unwrap(), shutdown, runtime: Some(runtime) }
    }

    pub(crate) fn token(&self, user: UserId) -> String {
        self.signer.token(user, session_of(user), 900)
    }

    pub(crate) fn short_token(&self, user: UserId, seconds: u64) -> String {
        self.signer.token(user, session_of(user), seconds)
    }

    /// A live client of somebody.
    pub(crate) async fn client(&self, node: &Node, user: UserId) -> Client {
        Client::ready(node.address, &self.token(user), None).await.0
    }

    pub(crate) async fn post(&self, conversation: ConversationId, author: UserId, text: &str) -> Position {
        let message = MessageId::new(Uuid::now_v7());
        self.append(&StreamName::message(message), vec![posted(conversation, author, text)]).await
    }

    pub(crate) async fn changed(&self, conversation: ConversationId, event: ConversationEvent) -> Position {
        self.append(&StreamName::conversation(conversation), vec![event]).await
    }

    pub(crate) async fn append<F: Family>(&self, stream: &StreamName, events: Vec<F>) -> Position {
        append(&self.log, stream, events).await
    }

    async fn found_room(&self) {
        let founded = ConversationEvent::ChannelCreated {
            name: "room".into(),
            visibility: Visibility::Public,
            topic: None,
            description: None,
            creator: ANN,
        };
        let [ann, bob] = [ANN, BOB].map(|user| ConversationEvent::MemberJoined { user });
        self.append(&StreamName::conversation(ROOM), vec![founded, ann, bob]).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stopped.cancel();
    }
}

impl Node {
    /// Ends at once, leaving everything as it is.
    pub(crate) fn kill(mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn run(config: Config, log: EventLog, verifier: Verifier, shutdown: CancellationToken) -> SocketAddr {
    let readiness = Readiness::default();
    let app = App::start(config, log, verifier, readiness.clone(), shutdown.clone()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, public(realtime::router(app)), shutdown));
    while !readiness.waiting_for().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    address
}

pub(crate) fn posted(conversation: ConversationId, author: UserId, text: &str) -> MessageEvent {
    MessageEvent::MessagePosted {
        conversation,
        author,
        text: text.to_owned(),
        thread: None,
        files: Vec::new(),
        in_channel: false,
        answers: None,
        forwards: None,
    }
}

pub(crate) async fn append<F: Family>(log: &EventLog, stream: &StreamName, events: Vec<F>) -> Position {
    let id = Uuid::now_v7();
    let metadata = Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
    let new = |event| NewEvent { id: Uuid::now_v7(), event, metadata: metadata.clone() };
    let events = events.into_iter().map(new).collect();
    match log.append(stream, Expected::Any, events).await.unwrap() {
        Appended::At(position) => position,
        Appended::Conflict => panic!("nothing was expected, so nothing conflicts"),
    }
}

pub(crate) fn session_of(user: UserId) -> SessionId {
    SessionId::new(user.uuid())
}

struct Signer {
    key: EncodingKey,
    public: Jwk,
}

impl Signer {
    fn new() -> Self {
        let der = KeypairBytes { secret_key: [7; 32], public_key: None }.to_pkcs8_der().unwrap();
        let key = EncodingKey::from_ed_der(der.as_bytes());
        let mut public = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        public.common.key_id = Some("test".to_owned());
        Self { key, public }
    }

    fn verifier(&self) -> Verifier {
        Verifier::of(&JwkSet { keys: vec![self.public.clone()] })
    }

    fn token(&self, user: UserId, session: SessionId, seconds: u64) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some("test".to_owned());
        let (iss, aud) = (TOKEN_ISSUER.to_owned(), TOKEN_AUDIENCE.to_owned());
        let claims = Claims { iss, aud, sub: user, sid: session, role: Role::Member, iat: now, exp: now + seconds };
        jsonwebtoken::encode(&header, &claims, &self.key).unwrap()
    }
}
