//! Channels as their members keep them: who may change, archive, fill and empty them.

use events::{ConversationEvent, StreamName, WorkspaceEvent};
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Person, World, general};

async fn secret(world: &World, by: &Person, name: &str) -> String {
    let body = json!({ "kind": "channel", "name": name, "visibility": "private" });
    world.begin(by, body).send().await.text("/id")
}

fn remove(world: &World, by: &Person, conversation: &str, user: &Person) -> crate::requests::Ask {
    world.delete(&format!("/v1/conversations/{conversation}/members/{}", user.id)).by(by)
}

fn say(world: &World, by: &Person, conversation: &str) -> crate::requests::Ask {
    world.message(by, conversation, &Uuid::now_v7().to_string(), "hello")
}

#[tokio::test]
async fn a07_d07_people_are_added_to_a_private_channel_and_removed() {
    let world = World::new().await;
    let (ann, bob, cid) = (world.person("ann").await, world.person("bob").await, world.person("cid").await);
    let secret = secret(&world, &ann, "secret").await;
    world.act(&bob, &secret, "join").refused(404, "conversation_not_found").await;
    let added = world.add(&ann, &secret, &[&bob, &cid, &bob, &ann]).send().await;
    assert_eq!((added.status, added.text("/id")), (200, secret.clone()));
    let again = world.add(&bob, &secret, &[&cid]).send().await;
    assert_eq!((again.status, again.position()), (200, added.position()), "nothing new was written");
    assert_eq!(say(&world, &cid, &secret).send().await.status, 201);
    let removed = remove(&world, &bob, &secret, &cid).send().await;
    assert_eq!(removed.status, 200);
    assert_eq!(remove(&world, &bob, &secret, &cid).send().await.position(), removed.position());
    say(&world, &cid, &secret).refused(404, "conversation_not_found").await;
    remove(&world, &cid, &secret, &ann).refused(404, "conversation_not_found").await;
    assert_eq!(remove(&world, &bob, &secret, &bob).send().await.status, 200, "removing oneself is leaving");
    let facts = world.facts::<ConversationEvent>(&StreamName::conversation(secret.parse().unwrap())).await;
    let names: Vec<String> = facts.iter().map(|fact| events::Family::encode(&fact.event).0).collect();
    let expected = ["ChannelCreated.v1", "MemberJoined.v1", "MemberAdded.v1", "MemberAdded.v1"];
    assert_eq!(names[..4], expected);
    assert_eq!(names[4..], ["MemberRemoved.v1", "MemberLeft.v1"]);
}

#[tokio::test]
async fn whoever_is_unknown_is_not_added_and_nobody_else_with_her() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    let nobody = Person { id: Uuid::now_v7().to_string(), ..bob.clone() };
    world.add(&ann, &channel, &[&bob, &nobody]).refused(404, "user_not_found").await;
    say(&world, &bob, &channel).refused(404, "conversation_not_found").await;
}

#[tokio::test]
async fn a_public_channel_is_emptied_by_its_maker_and_by_admins() {
    let world = World::new().await;
    let (owner, ann) = (world.person("owner").await, world.person("ann").await);
    let (bob, cid) = (world.person("bob").await, world.person("cid").await);
    let channel = world.channel(&ann, "cooking").await;
    world.add(&bob, &channel, &[&cid]).refused(403, "not_a_member").await;
    assert_eq!(world.add(&ann, &channel, &[&bob, &cid]).send().await.status, 200);
    remove(&world, &bob, &channel, &cid).refused(403, "managers_only").await;
    assert_eq!(remove(&world, &ann, &channel, &cid).send().await.status, 200);
    assert_eq!(remove(&world, &owner, &channel, &bob).send().await.status, 200, "the owner is an admin");
    remove(&world, &owner, &general(), &bob).refused(409, "general_channel").await;
}

