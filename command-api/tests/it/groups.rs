//! Groups: three to nine people, always the same place for the same people, until it becomes a channel.

use events::{ConversationEvent, StreamName};
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World};

fn open(world: &World, by: &Person, members: &[&Person]) -> Ask {
    let members: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
    world.begin(by, json!({ "kind": "group", "members": members }))
}

fn convert(world: &World, by: &Person, group: &str, name: &str) -> Ask {
    world.act(by, group, "convert").body(json!({ "name": name }))
}

async fn people<const N: usize>(world: &World, names: [&str; N]) -> [Person; N] {
    let people = names.map(|name| world.person(name));
    join_all(people).await.try_into().unwrap()
}

#[tokio::test]
async fn e03_a_group_is_opened_once_by_any_of_its_people() {
    let world = World::new().await;
    let [ann, bob, cid, eve] = people(&world, ["ann", "bob", "cid", "eve"]).await;
    let race = join_all((0..8).map(|_| open(&world, &ann, &[&bob, &cid]).send())).await;
    assert_eq!(race.iter().filter(|answer| answer.status == 201).count(), 1, "{race:?}");
    let group = race[0].text("/id");
    let found = open(&world, &bob, &[&ann, &cid, &bob, &ann]).send().await;
    assert_eq!((found.status, found.text("/id")), (200, group.clone()));
    for person in [&ann, &bob, &cid] {
        let said = world.message(person, &group, &Uuid::now_v7().to_string(), "hello").send().await;
        assert_eq!(said.status, 201);
    }
    let intruder = world.message(&eve, &group, &Uuid::now_v7().to_string(), "hello");
    intruder.refused(404, "conversation_not_found").await;
    let facts = world.facts::<ConversationEvent>(&StreamName::conversation(group.parse().unwrap())).await;
    assert_eq!(facts.len(), 1, "{facts:?}");
}

#[tokio::test]
async fn the_people_of_a_group_never_change() {
    let world = World::new().await;
    let [ann, bob, cid, dan] = people(&world, ["ann", "bob", "cid", "dan"]).await;
    let direct = world.begin(&ann, json!({ "kind": "direct", "user": bob.id })).send().await.text("/id");
    let three = world.add(&ann, &direct, &[&cid]).send().await;
    assert_eq!(three.status, 201);
    assert_eq!(three.text("/id"), open(&world, &cid, &[&ann, &bob]).send().await.text("/id"));
    let four = world.add(&cid, &three.text("/id"), &[&dan]).send().await;
    assert_eq!(four.status, 201);
    assert_ne!(four.text("/id"), three.text("/id"));
    let same = world.add(&ann, &direct, &[&bob]).send().await;
    assert_eq!((same.status, same.text("/id")), (200, direct), "nobody new: the same place");
    world.act(&ann, &three.text("/id"), "leave").refused(409, "not_a_channel").await;
    let removal = world.delete(&format!("/v1/conversations/{}/members/{}", three.text("/id"), bob.id)).by(&ann);
    removal.refused(409, "not_a_channel").await;
    world.change(&ann, &three.text("/id"), json!({ "topic": "x" })).refused(409, "not_a_channel").await;
    world.act(&ann, &three.text("/id"), "archive").refused(409, "not_a_channel").await;
    world.add(&dan, &three.text("/id"), &[&dan]).refused(404, "conversation_not_found").await;
}

#[tokio::test]
async fn a_group_has_three_to_nine_registered_people() {
    let world = World::new().await;
    let [ann, bob] = people(&world, ["ann", "bob"]).await;
    let two = open(&world, &ann, &[&bob, &ann]).refused(422, "invalid_fields").await;
    assert_eq!(two.text("/errors/0/pointer"), "/members");
    let strangers: Vec<String> = (0..9).map(|_| Uuid::now_v7().to_string()).collect();
    let many = json!({ "kind": "group", "members": strangers });
    world.begin(&ann, many).refused(409, "too_many_members").await;
    let unknown = json!({ "kind": "group", "members": [bob.id, strangers[0]] });
    world.begin(&ann, unknown).refused(404, "user_not_found").await;
    for members in [json!("x"), json!(["x"]), Value::Null] {
        let body = json!({ "kind": "group", "members": members });
        world.begin(&ann, body).refused(422, "invalid_fields").await;
    }
}

#[tokio::test]
async fn a_group_becomes_a_private_channel_with_its_people() {
    let world = World::new().await;
    let [ann, bob, cid, dan] = people(&world, ["ann", "bob", "cid", "dan"]).await;
    world.channel(&dan, "taken").await;
    let group = open(&world, &ann, &[&bob, &cid]).send().await.text("/id");
    convert(&world, &bob, &group, "taken").refused(409, "channel_name_taken").await;
    convert(&world, &bob, &group, "No Name").refused(422, "invalid_fields").await;
    convert(&world, &dan, &group, "cooking").refused(404, "conversation_not_found").await;
    let race = join_all((0..8).map(|_| convert(&world, &bob, &group, "cooking").send())).await;
    assert!(race.iter().all(|answer| answer.status == 200), "{race:?}");
    assert!(race.iter().all(|answer| answer.position() == race[0].position()), "one fact: {race:?}");
    convert(&world, &bob, &group, "other").refused(409, "not_a_group").await;
    world.act(&dan, &group, "join").refused(404, "conversation_not_found").await;
    assert_eq!(world.add(&cid, &group, &[&dan]).send().await.text("/id"), group, "a channel takes people in");
    assert_eq!(world.act(&cid, &group, "leave").send().await.status, 200);
    let next = open(&world, &cid, &[&ann, &bob]).send().await;
    assert_eq!(next.status, 201);
    assert_ne!(next.text("/id"), group, "the same people may open a group again");
    let direct = world.begin(&ann, json!({ "kind": "direct", "user": bob.id })).send().await.text("/id");
    convert(&world, &ann, &direct, "pair").refused(409, "not_a_group").await;
}
