//! What may happen to a message after it was posted, and every way in which it may not.

use events::{MessageEvent, PinsEvent, StreamName};
use serde_json::json;
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World, general};

fn fresh() -> String {
    Uuid::now_v7().to_string()
}

/// Ann owns the workspace; Bob and Cyd belong to the channel, Eve does not.
struct Channel {
    world: World,
    ann: Person,
    bob: Person,
    eve: Person,
    channel: String,
}

impl Channel {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(variables: &[(&str, &str)]) -> Self {
        let world = World::with(variables).await;
        let (ann, bob, eve) = (world.person("ann").await, world.person("bob").await, world.person("eve").await);
        let channel = world.channel(&bob, "cooking").await;
        world.post(&format!("/v1/conversations/{channel}/join")).by(&ann).send().await;
        Self { world, ann, bob, eve, channel }
    }

    async fn said(&self, by: &Person, text: &str) -> String {
        let id = fresh();
        assert_eq!(self.world.message(by, &self.channel, &id, text).send().await.status, 201);
        id
    }

    fn edit(&self, by: &Person, message: &str, text: &str) -> Ask {
        let path = format!("/v1/messages/{message}");
        Ask::new(self.world.router.clone(), "PATCH", &path).by(by).body(json!({ "text": text }))
    }

    fn delete(&self, by: &Person, message: &str) -> Ask {
        self.world.delete(&format!("/v1/messages/{message}")).by(by)
    }

    fn react(&self, by: &Person, message: &str, emoji: &str) -> Ask {
        self.world.put(&reaction(message, emoji)).by(by)
    }

    fn pin(&self, by: &Person, message: &str) -> Ask {
        self.world.put(&format!("/v1/messages/{message}/pin")).by(by)
    }

    async fn facts(&self, message: &str) -> Vec<MessageEvent> {
        let facts = self.world.facts(&StreamName::message(message.parse().unwrap())).await;
        facts.into_iter().map(|fact| fact.event).collect()
    }

    async fn pins(&self) -> Vec<PinsEvent> {
        let facts = self.world.facts(&StreamName::pins(self.channel.parse().unwrap())).await;
        facts.into_iter().map(|fact| fact.event).collect()
    }

    async fn archive(&self) {
        let stream = StreamName::conversation(self.channel.parse().unwrap());
        let metadata = events::Metadata {
            actor: None,
            session: None,
            correlation_id: Uuid::now_v7(),
            causation_id: Uuid::now_v7(),
        };
        let event = events::ConversationEvent::Archived {};
        let archived = event_log::NewEvent { id: Uuid::now_v7(), event, metadata };
        self.world.log.append(&stream, event_log::Expected::Any, vec![archived]).await.unwrap();
    }
}

fn reaction(message: &str, emoji: &str) -> String {
    let encoded: String = emoji.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/v1/messages/{message}/reactions/{encoded}")
}

#[tokio::test]
async fn a_message_is_edited_by_its_author_and_nobody_else() {
    let place = Channel::new().await;
    let message = place.said(&place.bob, "helo").await;
    let edited = place.edit(&place.bob, &message, "hello").send().await;
    assert_eq!(edited.status, 200, "{edited:?}");
    let again = place.edit(&place.bob, &message, "hello").send().await;
    assert_eq!((again.status, again.position()), (200, edited.position()));
    place.edit(&place.ann, &message, "bye").refused(403, "not_the_author").await;
    place.edit(&place.eve, &message, "bye").refused(404, "message_not_found").await;
    place.edit(&place.bob, &fresh(), "bye").refused(404, "message_not_found").await;
    place.edit(&place.bob, &message, " ").refused(422, "invalid_fields").await;
    place.edit(&place.bob, &message, &"x".repeat(12_001)).refused(422, "invalid_fields").await;
    assert_eq!(place.facts(&message).await.len(), 2);
}

#[tokio::test]
async fn the_window_for_edits_is_the_workspaces_own() {
    // One minute, the shortest there is; the rule itself is specified to the millisecond.
    let place = Channel::with(&[("CONFAB_EDIT_WITHIN_MINUTES", "1")]).await;
    let message = place.said(&place.bob, "helo").await;
    assert_eq!(place.edit(&place.bob, &message, "hello").send().await.status, 200);
}

#[tokio::test]
async fn a_message_is_deleted_by_its_author_or_by_an_owner() {
    let place = Channel::new().await;
    let (hers, his) = (place.said(&place.ann, "mine").await, place.said(&place.bob, "his").await);
    place.delete(&place.bob, &hers).refused(403, "not_the_author").await;
    place.delete(&place.eve, &hers).refused(404, "message_not_found").await;
    place.delete(&place.bob, &fresh()).refused(404, "message_not_found").await;
    for (by, message) in [(&place.ann, &hers), (&place.ann, &his)] {
        let deleted = place.delete(by, message).send().await;
        assert_eq!(deleted.status, 200, "{deleted:?}");
        assert_eq!(place.delete(by, message).send().await.position(), deleted.position());
        assert_eq!(place.facts(message).await.len(), 2);
    }
    place.edit(&place.ann, &hers, "back").refused(410, "message_deleted").await;
    place.react(&place.bob, &hers, "👍").refused(410, "message_deleted").await;
    place.pin(&place.bob, &hers).refused(410, "message_deleted").await;
    let unreacted = place.world.delete(&reaction(&hers, "👍")).by(&place.bob).send().await;
    assert_eq!(unreacted.status, 200, "what went with its message needs no taking back");
}