#[tokio::test]
async fn a_channel_is_changed_at_once_or_not_at_all() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    world.act(&bob, &channel, "join").send().await;
    let changes = json!({ "name": "baking", "topic": "rye", "description": "bread" });
    let changed = world.change(&bob, &channel, changes.clone()).send().await;
    assert_eq!(changed.status, 200);
    assert_eq!(world.change(&bob, &channel, changes).send().await.position(), changed.position());
    let both = json!({ "topic": "wheat", "visibility": "private" });
    world.change(&bob, &channel, both).refused(403, "managers_only").await;
    world.change(&bob, &channel, json!({ "posting": "admins" })).refused(403, "managers_only").await;
    let facts = world.facts::<ConversationEvent>(&StreamName::conversation(channel.parse().unwrap())).await;
    assert_eq!(facts.len(), 6, "{facts:?}");
    let cleared = world.change(&ann, &channel, json!({ "topic": " " })).send().await;
    assert!(cleared.position() > changed.position());
}

#[tokio::test]
async fn a_name_belongs_to_one_channel_the_private_ones_included() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let hidden = secret(&world, &ann, "secret").await;
    let open = world.channel(&bob, "cooking").await;
    world.begin(&bob, json!({ "kind": "channel", "name": "secret" })).refused(409, "channel_name_taken").await;
    world.change(&bob, &open, json!({ "name": "secret" })).refused(409, "channel_name_taken").await;
    assert_eq!(world.change(&ann, &hidden, json!({ "name": "quiet" })).send().await.status, 200);
    assert_eq!(world.change(&bob, &open, json!({ "name": "secret" })).send().await.status, 200, "given back");
    world.begin(&ann, json!({ "kind": "channel", "name": "quiet" })).refused(409, "channel_name_taken").await;
    assert_eq!(world.begin(&ann, json!({ "kind": "channel", "name": "cooking" })).send().await.status, 201);
    // There and back again: the name is the channel's as before.
    assert_eq!(world.change(&ann, &hidden, json!({ "name": "loud" })).send().await.status, 200);
    assert_eq!(world.change(&ann, &hidden, json!({ "name": "quiet" })).send().await.status, 200);
    world.begin(&bob, json!({ "kind": "channel", "name": "quiet" })).refused(409, "channel_name_taken").await;
}

#[tokio::test]
async fn of_many_channels_that_want_one_name_one_gets_it() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut channels = Vec::new();
    for n in 0..8 {
        channels.push(world.channel(&ann, &format!("c{n}")).await);
    }
    let race = channels.iter().map(|channel| world.change(&ann, channel, json!({ "name": "wanted" })).send());
    let answers = join_all(race).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "channel_name_taken"));
}

/// Renames that cross each other, some of one channel at the same moment, some of different ones to the same name.
#[tokio::test]
async fn however_renames_cross_no_two_channels_have_one_name_and_no_name_is_lost() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let names = ["a", "b", "c", "d", "e"];
    let mut channels = Vec::new();
    for name in ["a", "b", "c"] {
        channels.push(world.channel(&ann, name).await);
    }
    for round in 0..12 {
        let race = (0..9).map(|n| {
            let name = names[(round * 7 + n * 3 + n / 3) % names.len()];
            world.change(&ann, &channels[n % channels.len()], json!({ "name": name })).send()
        });
        let answers = join_all(race).await;
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)), "{answers:?}");
    }
    let mut borne = Vec::new();
    for channel in &channels {
        let facts = world.facts::<ConversationEvent>(&StreamName::conversation(channel.parse().unwrap())).await;
        borne.extend(facts.iter().rev().find_map(|fact| match &fact.event {
            ConversationEvent::ChannelCreated { name, .. } | ConversationEvent::Renamed { name } => Some(name.clone()),
            _ => None,
        }));
    }
    for name in names {
        let begun = world.begin(&ann, json!({ "kind": "channel", "name": name })).send().await;
        let bearers = borne.iter().filter(|borne| *borne == name).count();
        assert_eq!((begun.status, bearers), if bearers == 0 { (201, 0) } else { (409, 1) }, "{name} of {borne:?}");
    }
}

