//! Who plays the other services: a relay like the projector's, and a command service that does as it is told.

use async_nats::jetstream::{self, stream};
use async_nats::{Client, HeaderMap, Message};
use event_log::{Delivery, EventLog};
use events::public::{Audience, PresenceState, form};
use events::{Category, ConversationId, Fact, MessageId, Position, PresenceEvent, Recorded, StreamName, UserId};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::world::{append, posted};

/// Relays from the newest fact on; stops when dropped.
pub(crate) struct Relay {
    task: JoinHandle<()>,
}

impl Relay {
    pub(crate) async fn create_stream(url: &str) {
        let context = jetstream::new(async_nats::connect(url).await.unwrap());
        let config = stream::Config {
            name: "CONFAB".to_owned(),
            subjects: vec!["confab.event.>".to_owned()],
            ..Default::default()
        };
        context.get_or_create_stream(config).await.unwrap();
    }

    pub(crate) async fn start(log: &EventLog, url: &str) -> Self {
        let (log, client) = (log.clone(), async_nats::connect(url).await.unwrap());
        let head = log.head().await.unwrap();
        Self { task: tokio::spawn(relay(log, client, head)) }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(log: EventLog, client: Client, head: Position) {
    let context = jetstream::new(client);
    let categories = Category::ALL.iter().map(|category| category.prefix()).collect();
    let mut facts = log.subscribe(categories, Some(head));
    let mut previous = head;
    while let Some(delivery) = facts.next().await {
        let Delivery::Fact(fact) = delivery else { continue };
        if publish(&context, &fact, previous).await {
            previous = fact.position;
        }
    }
}

/// Publishes a fact as the relay does; false when nobody is to know it.
pub(crate) async fn publish(context: &jetstream::Context, fact: &Recorded<Fact>, previous: Position) -> bool {
    let Some((audience, public)) = form(fact) else { return false };
    let mut headers = HeaderMap::new();
    headers.insert("Confab-Position", fact.position.to_string());
    headers.insert("Confab-Previous", previous.to_string());
    headers.insert("Confab-Audience", serde_json::to_string(&audience).unwrap());
    let subject = match audience {
        Audience::Conversation(conversation)
        | Audience::Members { conversation, .. }
        | Audience::Receipts { conversation, .. } => {
            format!("confab.event.conversation.{conversation}")
        }
        Audience::User(user) => format!("confab.event.user.{user}"),
        Audience::Everyone => "confab.event.profile.everyone".to_owned(),
        Audience::Watchers(user) => format!("confab.event.presence.{user}"),
    };
    let frame = json!({ "type": "event", "cursor": public.position, "event": public }).to_string();
    loop {
        let sent = context.publish_with_headers(subject.clone(), headers.clone(), frame.clone().into()).await;
        if let Ok(stored) = sent
            && stored.await.is_ok()
        {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// Carries out commands; stops when dropped.
pub(crate) struct Commands {
    task: JoinHandle<()>,
}

impl Commands {
    pub(crate) async fn start(log: &EventLog, url: &str) -> Self {
        let (log, client) = (log.clone(), async_nats::connect(url).await.unwrap());
        let mut commands = client.queue_subscribe("confab.command.*", "command-api".to_owned()).await.unwrap();
        client.flush().await.unwrap();
        let task = tokio::spawn(async move {
            while let Some(command) = commands.next().await {
                let answer = carry_out(&log, &command).await;
                client.publish(command.reply.unwrap(), answer.to_string().into()).await.unwrap();
            }
        });
        Self { task }
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Deserialize)]
struct Post {
    id: MessageId,
    conversation: ConversationId,
    text: String,
}

#[derive(Deserialize)]
struct SetPresence {
    user: UserId,
    state: PresenceState,
}

async fn carry_out(log: &EventLog, command: &Message) -> serde_json::Value {
    let headers = command.headers.as_ref().unwrap();
    let position = match command.subject.as_str() {
        "confab.command.post_message" => {
            assert!(!headers.get("Confab-Token").unwrap().as_str().is_empty());
            let Post { id, conversation, text } = serde_json::from_slice(&command.payload).unwrap();
            if text == "refuse me" {
                return json!({ "problem": { "type": "about:blank", "title": "No.", "status": 404, "code": "conversation_not_found" } });
            }
            append(log, &StreamName::message(id), vec![posted(conversation, UserId::new(id.uuid()), &text)]).await
        }
        "confab.command.set_presence" => {
            assert!(headers.get("Confab-Node").unwrap().as_str().len() > 64);
            let SetPresence { user, state } = serde_json::from_slice(&command.payload).unwrap();
            let event = match state {
                PresenceState::Active => PresenceEvent::CameOnline {},
                PresenceState::Away => PresenceEvent::WentAway {},
                PresenceState::Offline => PresenceEvent::WentOffline {},
            };
            append(log, &StreamName::presence(user), vec![event]).await
        }
        other => panic!("unknown command {other}"),
    };
    json!({ "ok": { "position": position } })
}
