//! What streams keep: a receipt its newest, a credential its newest, presence a month.

use std::time::Duration;

use event_log::{Appended, Expected, NewEvent, Retention};
use events::{
    ConversationId, CredentialEvent, Fact, Family, Metadata, PresenceEvent, ReceiptEvent, StreamName, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sockets::{self, Nats, ask, token};
use crate::world::{World, general};

/// A stream's metadata, read as if it were an event of ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data")]
enum Kept {
    #[serde(rename = "$metadata")]
    Metadata(Value),
}

impl Family for Kept {
    fn fact(_: &StreamName, _: Self) -> Option<Fact> {
        None
    }
}

async fn kept(world: &World, stream: &StreamName) -> Vec<Value> {
    let facts = world.facts::<Kept>(&StreamName::stored(format!("$${stream}"))).await;
    facts.into_iter().map(|fact| fact.event).map(|Kept::Metadata(kept)| kept).collect()
}

#[tokio::test]
async fn only_the_newest_receipt_is_kept_and_reading_goes_on() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let stream = StreamName::receipt(ConversationId::general(), ann.id.parse().unwrap());
    let path = format!("/v1/conversations/{}/read", general());
    let mut answers = Vec::new();
    for n in 0..3_u64 {
        let sent = world.message(&ann, &general(), &Uuid::now_v7().to_string(), "hello").send().await;
        let answer = world.put(&path).by(&ann).body(json!({ "position": sent.position() })).send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let history = world.log.read::<ReceiptEvent>(&stream).await.unwrap();
        assert_eq!((history.end.revision, history.events.len()), (Some(n), 1));
        assert!(matches!(history.events[0].event, ReceiptEvent::ReadUpTo(at) if at.read.0 == sent.position()));
        answers.push((sent.position(), answer.position()));
    }
    assert_eq!(kept(&world, &stream).await, [json!({ "$maxCount": 1 })]);
    let (first_sent, _) = answers[0];
    let (_, newest) = answers[2];
    let back = world.put(&path).by(&ann).body(json!({ "position": first_sent })).send().await;
    assert_eq!((back.status, back.position()), (200, newest), "the pointer never goes back");
}

#[tokio::test]
async fn only_the_newest_password_is_kept() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let stream = |id: &str| StreamName::credential(id.parse().unwrap());
    let of_bob = world.facts::<CredentialEvent>(&stream(&bob.id)).await.remove(0);
    let CredentialEvent::PasswordSet { phc } = of_bob.event.clone();
    let id = Uuid::now_v7();
    let metadata = Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
    let another = NewEvent { id, event: CredentialEvent::PasswordSet { phc }, metadata };
    let ann = stream(&ann.id);
    let appended = world.log.append(&ann, Expected::Exact(0), vec![another]).await.unwrap();
    assert!(matches!(appended, Appended::At(_)));
    let history = world.log.read::<CredentialEvent>(&ann).await.unwrap();
    assert_eq!(history.events.iter().map(|kept| &kept.event).collect::<Vec<_>>(), [&of_bob.event]);
    assert_eq!((history.end.revision, kept(&world, &ann).await), (Some(1), vec![json!({ "$maxCount": 1 })]));
    let again = world.post("/v1/auth/register").body(crate::world::newcomer("ann")).send().await;
    assert_eq!((again.status, again.code()), (409, "email_taken"), "a first password is set once");
}

#[tokio::test]
async fn presence_is_kept_for_a_month() {
    let mut nats = Nats::port();
    nats.start();
    let world = sockets::world(&nats).await;
    let (client, ann) = (nats.client().await, world.person("ann").await);
    let user: UserId = ann.id.parse().unwrap();
    for state in ["active", "away", "active"] {
        let set = ask(&client, "set_presence", token(&ann), &json!({ "state": state })).await;
        assert!(set["ok"]["position"].is_u64(), "{set}");
    }
    let stream = StreamName::presence(user);
    assert_eq!(kept(&world, &stream).await, [json!({ "$maxAge": 30 * 24 * 3_600 })]);
    assert_eq!(world.facts::<PresenceEvent>(&stream).await.len(), 3);
}

#[tokio::test]
async fn whoever_said_nothing_for_too_long_is_heard_again() {
    let mut nats = Nats::port();
    nats.start();
    let world = sockets::world(&nats).await;
    let (client, ann) = (nats.client().await, world.person("ann").await);
    let stream = StreamName::presence(ann.id.parse().unwrap());
    world.log.retain(&stream, Retention::For(Duration::from_secs(1))).await.unwrap();
    for (n, state) in ["active", "offline"].into_iter().enumerate() {
        let set = ask(&client, "set_presence", token(&ann), &json!({ "state": state })).await;
        assert!(set["ok"]["position"].is_u64(), "{set}");
        let history = world.log.read::<PresenceEvent>(&stream).await.unwrap();
        assert_eq!((history.end.revision, history.events.len()), (Some(n as u64), 1));
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(world.facts::<PresenceEvent>(&stream).await, []);
    }
}