#[tokio::test]
async fn an_archived_channel_is_read_and_left_and_nothing_else() {
    let world = World::new().await;
    let (ann, bob, cid) = (world.person("ann").await, world.person("bob").await, world.person("cid").await);
    let channel = world.channel(&ann, "cooking").await;
    world.act(&bob, &channel, "join").send().await;
    world.act(&cid, &channel, "archive").refused(403, "not_a_member").await;
    let archived = world.act(&bob, &channel, "archive").send().await;
    assert_eq!(world.act(&ann, &channel, "archive").send().await.position(), archived.position());
    let refused = "conversation_archived";
    say(&world, &ann, &channel).refused(409, refused).await;
    world.act(&cid, &channel, "join").refused(409, refused).await;
    world.add(&ann, &channel, &[&cid]).refused(409, refused).await;
    remove(&world, &ann, &channel, &bob).refused(409, refused).await;
    world.change(&ann, &channel, json!({ "name": "baking" })).refused(409, refused).await;
    assert_eq!(world.act(&bob, &channel, "leave").send().await.status, 200);
    world.act(&bob, &channel, "unarchive").refused(403, "not_a_member").await;
    assert_eq!(world.act(&ann, &channel, "unarchive").send().await.status, 200);
    assert_eq!(say(&world, &ann, &channel).send().await.status, 201);
    world.act(&ann, &general(), "archive").refused(409, "general_channel").await;
}

#[tokio::test]
async fn where_only_admins_post_others_read() {
    let world = World::new().await;
    let (owner, ann, bob) = (world.person("owner").await, world.person("ann").await, world.person("bob").await);
    let news = world.channel(&ann, "news").await;
    for person in [&owner, &bob] {
        world.act(person, &news, "join").send().await;
    }
    assert_eq!(say(&world, &bob, &news).send().await.status, 201);
    assert_eq!(world.change(&ann, &news, json!({ "posting": "admins" })).send().await.status, 200);
    say(&world, &bob, &news).refused(403, "posting_restricted").await;
    assert_eq!(say(&world, &ann, &news).send().await.status, 201, "she made it");
    assert_eq!(say(&world, &owner, &news).send().await.status, 201);
    let read = world.put(&format!("/v1/conversations/{news}/read")).by(&bob).body(json!({ "position": 1 }));
    assert_eq!(read.send().await.status, 200);
    assert_eq!(world.change(&owner, &news, json!({ "posting": "everyone" })).send().await.status, 200);
    assert_eq!(say(&world, &bob, &news).send().await.status, 201);
}

#[tokio::test]
async fn what_is_made_private_stays_so() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    assert_eq!(world.change(&ann, &channel, json!({ "visibility": "private" })).send().await.status, 200);
    world.act(&bob, &channel, "join").refused(404, "conversation_not_found").await;
    world.change(&ann, &channel, json!({ "visibility": "public" })).refused(409, "stays_private").await;
    let hide = json!({ "visibility": "private" });
    world.change(&ann, &general(), hide).refused(409, "general_channel").await;
}

#[tokio::test]
async fn newcomers_join_the_default_channels() {
    let world = World::new().await;
    let (owner, bob) = (world.person("owner").await, world.person("bob").await);
    let path = |channel: &str| format!("/v1/workspace/default-channels/{channel}");
    let (news, gone) = (world.channel(&bob, "news").await, world.channel(&bob, "gone").await);
    let hidden = secret(&world, &owner, "hidden").await;
    world.put(&path(&news)).by(&bob).refused(403, "admins_only").await;
    world.put(&path(&hidden)).by(&owner).refused(409, "channel_not_public").await;
    world.put(&path(&Uuid::now_v7().to_string())).by(&owner).refused(404, "conversation_not_found").await;
    for channel in [&news, &gone, &news] {
        assert_eq!(world.put(&path(channel)).by(&owner).send().await.status, 200);
    }
    assert_eq!(world.act(&bob, &gone, "archive").send().await.status, 200);
    let dan = world.person("dan").await;
    assert_eq!(say(&world, &dan, &news).send().await.status, 201);
    say(&world, &dan, &gone).refused(404, "conversation_not_found").await;
    assert_eq!(world.act(&dan, &news, "leave").send().await.status, 200, "a default channel can be left");
    world.delete(&path(&news)).by(&bob).refused(403, "admins_only").await;
    world.delete(&path(&general())).by(&owner).refused(409, "general_channel").await;
    assert_eq!(world.delete(&path(&news)).by(&owner).send().await.status, 200);
    let eva = world.person("eva").await;
    say(&world, &eva, &news).refused(404, "conversation_not_found").await;
    assert_eq!(world.facts::<WorkspaceEvent>(&StreamName::workspace()).await.len(), 4);
}

