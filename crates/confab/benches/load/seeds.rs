//! A past for a Confab that has not started yet: facts appended straight to its store, as its own commands would have
//! written them. People, channels and messages in numbers that nobody could register, join and type in time.

use std::path::Path;

use event_store::{EventStore, Expected, NewEvent, Options};
use events::{
    AccountEvent, ConversationEvent, ConversationId, Family, MessageEvent, MessageId, Metadata, ProfileEvent, Role,
    StreamName, UserId, Visibility, WorkspaceEvent,
};
use futures::{StreamExt, stream};
use uuid::Uuid;

/// Appends on their way at the same time: as many as the store groups well.
const AT_ONCE: usize = 512;
/// Events of one append to the same stream.
const BATCH: usize = 200;
/// What everybody says: two hundred bytes, as people write them.
pub const TEXT: &str = "two hundred bytes of text, as people write them. two hundred bytes of text, as people write them. \
    two hundred bytes of text, as people write them. two hundred bytes of text, as people write them. ";

/// The n-th person of every world.
pub fn person(number: usize) -> UserId {
    UserId::new(Uuid::from_u128((0x0198_0000_0000_7000_8000 << 48) | number as u128))
}

/// The n-th channel of every world, beside the general one.
pub fn channel(number: usize) -> ConversationId {
    ConversationId::new(Uuid::from_u128((0x0199_0000_0000_7000_8000 << 48) | number as u128))
}

/// A world before its start.
pub struct Seeds {
    store: EventStore,
}

impl Seeds {
    /// An empty one, in the place where a Confab with this folder looks for its events.
    pub async fn sow(data_dir: &Path) -> Self {
        let store = EventStore::open(Options::new(confab::events_dir(data_dir))).unwrap();
        let seeds = Self { store };
        let owner = person(0);
        seeds.tell(StreamName::workspace(), owner, [WorkspaceEvent::WorkspaceFounded { owner }]).await;
        seeds.channel(ConversationId::general(), "general", owner).await;
        seeds
    }

    /// So many people from this one on, all of them in the general channel.
    pub async fn people(&self, from: usize, count: usize) {
        stream::iter(from..from + count).for_each_concurrent(AT_ONCE, |number| self.register(number)).await;
        self.join(ConversationId::general(), from..from + count).await;
    }

    async fn register(&self, number: usize) {
        let user = person(number);
        let role = if number == 0 { Role::Owner } else { Role::Member };
        let email = Some(format!("person{number}@example.org"));
        self.tell(StreamName::account(user), user, [AccountEvent::AccountRegistered { email, phone: None, role }])
            .await;
        self.tell(StreamName::profile(user), user, [ProfileEvent::ProfileCreated { name: format!("Person {number}") }])
            .await;
    }

    /// A public channel; nobody is in it yet.
    pub async fn channel(&self, id: ConversationId, name: &str, creator: UserId) {
        let (name, visibility) = (name.to_owned(), Visibility::Public);
        let created = ConversationEvent::ChannelCreated { name, visibility, topic: None, description: None, creator };
        self.tell(StreamName::conversation(id), creator, [created]).await;
    }

    /// These people join a channel.
    pub async fn join(&self, channel: ConversationId, people: impl IntoIterator<Item = usize>) {
        let joined: Vec<_> = people.into_iter().map(|n| ConversationEvent::MemberJoined { user: person(n) }).collect();
        for batch in joined.chunks(BATCH) {
            self.tell(StreamName::conversation(channel), person(0), batch.to_vec()).await;
        }
    }

    /// Somebody says so many things in a channel.
    pub async fn messages(&self, conversation: ConversationId, author: UserId, count: usize) {
        let said = MessageEvent::MessagePosted {
            conversation,
            author,
            text: TEXT.to_owned(),
            thread: None,
            files: Vec::new(),
            in_channel: false,
            answers: None,
            forwards: None,
        };
        stream::iter(0..count)
            .for_each_concurrent(AT_ONCE, |_| {
                self.tell(StreamName::message(MessageId::new(Uuid::now_v7())), author, [said.clone()])
            })
            .await;
    }

    async fn tell<F: Family>(&self, stream: StreamName, actor: UserId, facts: impl IntoIterator<Item = F>) {
        let request = Uuid::new_v4();
        let metadata = Metadata { actor: Some(actor), session: None, correlation_id: request, causation_id: request };
        let metadata = serde_json::to_vec(&metadata).unwrap();
        let event = |fact: F| {
            let (name, facts) = fact.encode();
            NewEvent { metadata: metadata.clone().into(), ..NewEvent::json(name, facts.to_string()) }
        };
        let events = facts.into_iter().map(event).collect();
        self.store.append(stream.as_str(), Expected::Any, events).await.unwrap();
    }
}
