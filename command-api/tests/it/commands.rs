//! Slash commands: each does what its route does, and is refused as that is.

use events::{ConversationEvent, MessageEvent, PresenceEvent, ProfileEvent, SavedEvent, StreamName};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::requests::{Answer, Ask};
use crate::world::{Person, World, general};

fn command(world: &World, by: &Person, conversation: &str, text: &str) -> Ask {
    world.post(&format!("/v1/conversations/{conversation}/commands")).by(by).body(json!({ "text": text }))
}

async fn done(world: &World, by: &Person, conversation: &str, text: &str) -> Answer {
    let answer = command(world, by, conversation, text).send().await;
    assert_eq!(answer.status, 200, "{text}: {answer:?}");
    answer
}

async fn last(world: &World, conversation: &str) -> ConversationEvent {
    let stream = StreamName::conversation(conversation.parse().unwrap());
    world.facts::<ConversationEvent>(&stream).await.pop().unwrap().event
}

fn direct(people: &[&Person]) -> String {
    let ids: Vec<_> = people.iter().map(|person| person.id.parse().unwrap()).collect();
    events::ConversationId::direct(&ids).to_string()
}

#[tokio::test]
async fn a_channel_is_looked_after_by_commands() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let channel = world.channel(&ann, "cooking").await;
    let user = bob.id.parse().unwrap();
    assert_eq!(done(&world, &ann, &channel, "/topic").await.text("/said/text"), "There is no topic.");
    done(&world, &ann, &channel, "/topic soup").await;
    assert_eq!(last(&world, &channel).await, ConversationEvent::TopicChanged { topic: Some("soup".into()) });
    let shown = done(&world, &ann, &channel, "/topic").await;
    assert_eq!(shown.body, json!({ "said": { "text": "soup", "ephemeral": true } }));
    done(&world, &ann, &channel, &format!("/invite <@{}>", bob.id)).await;
    assert!(
        matches!(last(&world, &channel).await, ConversationEvent::MemberAdded { user: added, .. } if added == user)
    );
    let who = done(&world, &bob, &channel, "/who").await.text("/said/text");
    assert!(who.contains(&format!("<@{}>", ann.id)) && who.contains(&format!("<@{}>", bob.id)), "{who}");
    done(&world, &ann, &channel, &format!("/kick <@{}>", bob.id)).await;
    assert!(matches!(last(&world, &channel).await, ConversationEvent::MemberRemoved { user: out, .. } if out == user));
    let joined = done(&world, &bob, &general(), "/join #cooking").await;
    assert_eq!(joined.body["open"], json!({ "what": "conversation", "conversation": channel }));
    assert_eq!(joined.body["position"].as_u64(), Some(joined.position()));
    done(&world, &bob, &channel, "/part").await;
    assert_eq!(last(&world, &channel).await, ConversationEvent::MemberLeft { user });
    done(&world, &ann, &channel, "/rename baking").await;
    done(&world, &bob, &general(), "/open #baking").await;
    command(&world, &bob, &general(), "/join #cooking").refused(404, "conversation_not_found").await;
    done(&world, &ann, &channel, "/archive").await;
    assert_eq!(last(&world, &channel).await, ConversationEvent::Archived {});
    command(&world, &ann, &channel, "/topic stew").refused(409, "conversation_archived").await;
}