#[tokio::test]
async fn there_are_twenty_default_channels_at_most() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    for n in 0..21 {
        let channel = world.channel(&owner, &format!("c{n}")).await;
        let ask = world.put(&format!("/v1/workspace/default-channels/{channel}")).by(&owner);
        if n < 20 {
            assert_eq!(ask.send().await.status, 200);
        } else {
            ask.refused(409, "too_many_default_channels").await;
        }
    }
}

#[tokio::test]
async fn a_hidden_channel_is_answered_like_one_that_does_not_exist() {
    let world = World::new().await;
    let (owner, bob, cid) = (world.person("owner").await, world.person("bob").await, world.person("cid").await);
    let hidden = secret(&world, &bob, "hidden").await;
    let missing = Uuid::now_v7().to_string();
    for stranger in [&owner, &cid] {
        let answers = |id: String| {
            let world = &world;
            async move {
                let mut answers = Vec::new();
                for what in ["join", "leave", "archive", "unarchive"] {
                    answers.push(world.act(stranger, &id, what).send().await);
                }
                answers.push(world.act(stranger, &id, "convert").body(json!({ "name": "x" })).send().await);
                answers.push(world.change(stranger, &id, json!({ "name": "x", "topic": "y" })).send().await);
                answers.push(world.add(stranger, &id, &[stranger]).send().await);
                answers.push(remove(world, stranger, &id, &bob_like(&id)).send().await);
                answers.push(say(world, stranger, &id).send().await);
                let told = answers.into_iter().map(|mut answer| {
                    answer.body["request_id"] = Value::Null;
                    (answer.status, answer.body)
                });
                told.collect::<Vec<_>>()
            }
        };
        let (of_hidden, of_missing) = (answers(hidden.clone()).await, answers(missing.clone()).await);
        assert_eq!(of_hidden, of_missing);
        assert!(of_hidden.iter().all(|(status, _)| *status == 404), "{of_hidden:?}");
    }
}

/// Somebody whose id is not told: any id will do.
fn bob_like(id: &str) -> Person {
    Person { id: id.to_owned(), access: String::new(), refresh: String::new() }
}

#[tokio::test]
async fn every_bad_change_gets_its_own_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let cases = [
        (json!({ "name": "" }), "/name"),
        (json!({ "name": "Two Words" }), "/name"),
        (json!({ "name": "x".repeat(81) }), "/name"),
        (json!({ "name": 7 }), "/name"),
        (json!({ "topic": "x".repeat(251) }), "/topic"),
        (json!({ "topic": "a\u{7}" }), "/topic"),
        (json!({ "description": ["x"] }), "/description"),
        (json!({ "visibility": "hidden" }), "/visibility"),
        (json!({ "posting": "nobody" }), "/posting"),
        (json!({ "colour": "red" }), "/colour"),
    ];
    for (body, pointer) in cases {
        let answer = world.change(&ann, &channel, body).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), pointer);
    }
    let members = format!("/v1/conversations/{channel}/members");
    for users in [json!([]), json!(vec![ann.id.clone(); 101]), json!(["x"]), json!("x"), json!(null)] {
        let body = json!({ "users": users });
        world.post(&members).by(&ann).body(body).refused(422, "invalid_fields").await;
    }
    world.post(&members).by(&ann).refused(415, "unsupported_media_type").await;
    world.delete("/v1/conversations/x/members/y").by(&ann).refused(404, "not_found").await;
    let odd = json!({ "kind": "channel", "name": "odd", "visibility": "secret" });
    world.begin(&ann, odd).refused(422, "invalid_fields").await;
    assert_eq!(world.change(&ann, &channel, json!({})).send().await.status, 200, "nothing to change is no fault");
}
