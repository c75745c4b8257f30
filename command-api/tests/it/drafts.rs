//! Drafts: the newest text of each place is kept, and every way in which saving one is refused.

use events::{DraftEvent, DraftPlace, StreamName};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World, general};

fn save(world: &World, by: &Person, body: Value) -> Ask {
    world.put("/v1/drafts").by(by).body(body)
}

fn draft(conversation: &str, text: &str) -> Value {
    json!({ "conversation": conversation, "text": text })
}

async fn places(world: &World, of: &Person) -> usize {
    let facts = world.facts::<DraftEvent>(&StreamName::draft_places(of.id.parse().unwrap())).await;
    let [newest] = facts.as_slice() else { panic!("{facts:?}") };
    let DraftEvent::DraftPlacesChanged { places } = &newest.event else { panic!("{newest:?}") };
    places.len()
}

#[tokio::test]
async fn only_the_newest_text_of_a_draft_is_kept() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = general();
    let mut last = 0;
    for text in ["s", "so", "soup", "soup"] {
        let answer = save(&world, &ann, draft(&channel, text)).send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        last = answer.position();
    }
    let place = DraftPlace { conversation: channel.parse().unwrap(), thread: None };
    let stream = StreamName::draft(place, ann.id.parse().unwrap());
    let facts = world.facts::<DraftEvent>(&stream).await;
    let [newest] = facts.as_slice() else { panic!("{facts:?}") };
    assert!(matches!(&newest.event, DraftEvent::DraftSaved { text, .. } if text == "soup"), "{newest:?}");
    assert_eq!((newest.position.0, places(&world, &ann).await), (last, 1));
    for text in ["", " \n", "\u{200B}"] {
        assert_eq!(save(&world, &ann, draft(&channel, text)).send().await.status, 200);
        assert_eq!(places(&world, &ann).await, 0);
    }
}

#[tokio::test]
async fn a_draft_stands_where_one_belongs_and_is_removed_from_anywhere() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let (channel, other) = (world.channel(&ann, "cooking").await, world.channel(&ann, "baking").await);
    let (root, answer) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    world.message(&ann, &channel, &root, "soup?").send().await;
    let body = json!({ "id": answer, "text": "yes", "thread": root });
    world.post(&format!("/v1/conversations/{channel}/messages")).by(&ann).body(body).send().await;
    let in_thread = |place: &str, root: &str| json!({ "conversation": place, "thread": root, "text": "no" });
    assert_eq!(save(&world, &ann, in_thread(&channel, &root)).send().await.status, 200);
    for (place, root) in [(&other, &root), (&channel, &answer), (&channel, &Uuid::now_v7().to_string())] {
        save(&world, &ann, in_thread(place, root)).refused(404, "thread_not_found").await;
    }
    assert_eq!(places(&world, &ann).await, 1, "what was refused does not count");
    for place in [&channel, &Uuid::now_v7().to_string()] {
        save(&world, &bob, draft(place, "soup")).refused(404, "conversation_not_found").await;
        assert_eq!(save(&world, &bob, draft(place, "")).send().await.status, 200, "there is nothing to remove");
    }
    world.act(&bob, &channel, "join").send().await;
    save(&world, &bob, draft(&channel, "soup")).send().await;
    world.act(&bob, &channel, "leave").send().await;
    save(&world, &bob, draft(&channel, "")).send().await;
    assert_eq!(places(&world, &bob).await, 0);
}

#[tokio::test]
async fn one_person_has_so_many_drafts_and_no_more() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    for n in 0..100 {
        let root = Uuid::now_v7().to_string();
        world.message(&ann, &general(), &root, &n.to_string()).send().await;
        let body = json!({ "conversation": general(), "thread": root, "text": "so" });
        assert_eq!(save(&world, &ann, body).send().await.status, 200, "{n}");
    }
    save(&world, &ann, draft(&general(), "one more")).refused(409, "too_many_drafts").await;
    assert_eq!(places(&world, &ann).await, 100);
}

#[tokio::test]
async fn every_bad_draft_gets_its_own_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    for (body, pointer) in [
        (draft("x", "so"), "/conversation"),
        (draft(&general(), &"x".repeat(12_001)), "/text"),
        (draft(&general(), "a\u{7}b"), "/text"),
        (json!({ "conversation": general() }), ""),
        (json!({ "conversation": general(), "text": "so", "thread": "x" }), "/thread"),
        (json!({ "conversation": general(), "text": "so", "colour": "red" }), "/colour"),
    ] {
        let answer = save(&world, &ann, body).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), pointer);
    }
    assert_eq!(save(&world, &ann, draft(&general(), &"🚀".repeat(12_000))).send().await.status, 200);
    world.put("/v1/drafts").body(draft(&general(), "so")).refused(401, "unauthenticated").await;
}
