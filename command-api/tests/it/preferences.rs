//! What people prefer of their conversations, and how they arrange their sidebars.

use events::{NotificationLevel, PreferenceEvent, StreamName, Timestamp};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::requests::Ask;
use crate::world::{Person, World, general};

fn path(conversation: &str, what: &str) -> String {
    format!("/v1/conversations/{conversation}/{what}")
}

fn level(world: &World, by: &Person, conversation: &str, level: &str) -> Ask {
    world.put(&path(conversation, "notification-level")).by(by).body(json!({ "level": level }))
}

fn arrange(world: &World, by: &Person, sections: serde_json::Value) -> Ask {
    world.patch("/v1/preferences").by(by).body(json!({ "sections": sections }))
}

async fn facts(world: &World, of: &Person) -> Vec<PreferenceEvent> {
    let stream = StreamName::preference(of.id.parse().unwrap());
    world.facts::<PreferenceEvent>(&stream).await.into_iter().map(|fact| fact.event).collect()
}

#[tokio::test]
async fn a_conversation_is_starred_muted_and_given_a_level_once() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let conversation = channel.parse().unwrap();
    for what in ["star", "mute"] {
        let race = join_all((0..6).map(|_| world.put(&path(&channel, what)).by(&ann).send())).await;
        assert!(race.iter().all(|answer| answer.status == 200), "{race:?}");
        let off = world.delete(&path(&channel, what)).by(&ann).send().await;
        let again = world.delete(&path(&channel, what)).by(&ann).send().await;
        assert_eq!((off.status, again.position()), (200, off.position()));
    }
    for _ in 0..2 {
        assert_eq!(level(&world, &ann, &channel, "nothing").send().await.status, 200);
    }
    let expected = [
        PreferenceEvent::ConversationStarred { conversation, starred: true },
        PreferenceEvent::ConversationStarred { conversation, starred: false },
        PreferenceEvent::ConversationMuted { conversation, muted: true },
        PreferenceEvent::ConversationMuted { conversation, muted: false },
        PreferenceEvent::NotificationLevelSet { conversation, level: NotificationLevel::Nothing },
    ];
    assert_eq!(facts(&world, &ann).await, expected);
}

#[tokio::test]
async fn nobody_prefers_anything_of_what_she_is_not_in() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    for id in [channel.as_str(), Uuid::now_v7().to_string().as_str()] {
        for what in ["star", "mute"] {
            world.put(&path(id, what)).by(&bob).refused(404, "conversation_not_found").await;
            world.delete(&path(id, what)).by(&bob).refused(404, "conversation_not_found").await;
        }
        level(&world, &bob, id, "all").refused(404, "conversation_not_found").await;
    }
    assert_eq!(facts(&world, &bob).await, []);
}

#[tokio::test]
async fn a_sidebar_is_arranged_as_a_whole() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let sections = json!([{ "name": " Work ", "conversations": [general()] }, { "name": "Fun", "conversations": [] }]);
    let first = arrange(&world, &ann, sections.clone()).send().await;
    let again = arrange(&world, &ann, sections).send().await;
    assert_eq!((first.status, again.position()), (200, first.position()));
    let sections = vec![("Work".to_owned(), vec![general().parse().unwrap()]), ("Fun".to_owned(), vec![])];
    assert_eq!(facts(&world, &ann).await, [PreferenceEvent::SidebarChanged { sections }]);
}

