//! One test's own world: an event store, a database, and facts to put into them.

use std::time::{Duration, Instant};

use event_log::{Appended, EventLog, Expected, NewEvent};
use event_store::EventStore;
use events::{
    AccountEvent, ActivityEvent, ConversationEvent, ConversationId, Decision, DraftEvent, DraftPlace, Family,
    FollowEvent, InboxEvent, MessageEvent, MessageId, Metadata, NotificationEvent, NotificationLevel, NotificationPart,
    NotificationReason, PinsEvent, Pointers, Position, PreferenceEvent, PresenceEvent, ProfileEvent, ReceiptEvent,
    Recorded, Role, SavedEvent, SavedState, StreamName, Timestamp, Told, UserId, Visibility,
};
use mongodb::bson::{Document, deserialize_from_document, doc};
use mongodb::{Client, Database};
use projector::Config;
use read_model::{
    Activity, ActivityReads, Conversations, Drafts, Fold, Follows, Inboxes, Memberships, Messages, Notifications,
    Preferences, Saved, Users, View,
};
use service_kit::Readiness;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::engines::shared_mongo;

pub(crate) const VIEWS: [&str; 12] = [
    Users::COLLECTION,
    Conversations::COLLECTION,
    Memberships::COLLECTION,
    Messages::COLLECTION,
    Follows::COLLECTION,
    Inboxes::COLLECTION,
    Preferences::COLLECTION,
    Saved::COLLECTION,
    Drafts::COLLECTION,
    Notifications::COLLECTION,
    Activity::COLLECTION,
    ActivityReads::COLLECTION,
];

