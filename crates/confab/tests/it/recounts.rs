//! A conversation counted again from the facts: it comes to what is shown, and whatever does not is named.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{self, Person, Server, request, send, text};

/// Asks until both sides stood still for a moment.
async fn recount(person: &Person, conversation: &str, query: &str) -> Value {
    for _ in 0..50 {
        let answer = person.get(&format!("/v1/conversations/{conversation}/recount{query}")).await;
        if answer.status != 503 {
            return answer.expect(200);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("things never stood still");
}

async fn answer(person: &Person, conversation: &str, root: &str, said: &str) -> Value {
    let body = json!({ "id": Uuid::now_v7(), "text": said, "thread": root });
    person.post(&format!("/v1/conversations/{conversation}/messages"), body).await.expect(201)
}

/// What Bob is shown: two messages, of which one speaks to him, with answers and a reaction to his own.
struct Talk {
    ann: Person,
    bob: Person,
    channel: String,
    root: String,
    first: String,
    position: Value,
}

impl Talk {
    async fn at(server: &'static Server) -> Self {
        let (ann, bob) = (Person::register_at(server, "Ann").await, Person::register_at(server, "Bob").await);
        let channel = ann.channel().await;
        bob.join(&channel).await;
        let root = text(&bob.say(&channel, "soup?").await["id"]);
        for said in ["yes", "no"] {
            answer(&ann, &channel, &root, said).await;
        }
        ann.put(&format!("/v1/messages/{root}/reactions/%F0%9F%91%8D"), json!({})).await.expect(200);
        let first = text(&ann.say(&channel, "at noon").await["id"]);
        let position = ann.say(&channel, &format!("or later, <@{}>?", bob.id)).await["position"].clone();
        Self { ann, bob, channel, root, first, position }
    }

    async fn recount(&self) -> Value {
        recount(&self.bob, &self.channel, "").await
    }

    /// Waits until it was decided that Bob is spoken to.
    async fn settled(&self) -> Value {
        loop {
            let recount = self.recount().await;
            if recount["counted"]["mention_count"] == 1 {
                return recount;
            }
        }
    }
}

#[tokio::test]
async fn u3_a_recount_comes_to_what_is_shown() {
    let talk = Talk::at(rig::server()).await;
    let found = talk.settled().await;
    assert_eq!((&found["differing"], &found["conversation"]), (&json!([]), &json!(talk.channel)));
    assert!(found["position"].as_u64() >= talk.position.as_u64());
    assert_eq!(found["counted"], found["shown"]);
    let expected = json!({
        "is_member": true,
        "read_position": 0,
        "unread_count": 2,
        "mention_count": 1,
        "message_count": 5,
        "reply_count": 2,
        "reaction_count": 1,
        "thread_count": 1,
        "thread_unread_count": 2,
    });
    assert_eq!(found["counted"], expected);

    let read = json!({ "position": talk.position });
    talk.bob.put(&format!("/v1/conversations/{}/read", talk.channel), read).await.expect(200);
    talk.ann.delete(&format!("/v1/messages/{}", talk.first)).await.expect(200);
    let then = talk.recount().await;
    assert_eq!((&then["differing"], &then["counted"]["unread_count"]), (&json!([]), &json!(0)));
    assert_eq!(then["counted"]["message_count"], 4);
    let hers = recount(&talk.ann, &talk.channel, "").await;
    assert_eq!((&hers["differing"], &hers["counted"]["unread_count"]), (&json!([]), &json!(1)));
}

#[tokio::test]
async fn u3_a_recount_from_a_position_leaves_out_what_was_said_before() {
    let talk = Talk::at(rig::server()).await;
    talk.settled().await;
    let before = talk.position.as_u64().unwrap() - 1;
    let found = recount(&talk.bob, &talk.channel, &format!("?after={before}")).await;
    assert_eq!((&found["differing"], &found["begins_after"]), (&json!([]), &json!(before)));
    let counted = &found["counted"];
    assert_eq!((&counted["message_count"], &counted["unread_count"]), (&json!(1), &json!(1)));
    assert_eq!((&counted["mention_count"], &counted["thread_count"]), (&json!(1), &json!(0)));
    let nothing = recount(&talk.bob, &talk.channel, &format!("?after={}", 1_u64 << 52)).await;
    assert_eq!((&nothing["differing"], &nothing["counted"]["message_count"]), (&json!([]), &json!(0)));
}

/// Changes a document behind the projector's back.
async fn spoil(talk: &Talk, collection: &str, id: String, change: Document) {
    let client = mongodb::Client::with_uri_str(&talk.bob.server.mongo).await.unwrap();
    let documents = client.database("confab").collection::<Document>(collection);
    let done = documents.update_one(doc! { "_id": id }, change).await.unwrap();
    assert_eq!(done.modified_count, 1, "{collection}");
}

#[tokio::test]
async fn u3_whatever_is_shown_wrongly_is_named() {
    let talk = Talk::at(rig::server()).await;
    let Talk { bob, channel, root, first, .. } = &talk;
    talk.settled().await;
    let user = Bson::String(bob.id.clone());
    let place = format!("{channel}.{}", bob.id);
    let set = |field: &str, value: Bson| doc! { "$set": { field: value } };
    let cases = [
        ("messages_v2", root.clone(), set("reply_count", Bson::Int32(7)), json!(["reply_count", root, 2, 7])),
        (
            "messages_v2",
            root.clone(),
            doc! { "$push": { "reactions.0.users": &user } },
            json!(["reaction_count", root, 1, 2]),
        ),
        ("memberships_v1", place.clone(), set("read", Bson::Int64(1 << 50)), json!(["unread_count", null, 2, 0])),
        (
            "follows_v1",
            format!("{root}.{}", bob.id),
            set("read", Bson::Int64(1 << 50)),
            json!(["thread_unread_count", root, 2, 0]),
        ),
        (
            "follows_v1",
            format!("{root}.{}", bob.id),
            set("following", Bson::Boolean(false)),
            json!(["thread_unread_count", root, 2, null]),
        ),
        ("messages_v2", first.clone(), set("deleted", Bson::Boolean(true)), json!(["message", first, 1, 0])),
        ("memberships_v1", place, set("member", Bson::Boolean(false)), json!(["is_member", null, 1, 0])),
    ];
    for (collection, id, change, expected) in cases {
        spoil(&talk, collection, id, change).await;
        let found = talk.recount().await;
        let differing = found["differing"].as_array().unwrap();
        let as_expected = |one: &&Value| json!([one["what"], one["message"], one["counted"], one["shown"]]) == expected;
        assert!(differing.iter().any(|one| as_expected(&one)), "{expected} is not among {found}");
        assert_eq!(found["counted"]["reply_count"], 2, "the facts are as they were");
    }
}

#[tokio::test]
async fn u3_a_message_that_is_not_shown_at_all_is_named() {
    let talk = Talk::at(rig::server()).await;
    talk.settled().await;
    let client = mongodb::Client::with_uri_str(&talk.bob.server.mongo).await.unwrap();
    let messages = client.database("confab").collection::<Document>("messages_v2");
    messages.delete_one(doc! { "_id": &talk.first }).await.unwrap();
    let found = talk.recount().await;
    let missing = json!({ "what": "message", "message": talk.first, "counted": 1 });
    assert!(found["differing"].as_array().unwrap().contains(&missing), "{found}");
    assert_eq!((&found["counted"]["unread_count"], &found["shown"]["unread_count"]), (&json!(2), &json!(1)));
    assert_eq!((&found["counted"]["message_count"], &found["shown"]["message_count"]), (&json!(5), &json!(4)));
}

#[tokio::test]
async fn u3_who_may_not_see_a_conversation_has_nothing_to_count() {
    let (ann, eve) = (Person::register("Ann").await, Person::register("Eve").await);
    let (secret, channel) = (ann.private_channel().await, ann.channel().await);
    ann.say(&channel, "soup?").await;
    let path = |conversation: &str| format!("/v1/conversations/{conversation}/recount");
    assert_eq!(eve.get(&path(&secret)).await.problem(404), "not_found");
    assert_eq!(eve.get(&path(&Uuid::now_v7().to_string())).await.problem(404), "not_found");
    assert_eq!(send(request(Method::GET, &path(&channel))).await.problem(401), "unauthenticated");
    let looked_at = recount(&eve, &channel, "").await;
    assert_eq!(looked_at["differing"], json!([]));
    assert_eq!((&looked_at["counted"]["is_member"], &looked_at["counted"]["unread_count"]), (&json!(false), &json!(0)));
    ann.add(&secret, &[&eve]).await;
    assert_eq!(recount(&eve, &secret, "").await["differing"], json!([]));
    eve.leave(&secret).await;
    assert_eq!(eve.get(&path(&secret)).await.problem(404), "not_found", "by the facts, at once");
}

#[tokio::test]
async fn u3_what_cannot_be_a_recount_is_refused() {
    let ann = Person::register("Ann").await;
    let channel = ann.channel().await;
    for query in ["?after=-1", "?after=x", "?after=1&after=2", "?before=1", "?after="] {
        let answer = ann.get(&format!("/v1/conversations/{channel}/recount{query}")).await;
        assert_eq!(answer.problem(400), "invalid_query", "{query}");
    }
    assert_eq!(ann.get("/v1/conversations/x/recount").await.problem(404), "not_found");
}