#[tokio::test]
async fn every_bad_preference_gets_its_own_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let section = |name: &str, ids: &[String]| json!({ "name": name, "conversations": ids });
    let (one, many) = (general(), (0..1_001).map(|_| Uuid::now_v7().to_string()).collect::<Vec<_>>());
    let cases = [
        (json!([section("", &[])]), "/sections/0/name"),
        (json!([section("a", &[]), section("a\nb", &[])]), "/sections/1/name"),
        (json!([section("a", &[]), section(" a", &[])]), "/sections/1/name"),
        (json!([section("a", &[one.clone(), one.clone()])]), "/sections/0/conversations"),
        (json!([section("a", &["x".to_owned()])]), "/sections/0/conversations/0"),
        (json!([{ "name": "a" }]), "/sections/0"),
        (json!("x"), "/sections"),
    ];
    for (sections, pointer) in cases {
        let answer = arrange(&world, &ann, sections).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), pointer);
    }
    let sections: Vec<_> = (0..51).map(|n| section(&n.to_string(), &[])).collect();
    arrange(&world, &ann, json!(sections)).refused(409, "too_many_sections").await;
    arrange(&world, &ann, json!([section("a", &many)])).refused(409, "too_many_in_sections").await;
    level(&world, &ann, &general(), "loud").refused(422, "invalid_fields").await;
    world.patch("/v1/preferences").by(&ann).body(json!({ "colour": "red" })).refused(422, "invalid_fields").await;
    assert_eq!(arrange(&world, &ann, json!([section("a", &many[..1_000])])).send().await.status, 200);
}

#[tokio::test]
async fn d10_do_not_disturb_is_set_until_a_moment_to_come_and_cleared_once() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let set = |until: &str| world.put("/v1/users/me/dnd").by(&ann).body(json!({ "until": until }));
    let first = set("2099-01-01T00:00:00Z").send().await;
    let again = set("2099-01-01T01:00:00+01:00").send().await;
    assert_eq!((first.status, again.position()), (200, first.position()), "the same moment");
    for until in ["2020-01-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
        let answer = set(until).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), "/until");
    }
    for body in [json!({ "until": "tomorrow" }), json!({}), json!({ "until": null })] {
        world.put("/v1/users/me/dnd").by(&ann).body(body).refused(422, "invalid_fields").await;
    }
    let off = world.delete("/v1/users/me/dnd").by(&ann).send().await;
    let still = world.delete("/v1/users/me/dnd").by(&ann).send().await;
    assert_eq!((off.status, still.position()), (200, off.position()));
    let until: Timestamp = serde_json::from_value(json!("2099-01-01T00:00:00Z")).unwrap();
    let expected = [PreferenceEvent::DndChanged { until: Some(until) }, PreferenceEvent::DndChanged { until: None }];
    assert_eq!(facts(&world, &ann).await, expected);
}

#[tokio::test]
async fn keywords_and_quiet_hours_that_make_no_sense_are_refused_and_change_nothing() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let quiet = |zone: &str, days: &[&str], from: &str| json!({ "quiet_hours": { "time_zone": zone, "ranges": [{ "days": days, "from": from, "to": "07:00" }] } });
    let cases = [
        (json!({ "keywords": ["ok", " "] }), "/keywords/1"),
        (json!({ "keywords": ["a", "A"] }), "/keywords/1"),
        (json!({ "keywords": ["x".repeat(61)] }), "/keywords/0"),
        (json!({ "keywords": [1] }), "/keywords/0"),
        (quiet("Europe/Atlantis", &["monday"], "22:00"), "/quiet_hours/time_zone"),
        (quiet("UTC", &[], "22:00"), "/quiet_hours/ranges/0/days"),
        (quiet("UTC", &["someday"], "22:00"), "/quiet_hours/ranges/0/days/0"),
        (quiet("UTC", &["monday"], "24:00"), "/quiet_hours/ranges/0/from"),
        (json!({ "keywords": ["fine"], "quiet_hours": { "time_zone": "UTC" } }), "/quiet_hours"),
    ];
    for (body, pointer) in cases {
        let answer = world.patch("/v1/preferences").by(&ann).body(body.clone()).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), pointer, "{body}");
    }
    let words: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    let many = world.patch("/v1/preferences").by(&ann).body(json!({ "keywords": words }));
    many.refused(409, "too_many_keywords").await;
    let range = json!({ "days": ["monday"], "from": "01:00", "to": "02:00" });
    let hours = json!({ "quiet_hours": { "time_zone": "UTC", "ranges": vec![range; 22] } });
    world.patch("/v1/preferences").by(&ann).body(hours).refused(409, "too_many_quiet_hours").await;
    assert_eq!(world.patch("/v1/preferences").by(&ann).body(json!({})).send().await.status, 200);
    assert_eq!(facts(&world, &ann).await, []);
}
