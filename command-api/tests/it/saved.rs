//! Saving messages for later, and every way in which that is refused.

use events::{SavedEvent, SavedState, StreamName};
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World};

fn save(world: &World, by: &Person, message: &str, body: Value) -> Ask {
    world.put(&format!("/v1/saved/{message}")).by(by).body(body)
}

fn set(world: &World, by: &Person, message: &str, state: &str) -> Ask {
    world.patch(&format!("/v1/saved/{message}")).by(by).body(json!({ "state": state }))
}

fn unsave(world: &World, by: &Person, message: &str) -> Ask {
    world.delete(&format!("/v1/saved/{message}")).by(by)
}

async fn said(world: &World, by: &Person, conversation: &str) -> String {
    let id = Uuid::now_v7().to_string();
    assert_eq!(world.message(by, conversation, &id, "soup").send().await.status, 201);
    id
}

#[tokio::test]
async fn a_message_is_saved_moved_and_taken_away_once() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let id = said(&world, &ann, &channel).await;
    let race = join_all((0..6).map(|_| save(&world, &ann, &id, json!({})).send())).await;
    assert!(race.iter().all(|answer| answer.status == 200), "{race:?}");
    for _ in 0..2 {
        assert_eq!(set(&world, &ann, &id, "completed").send().await.status, 200);
    }
    let at = "2027-01-01T08:00:00.000Z";
    save(&world, &ann, &id, json!({ "remind_at": "2027-01-01T09:00:00+01:00" })).send().await;
    let off = unsave(&world, &ann, &id).send().await;
    let again = unsave(&world, &ann, &id).send().await;
    assert_eq!((off.status, again.position()), (200, off.position()));
    let stream = StreamName::saved(ann.id.parse().unwrap());
    let facts: Vec<_> = world.facts::<SavedEvent>(&stream).await.into_iter().map(|fact| fact.event).collect();
    let conversation = Some(channel.parse().unwrap());
    let (message, remind_at) = (id.parse().unwrap(), serde_json::from_value(json!(at)).unwrap());
    let fact = |saved, state, remind_at| SavedEvent::MessageSaved { message, conversation, saved, state, remind_at };
    let expected = [
        fact(true, SavedState::InProgress, None),
        fact(true, SavedState::Completed, None),
        fact(true, SavedState::InProgress, Some(remind_at)),
        fact(false, SavedState::InProgress, None),
    ];
    assert_eq!(facts, expected);
}

#[tokio::test]
async fn only_what_one_may_see_is_saved_and_only_what_is_saved_is_moved() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let public = world.channel(&ann, "cooking").await;
    let body = json!({ "kind": "channel", "name": "secret", "visibility": "private" });
    let private = world.begin(&ann, body).send().await.text("/id");
    let (seen, hidden, gone) =
        (said(&world, &ann, &public).await, said(&world, &ann, &private).await, said(&world, &ann, &public).await);
    world.delete(&format!("/v1/messages/{gone}")).by(&ann).send().await;
    assert_eq!(save(&world, &bob, &seen, json!({})).send().await.status, 200, "a public channel is everybody's");
    save(&world, &bob, &hidden, json!({})).refused(404, "message_not_found").await;
    save(&world, &bob, &Uuid::now_v7().to_string(), json!({})).refused(404, "message_not_found").await;
    save(&world, &bob, "x", json!({})).refused(404, "not_found").await;
    save(&world, &ann, &gone, json!({})).refused(410, "message_deleted").await;
    set(&world, &bob, &hidden, "archived").refused(404, "not_saved").await;
    assert_eq!(unsave(&world, &bob, &hidden).send().await.status, 200);
}

#[tokio::test]
async fn what_was_saved_is_moved_and_taken_away_also_by_who_may_not_see_it_any_more() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let body = json!({ "kind": "channel", "name": "secret", "visibility": "private" });
    let private = world.begin(&ann, body).send().await.text("/id");
    world.add(&ann, &private, &[&bob]).send().await;
    let id = said(&world, &ann, &private).await;
    assert_eq!(save(&world, &bob, &id, json!({})).send().await.status, 200);
    world.act(&bob, &private, "leave").send().await;
    save(&world, &bob, &id, json!({})).refused(404, "message_not_found").await;
    assert_eq!(set(&world, &bob, &id, "archived").send().await.status, 200);
    assert_eq!(unsave(&world, &bob, &id).send().await.status, 200);
}

#[tokio::test]
async fn every_bad_saving_gets_its_own_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let id = said(&world, &ann, &channel).await;
    for (body, pointer) in [
        (json!({ "remind_at": "tomorrow" }), "/remind_at"),
        (json!({ "remind_at": 7 }), "/remind_at"),
        (json!({ "remind_at": "99999-01-01T00:00:00Z" }), "/remind_at"),
        (json!({ "colour": "red" }), "/colour"),
    ] {
        let answer = save(&world, &ann, &id, body).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), pointer);
    }
    set(&world, &ann, &id, "later").refused(422, "invalid_fields").await;
    world.put(&format!("/v1/saved/{id}")).body(json!({})).refused(401, "unauthenticated").await;
}