pub(crate) struct World {
    pub(crate) log: EventLog,
    pub(crate) store_url: String,
    pub(crate) mongo_url: String,
    pub(crate) nats_url: String,
    pub(crate) name: String,
    store: CancellationToken,
    _events: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(shared_mongo()).await
    }

    pub(crate) async fn on(mongo_url: String) -> Self {
        let (log, store_url, store, events) = open_store().await;
        // Nobody listens on port 1: a test that wants a relay sets the address.
        let (nats_url, name) = ("nats://127.0.0.1:1".to_owned(), format!("test_{}", Uuid::now_v7().simple()));
        Self { log, store_url, mongo_url, nats_url, name, store, _events: events }
    }

    /// Puts another, empty event store in the place of this world's.
    pub(crate) async fn replace_store(&mut self) {
        self.store.cancel();
        (self.log, self.store_url, self.store, self._events) = open_store().await;
    }

    pub(crate) async fn database(&self) -> Database {
        Client::with_uri_str(&self.mongo_url).await.unwrap().database(&self.name)
    }

    /// Starts a projector, which ends when the handle is aborted.
    pub(crate) fn project(&self) -> Running {
        let config = Config {
            mongo_url: self.mongo_url.clone(),
            mongo_database: self.name.clone(),
            nats_url: self.nats_url.clone(),
        };
        let readiness = Readiness::default();
        let run = projector::run(config, self.log.clone(), readiness.clone(), CancellationToken::new());
        Running { task: tokio::spawn(async move { run.await.unwrap() }), readiness }
    }

    pub(crate) async fn append<F: Family>(&self, stream: StreamName, event: F) -> Position {
        let id = Uuid::now_v7();
        let metadata = Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
        let appended = self.log.append(&stream, Expected::Any, vec![NewEvent { id, event, metadata }]).await;
        let Appended::At(position) = appended.unwrap() else { panic!("{stream}: a conflict that cannot be") };
        position
    }

    /// Registers somebody.
    pub(crate) async fn person(&self, name: &str) -> UserId {
        let user = UserId::new(Uuid::now_v7());
        let email = Some(format!("{}@x.org", name.to_lowercase()));
        let event = AccountEvent::AccountRegistered { email, phone: None, role: Role::Member };
        self.append(StreamName::account(user), event).await;
        self.append(StreamName::profile(user), ProfileEvent::ProfileCreated { name: name.to_owned() }).await;
        self.append(StreamName::presence(user), PresenceEvent::CameOnline {}).await;
        user
    }

    pub(crate) async fn channel(&self, name: &str, visibility: Visibility, creator: UserId) -> ConversationId {
        let conversation = ConversationId::new(Uuid::now_v7());
        let name = name.to_owned();
        let event = ConversationEvent::ChannelCreated { name, visibility, topic: None, description: None, creator };
        self.settle(conversation, event).await;
        self.settle(conversation, ConversationEvent::MemberJoined { user: creator }).await;
        conversation
    }

    pub(crate) async fn settle(&self, conversation: ConversationId, event: ConversationEvent) -> Position {
        self.append(StreamName::conversation(conversation), event).await
    }

    pub(crate) async fn say(
        &self,
        conversation: ConversationId,
        author: UserId,
        text: &str,
        thread: Option<MessageId>,
    ) -> (MessageId, Position) {
        let message = MessageId::new(Uuid::now_v7());
        let (text, files) = (text.to_owned(), Vec::new());
        let event = MessageEvent::MessagePosted {
            conversation,
            author,
            text,
            thread,
            files,
            in_channel: false,
            answers: None,
            forwards: None,
        };
        (message, self.append(StreamName::message(message), event).await)
    }

    pub(crate) async fn read(&self, conversation: ConversationId, user: UserId, read: Position) -> Position {
        let event = ReceiptEvent::ReadUpTo(Pointers { delivered: read, read, ..Pointers::default() });
        self.append(StreamName::receipt(conversation, user), event).await
    }

    async fn prefer(&self, conversation: ConversationId, user: UserId, starred: bool) {
        let starred = PreferenceEvent::ConversationStarred { conversation, starred };
        let level = PreferenceEvent::NotificationLevelSet { conversation, level: NotificationLevel::Nothing };
        for event in [starred, level] {
            self.append(StreamName::preference(user), event).await;
        }
    }

    async fn notify(&self, conversation: ConversationId, message: MessageId, user: UserId) {
        let decisions = vec![Decision { reason: NotificationReason::Mention, held_back_by: None, users: vec![user] }];
        for part in [NotificationPart::Posted(0), NotificationPart::Edited(1)] {
            let decided = NotificationEvent::NotificationsDecided { conversation, decisions: decisions.clone() };
            self.append(StreamName::notification(message, part), decided).await;
        }
    }

    /// A bit of everything: people, a channel, coming and going, messages, threads, edits, reactions, receipts.
    pub(crate) async fn bustle(&self, rounds: usize) {
        let (ann, bob) = (self.person("Ann").await, self.person("Bob").await);
        let lunch = self.channel("lunch", Visibility::Public, ann).await;
        for round in 0..rounds {
            self.settle(lunch, ConversationEvent::MemberJoined { user: bob }).await;
            let (first, at) = self.say(lunch, ann, &format!("round {round}"), None).await;
            let (_, _) = self.say(lunch, bob, "an answer", Some(first)).await;
            let emoji = "👍".to_owned();
            let reacted = MessageEvent::ReactionAdded { conversation: lunch, user: bob, emoji, author: Some(ann) };
            self.append(StreamName::message(first), reacted).await;
            let pinned = PinsEvent::PinAdded { message: first, by: bob };
            self.append(StreamName::pins(lunch), pinned).await;
            let read = FollowEvent::ThreadReadUpTo { conversation: lunch, read: at, following: None, marked: Some(at) };
            self.append(StreamName::follow(first, bob), read).await;
            let text = format!("*round* {round}, `edited`\n- @here\n3. <https://x.org|x>");
            self.append(
                StreamName::message(first),
                MessageEvent::MessageEdited { conversation: lunch, text, mentions: vec![] },
            )
            .await;
            self.read(lunch, bob, at).await;
            let told = Told { delivered: at, read: Position::START };
            let pointers = Pointers { delivered: at, told, shared: true, ..Pointers::default() };
            self.append(StreamName::receipt(lunch, bob), ReceiptEvent::DeliveredUpTo(pointers)).await;
            self.append(StreamName::receipt(lunch, bob), ReceiptEvent::MarkedUnread(pointers)).await;
            let set = InboxEvent::ReadReceiptsSet { read_receipts: round % 2 == 0, read: at };
            self.append(StreamName::inbox(bob), set).await;
            self.settle(lunch, ConversationEvent::ReceiptsSet { receipts: round % 2 == 0 }).await;
            self.settle(lunch, ConversationEvent::MemberLeft { user: bob }).await;
            self.prefer(lunch, bob, round % 2 == 0).await;
            self.notify(lunch, first, ann).await;
            self.append(StreamName::activity(ann), ActivityEvent::ActivityReadUpTo { read: at }).await;
            let (state, remind_at) = (SavedState::Archived, Some(Timestamp::from_unix_ms(1_800_000_000_000)));
            let saved = SavedEvent::MessageSaved {
                message: first,
                conversation: Some(lunch),
                saved: round % 3 > 0,
                state,
                remind_at,
            };
            self.append(StreamName::saved(bob), saved).await;
            let place = DraftPlace { conversation: lunch, thread: (round % 2 == 0).then_some(first) };
            let DraftPlace { conversation, thread } = place;
            let drafted = DraftEvent::DraftSaved { conversation, thread, text: "so f".to_owned() };
            self.append(StreamName::draft(place, bob), drafted).await;
            self.append(StreamName::draft_places(bob), DraftEvent::DraftPlacesChanged { places: vec![place] }).await;
            self.append(StreamName::presence(bob), PresenceEvent::WentAway {}).await;
        }
    }

    pub(crate) async fn facts(&self) -> Vec<Recorded> {
        let prefixes = [
            "account-",
            "profile-",
            "presence-",
            "conversation-",
            "message-",
            "pins-",
            "follow-",
            "inbox-",
            "preference-",
            "saved-",
            "draft-",
            "receipt-",
            "notification-",
            "activity-",
        ];
        self.log.read_all(prefixes.map(str::to_owned).to_vec(), Position::START, 100_000).await.unwrap()
    }

    pub(crate) async fn checkpoint(&self, view: &str) -> Position {
        let checkpoints = self.database().await.collection::<Document>("checkpoints_v1");
        let saved = checkpoints.find_one(doc! { "_id": view }).await.ok().flatten();
        Position(saved.map_or(0, |saved| u64::try_from(saved.get_i64("position").unwrap()).unwrap()))
    }

    /// Waits until every view has got to the store's head.
    pub(crate) async fn caught_up(&self) {
        let head = self.log.head().await.unwrap();
        for view in VIEWS {
            eventually(&format!("{view} has got to {head}"), async || self.checkpoint(view).await >= head).await;
        }
    }

    /// Every document of every view is what a fold of all facts from zero gives.
    pub(crate) async fn documents_equal_a_fold(&self) {
        let facts = self.facts().await;
        assert!(!facts.is_empty());
        self.equals::<Users>(&facts).await;
        self.equals::<Preferences>(&facts).await;
        self.equals::<Saved>(&facts).await;
        self.equals::<Drafts>(&facts).await;
        self.equals::<Conversations>(&facts).await;
        self.equals::<Memberships>(&facts).await;
        self.equals::<Messages>(&facts).await;
        self.equals::<Follows>(&facts).await;
        self.equals::<Inboxes>(&facts).await;
        self.equals::<Notifications>(&facts).await;
        self.equals::<Activity>(&facts).await;
        self.equals::<ActivityReads>(&facts).await;
    }

    async fn equals<V: View<Doc: PartialEq + std::fmt::Debug>>(&self, facts: &[Recorded]) {
        let mut fold = Fold::<V>::default();
        facts.iter().for_each(|fact| fold.apply(fact));
        let documents = self.database().await.collection::<Document>(V::COLLECTION);
        let count = documents.count_documents(doc! {}).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), fold.documents().len(), "{}", V::COLLECTION);
        for (key, expected) in fold.documents() {
            let document = documents.find_one(doc! { "_id": key.to_string() }).await.unwrap().unwrap();
            assert_eq!(document.get_i64("seen").unwrap(), i64::try_from(expected.seen.0).unwrap(), "{key}");
            assert_eq!(deserialize_from_document::<V::Doc>(document).unwrap(), expected.doc, "{key}");
        }
    }
}

/// A projector at work; ends, wherever it is, when dropped.
pub(crate) struct Running {
    task: JoinHandle<()>,
    pub(crate) readiness: Readiness,
}

impl Running {
    /// Ends it wherever it is, and waits until it has ended.
    pub(crate) async fn kill(self) {
        self.task.abort();
        while !self.task.is_finished() {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn open_store() -> (EventLog, String, CancellationToken, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = EventStore::open(event_store::Options::new(folder.path())).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("esdb://{}?tls=false", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let (served, stopped) = (event_store::serve(store, listener, stop.clone()), stop.clone());
    tokio::spawn(async move { stopped.run_until_cancelled(served).await });
    (EventLog::connect(&url).unwrap(), url, stop, folder)
}

pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds().await {
        assert!(Instant::now() < deadline, "not within 60 s: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