#[tokio::test]
async fn what_a_command_says_is_posted_under_the_given_id() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let id = Uuid::now_v7().to_string();
    let path = format!("/v1/conversations/{}/commands", general());
    let body = json!({ "text": "/me waves", "id": id });
    let first = world.post(&path).by(&ann).body(body.clone()).send().await;
    let again = world.post(&path).by(&ann).body(body).send().await;
    assert_eq!((first.status, again.position()), (200, first.position()));
    let text = |facts: Vec<events::Recorded<MessageEvent>>| match &facts[0].event {
        MessageEvent::MessagePosted { text, thread, .. } => (text.clone(), *thread),
        other => panic!("{other:?}"),
    };
    let facts = world.facts::<MessageEvent>(&StreamName::message(id.parse().unwrap())).await;
    assert_eq!(text(facts), ("_waves_".into(), None));
    for (typed, said) in [("//away", "/away"), (" /away", "/away"), ("/shrug so", "so ¯\\_(ツ)_/¯")] {
        let answer = Uuid::now_v7().to_string();
        let body = json!({ "text": typed, "id": answer, "thread": id });
        assert_eq!(world.post(&path).by(&ann).body(body).send().await.status, 200, "{typed}");
        let facts = world.facts::<MessageEvent>(&StreamName::message(answer.parse().unwrap())).await;
        assert_eq!(text(facts), (said.into(), Some(id.parse().unwrap())));
    }
}

#[tokio::test]
async fn one_talks_directly_and_reminds_oneself_by_commands() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let opened = done(&world, &ann, &general(), &format!("/dm <@{}> hello", bob.id)).await;
    let conversation = direct(&[&ann, &bob]);
    assert_eq!(opened.body["open"], json!({ "what": "conversation", "conversation": conversation }));
    let closed = done(&world, &ann, &conversation, "/close").await;
    assert_eq!(closed.body, json!({ "open": { "what": "close", "conversation": conversation } }));
    let id = Uuid::now_v7().to_string();
    let text = "/remind me \"buy soup\" in 20 minutes";
    let body = json!({ "text": text, "id": id, "utc_offset_minutes": 120 });
    let path = format!("/v1/conversations/{}/commands", general());
    assert_eq!(world.post(&path).by(&ann).body(body).send().await.status, 200);
    let notes: events::ConversationId = direct(&[&ann]).parse().unwrap();
    let note = world.facts::<MessageEvent>(&StreamName::message(id.parse().unwrap())).await;
    assert!(
        matches!(&note[0].event, MessageEvent::MessagePosted { text, conversation, .. }
            if text == "buy soup" && *conversation == notes),
        "{note:?}"
    );
    let saved = world.facts::<SavedEvent>(&StreamName::saved(ann.id.parse().unwrap())).await;
    let SavedEvent::MessageSaved { message, remind_at, .. } = saved[0].event;
    assert_eq!(message.to_string(), id);
    let wait = remind_at.unwrap().unix_ms() - saved[0].at.unix_ms();
    assert!((1_100_000..=1_201_000).contains(&wait), "{wait}");
    let far = json!({ "text": text, "utc_offset_minutes": 1_441 });
    world.post(&path).by(&ann).body(far).refused(422, "invalid_fields").await;
}

#[tokio::test]
async fn presence_status_and_settings_are_changed_by_commands() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let user = ann.id.parse().unwrap();
    for text in ["/away", "/active", "/status 🌴 on holiday", "/status clear", "/dnd 30 minutes", "/dnd off"] {
        assert!(done(&world, &ann, &general(), text).await.body["position"].is_u64(), "{text}");
    }
    let facts = world.facts::<PresenceEvent>(&StreamName::presence(user)).await;
    let events: Vec<_> = facts.into_iter().map(|fact| fact.event).collect();
    assert_eq!(events, [PresenceEvent::WentAway {}, PresenceEvent::CameOnline {}]);
    let facts = world.facts::<ProfileEvent>(&StreamName::profile(user)).await;
    let set = ProfileEvent::StatusSet { emoji: "🌴".into(), text: "on holiday".into(), until: None };
    assert_eq!(
        facts[1..].iter().map(|fact| fact.event.clone()).collect::<Vec<_>>(),
        [set, ProfileEvent::StatusCleared {}]
    );
    for (text, told) in [
        ("/mute", "Muted: nothing here notifies you."),
        ("/mute", "Not muted any more."),
        ("/star", "Starred."),
        ("/star", "Not starred any more."),
    ] {
        assert_eq!(done(&world, &ann, &general(), text).await.text("/said/text"), told);
    }
}