#[tokio::test]
async fn reactions_are_added_and_taken_back_once() {
    let place = Channel::new().await;
    let message = place.said(&place.bob, "hello").await;
    for _ in 0..2 {
        assert_eq!(place.react(&place.ann, &message, "👩‍🚀").send().await.status, 200);
    }
    assert_eq!(place.facts(&message).await.len(), 2);
    for _ in 0..2 {
        assert_eq!(place.world.delete(&reaction(&message, "👩‍🚀")).by(&place.ann).send().await.status, 200);
    }
    assert_eq!(place.facts(&message).await.len(), 3);
    for text in ["tada", "👍👍", "<b>", "1"] {
        place.react(&place.ann, &message, text).refused(422, "invalid_fields").await;
    }
    place.react(&place.eve, &message, "👍").refused(404, "message_not_found").await;
    place.react(&place.ann, &fresh(), "👍").refused(404, "message_not_found").await;
}

#[tokio::test]
async fn a_message_carries_fifty_different_reactions_and_no_more() {
    let place = Channel::new().await;
    let message = place.said(&place.bob, "hello").await;
    for face in (0x1F600..).filter_map(char::from_u32).take(50) {
        assert_eq!(place.react(&place.bob, &message, &face.to_string()).send().await.status, 200);
    }
    place.react(&place.ann, &message, "👍").refused(409, "too_many_reactions").await;
    assert_eq!(place.react(&place.ann, &message, "😀").send().await.status, 200);
}

#[tokio::test]
async fn pins_are_added_and_taken_away_once_and_go_with_their_message() {
    let place = Channel::new().await;
    let (first, second) = (place.said(&place.bob, "one").await, place.said(&place.bob, "two").await);
    for _ in 0..2 {
        assert_eq!(place.pin(&place.ann, &first).send().await.status, 200);
        assert_eq!(place.pin(&place.ann, &second).send().await.status, 200);
    }
    let unpin = || place.world.delete(&format!("/v1/messages/{first}/pin")).by(&place.bob);
    assert_eq!((unpin().send().await.status, unpin().send().await.status), (200, 200));
    assert_eq!(place.delete(&place.bob, &second).send().await.status, 200);
    let pins = place.pins().await;
    assert_eq!(pins.len(), 4, "{pins:?}");
    assert!(matches!(&pins[3], PinsEvent::PinRemoved { message, .. } if message.to_string() == second));
    place.pin(&place.eve, &first).refused(404, "message_not_found").await;
    place.pin(&place.bob, &fresh()).refused(404, "message_not_found").await;
}

#[tokio::test]
async fn a_hundred_pins_are_enough_however_many_come_at_once() {
    let place = Channel::new().await;
    let mut messages = Vec::new();
    for n in 0..103 {
        messages.push(place.said(&place.bob, &n.to_string()).await);
    }
    for message in &messages[..97] {
        assert_eq!(place.pin(&place.ann, message).send().await.status, 200);
    }
    let race = futures::future::join_all(messages[97..].iter().map(|message| place.pin(&place.bob, message).send()));
    let mut answers: Vec<_> = race.await.iter().map(|answer| (answer.status, answer.code().to_owned())).collect();
    answers.sort();
    let full = (409, "too_many_pins".to_owned());
    assert_eq!(answers[3..], [full.clone(), full.clone(), full], "{answers:?}");
    assert_eq!(place.pins().await.len(), 100);
}

#[tokio::test]
async fn nothing_changes_in_an_archived_channel() {
    let place = Channel::new().await;
    let message = place.said(&place.bob, "hello").await;
    place.archive().await;
    // The hot state may be a moment behind the archiving.
    while place.pin(&place.ann, &message).send().await.status == 200 {
        place.world.delete(&format!("/v1/messages/{message}/pin")).by(&place.ann).send().await;
    }
    for ask in [
        place.edit(&place.bob, &message, "bye"),
        place.delete(&place.bob, &message),
        place.react(&place.ann, &message, "👍"),
        place.world.delete(&reaction(&message, "👍")).by(&place.ann),
        place.pin(&place.ann, &message),
    ] {
        ask.refused(409, "conversation_archived").await;
    }
}

#[tokio::test]
async fn where_only_admins_post_everybody_reacts_and_takes_back_what_she_said() {
    let place = Channel::new().await;
    place.world.post(&format!("/v1/conversations/{}/join", place.channel)).by(&place.eve).send().await;
    let (his, hers) = (place.said(&place.bob, "news").await, place.said(&place.eve, "oops").await);
    let path = format!("/v1/conversations/{}", place.channel);
    let closed = Ask::new(place.world.router.clone(), "PATCH", &path).by(&place.bob);
    assert_eq!(closed.body(json!({ "posting": "admins" })).send().await.status, 200);
    while place.pin(&place.eve, &his).send().await.status == 200 {}
    assert_eq!(place.react(&place.eve, &his, "👍").send().await.status, 200);
    assert_eq!(place.world.delete(&reaction(&his, "👍")).by(&place.eve).send().await.status, 200);
    place.edit(&place.eve, &hers, "more news").refused(403, "posting_restricted").await;
    place.pin(&place.eve, &his).refused(403, "posting_restricted").await;
    assert_eq!(place.delete(&place.eve, &hers).send().await.status, 200);
}

#[tokio::test]
async fn nobody_changes_anything_without_signing_in() {
    let place = Channel::new().await;
    let message = place.said(&place.bob, "hello").await;
    for (method, path) in [
        ("PATCH", format!("/v1/messages/{message}")),
        ("DELETE", format!("/v1/messages/{message}")),
        ("PUT", reaction(&message, "👍")),
        ("DELETE", reaction(&message, "👍")),
        ("PUT", format!("/v1/messages/{message}/pin")),
        ("DELETE", format!("/v1/messages/{message}/pin")),
    ] {
        let ask = Ask::new(place.world.router.clone(), method, &path).body(json!({ "text": "x" }));
        ask.refused(401, "unauthenticated").await;
    }
    assert_ne!(place.channel, general());
}
