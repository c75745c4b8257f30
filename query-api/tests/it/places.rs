//! `conversations`, `channels`, `conversations/{conversation}/members`.

use events::{ConversationEvent, ConversationId, Visibility};
use serde_json::json;

use crate::api::Api;

#[tokio::test(flavor = "multi_thread")]
async fn d07_unread_is_what_others_said_since_i_read_or_came() {
    let api = Api::new().await;
    let world = &api.world;
    let (ann, bob) = (world.person("Ann").await, world.person("Bob").await);
    let lunch = world.channel("lunch", Visibility::Public, ann).await;
    world.say(lunch, ann, "before he came", None).await;
    world.settle(lunch, ConversationEvent::MemberJoined { user: bob }).await;
    let (first, at) = world.say(lunch, ann, "one", None).await;
    world.say(lunch, ann, "two", None).await;
    world.say(lunch, bob, "mine", None).await;
    let (_, newest) = world.say(lunch, ann, "three", None).await;
    world.say(lunch, ann, "in a thread", Some(first)).await;
    let seen = |answer: &crate::api::Answer| {
        let item = &answer.items()[0];
        (item["unread_count"].clone(), item["read_position"].clone(), item["last_position"].clone())
    };
    let unread = seen(&api.get(bob, "/v1/conversations").await);
    assert_eq!(unread, (json!(3), json!(0), json!(newest)));
    world.read(lunch, bob, at).await;
    assert_eq!(seen(&api.get(bob, "/v1/conversations").await), (json!(2), json!(at), json!(newest)));
    world.read(lunch, bob, newest).await;
    assert_eq!(seen(&api.get(bob, "/v1/conversations").await), (json!(0), json!(newest), json!(newest)));
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_is_counted_to_a_hundred() {
    let api = Api::new().await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    let lunch = api.world.channel("lunch", Visibility::Public, ann).await;
    api.world.settle(lunch, ConversationEvent::MemberJoined { user: bob }).await;
    for n in 0..103 {
        api.world.say(lunch, ann, &n.to_string(), None).await;
    }
    let found = api.get(bob, &format!("/v1/conversations/{lunch}")).await;
    assert_eq!(found.body["unread_count"], 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn my_list_holds_what_i_am_in_and_nothing_else() {
    let api = Api::new().await;
    let world = &api.world;
    let (ann, bob) = (world.person("Ann").await, world.person("Bob").await);
    let lunch = world.channel("lunch", Visibility::Public, ann).await;
    world.channel("other", Visibility::Public, bob).await;
    let left = world.channel("left", Visibility::Public, ann).await;
    world.settle(left, ConversationEvent::MemberLeft { user: ann }).await;
    let direct = ConversationId::direct(&[ann, bob]);
    let mut members = vec![ann, bob];
    members.sort_unstable();
    world.settle(direct, ConversationEvent::DirectOpened { members: members.clone(), creator: bob }).await;
    let mine = api.get(ann, "/v1/conversations").await;
    let mut ids = mine.each("id");
    ids.sort_by_key(ToString::to_string);
    let mut expected = vec![json!(lunch), json!(direct)];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(ids, expected);
    let opened = mine.items().iter().find(|item| item["kind"] == "direct").unwrap();
    assert_eq!((&opened["members"], &opened["member_count"]), (&json!(members), &json!(2)));
    assert_eq!(opened.get("last_position"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn b04_public_channels_are_browsed_by_name() {
    let api = Api::new().await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    for name in ["design", "dev", "dev-ops", "general", "random"] {
        api.world.channel(name, Visibility::Public, ann).await;
    }
    api.world.channel("deep-secret", Visibility::Private, ann).await;
    let names = async |query: &str| {
        let answer = api.get(bob, &format!("/v1/channels{query}")).await;
        (answer.each("name"), answer.body.get("after").cloned())
    };
    let (all, none) = names("").await;
    assert_eq!(
        (all, none),
        (vec![json!("design"), json!("dev"), json!("dev-ops"), json!("general"), json!("random")], None)
    );
    assert_eq!(names("?q=De").await.0, [json!("design"), json!("dev"), json!("dev-ops")]);
    let (first, after) = names("?q=de&limit=2").await;
    assert_eq!((first, after.clone()), (vec![json!("design"), json!("dev")], Some(json!("dev"))));
    assert_eq!(names("?q=de&limit=2&after=dev").await, (vec![json!("dev-ops")], None));
    assert!(names("?q=.*").await.0.is_empty(), "what somebody types is no pattern");
    let seen = api.get(bob, "/v1/channels?limit=1").await;
    assert_eq!((&seen.items()[0]["is_member"], &seen.items()[0]["member_count"]), (&json!(false), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_listed_page_by_page() {
    let api = Api::new().await;
    let mut people = Vec::new();
    for name in ["Ann", "Bob", "Cyd", "Dee"] {
        people.push(api.world.person(name).await);
    }
    let lunch = api.world.channel("lunch", Visibility::Public, people[0]).await;
    for user in &people[1..] {
        api.world.settle(lunch, ConversationEvent::MemberJoined { user: *user }).await;
    }
    api.world.settle(lunch, ConversationEvent::MemberLeft { user: people[1] }).await;
    let path = format!("/v1/conversations/{lunch}/members?limit=2");
    let first = api.get(people[1], &path).await;
    assert_eq!(first.each("user"), [json!(people[0]), json!(people[2])]);
    let second = api.get(people[1], &format!("{path}&after={}", first.body["after"].as_str().unwrap())).await;
    assert_eq!((second.each("user"), second.body.get("after")), (vec![json!(people[3])], None));
}