#[tokio::test]
async fn what_is_for_the_client_comes_back_to_it() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    for (text, open) in [
        ("/search soup", json!({ "what": "search", "text": "soup" })),
        ("/shortcuts", json!({ "what": "shortcuts" })),
        ("/status", json!({ "what": "status" })),
        ("/dnd", json!({ "what": "dnd" })),
        ("/collapse", json!({ "what": "collapse" })),
        ("/expand", json!({ "what": "expand" })),
    ] {
        assert_eq!(done(&world, &ann, &general(), text).await.body, json!({ "open": open }), "{text}");
    }
}

#[tokio::test]
async fn every_bad_command_gets_its_own_answer() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let body = json!({ "kind": "channel", "name": "secret", "visibility": "private" });
    let private = world.begin(&ann, body).send().await.text("/id");
    let (away, nobody) = (Uuid::now_v7(), Uuid::now_v7());
    for (conversation, text, status, code) in [
        (private.as_str(), "/shortcuts", 404, "conversation_not_found"),
        (&away.to_string(), "/away", 404, "conversation_not_found"),
        (&general(), "/foo", 422, "unknown_command"),
        (&general(), "/invite bob", 422, "command_misused"),
        (&general(), "/leave", 409, "general_channel"),
        (&general(), "/join #secret", 404, "conversation_not_found"),
        (&general(), "/join #nowhere", 404, "conversation_not_found"),
        (&general(), &format!("/dm <@{nobody}>"), 404, "user_not_found"),
        (&general(), "/rename Not A Name", 422, "invalid_fields"),
        (&general(), &format!("/topic {}", "x".repeat(251)), 422, "invalid_fields"),
        (&general(), &format!("/status {}", "x".repeat(101)), 422, "invalid_fields"),
        (&general(), &format!("/me {}", "x".repeat(12_001)), 422, "invalid_fields"),
        (&general(), "", 422, "invalid_fields"),
    ] {
        command(&world, &bob, conversation, text).refused(status, code).await;
    }
    let unknown = command(&world, &bob, &general(), "/foo").send().await;
    assert_eq!(unknown.text("/title"), "No such command: `/foo`.");
    let in_thread = json!({ "text": "/leave", "thread": Uuid::now_v7() });
    let path = format!("/v1/conversations/{}/commands", general());
    world.post(&path).by(&bob).body(in_thread).refused(409, "not_in_threads").await;
    world.post(&path).by(&bob).body(json!({ "text": 7 })).refused(422, "invalid_fields").await;
    world.post(&path).body(json!({ "text": "/away" })).refused(401, "unauthenticated").await;
}

#[tokio::test]
async fn a_status_is_set_and_cleared_and_refused_by_its_fields() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let set = |body: Value| world.put("/v1/users/me/status").by(&ann).body(body);
    let first = set(json!({ "emoji": "🌴", "text": " away ", "until": "2030-01-01T00:00:00Z" })).send().await;
    let again = set(json!({ "emoji": "🌴", "text": "away", "until": "2030-01-01T00:00:00Z" })).send().await;
    assert_eq!((first.status, again.position()), (200, first.position()));
    assert_eq!(set(json!({ "text": "busy" })).send().await.status, 200);
    for (body, pointer) in [
        (json!({}), "/text"),
        (json!({ "text": "  " }), "/text"),
        (json!({ "emoji": "palm" }), "/emoji"),
        (json!({ "emoji": "🌴", "text": "x".repeat(101) }), "/text"),
        (json!({ "emoji": "🌴", "text": "a\nb" }), "/text"),
        (json!({ "text": "busy", "until": "later" }), "/until"),
    ] {
        assert_eq!(set(body).refused(422, "invalid_fields").await.text("/errors/0/pointer"), pointer);
    }
    let cleared = world.delete("/v1/users/me/status").by(&ann).send().await;
    let again = world.delete("/v1/users/me/status").by(&ann).send().await;
    assert_eq!((cleared.status, again.position()), (200, cleared.position()));
    world.put("/v1/users/me/status").body(json!({ "text": "busy" })).refused(401, "unauthenticated").await;
}
