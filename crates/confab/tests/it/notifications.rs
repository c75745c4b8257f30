//! Notifications: who is told of a message, live and by resume; why; and what nobody learns of others.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, eventually, text};
use crate::socket::Socket;

const QUIET: Duration = Duration::from_millis(700);

/// A private channel with these people besides the first.
async fn place(of: &Person, others: &[&Person]) -> String {
    let channel = of.private_channel().await;
    of.add(&channel, others).await;
    channel
}

/// What a person is told about a message, at least as new as a position.
async fn why(asks: &Person, message: &str, position: &Value) -> Value {
    asks.get_at(&format!("/v1/messages/{message}/notifications"), position).await.expect(200)
}

async fn outcome(asks: &Person, message: &str, position: &Value) -> (String, Value, Value) {
    let answer = why(asks, message, position).await;
    (text(&answer["outcome"]), answer["reason"].clone(), answer["held_back_by"].clone())
}

/// Asks until a message was decided on for somebody.
async fn decided(asks: &Person, message: &str) -> Value {
    let path = format!("/v1/messages/{message}/notifications");
    eventually(Duration::from_secs(10), "a decision", async || {
        let answer = asks.get(&path).await;
        answer.status == 200 && answer.body["outcome"] != "not_addressed"
    })
    .await;
    asks.get(&path).await.expect(200)
}

/// Which messages notified by what else is heard.
async fn notified(socket: &mut Socket) -> Vec<String> {
    let heard = socket.rest(QUIET).await;
    let told = heard.iter().filter(|frame| frame["event"]["type"] == "notified");
    told.map(|frame| text(&frame["event"]["id"])).collect()
}

#[tokio::test]
async fn d10_a_mention_notifies_whom_it_names_on_all_her_devices_and_after_an_absence() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let channel = place(&ann, &[&bob, &cid]).await;
    let (mut one, mut two, away) =
        (bob.socket().await, bob.again().await.socket().await, bob.again().await.socket().await);
    let (mut his, mut hers) = (cid.socket().await, ann.socket().await);
    let cursor = away.cursor;
    away.cut();
    let message = text(&ann.say(&channel, &format!("look, <@{}>", bob.id)).await["id"]);

    let told = one.event("notified").await;
    let mut expected = json!({ "type": "notified", "id": message, "conversation": channel });
    expected["position"] = told["position"].clone();
    expected["at"] = told["at"].clone();
    assert_eq!(told, expected, "neither why nor whom else");
    assert_eq!(two.event("notified").await, told);
    assert_eq!(notified(&mut his).await, [] as [String; 0]);
    assert_eq!(notified(&mut hers).await, [] as [String; 0]);
    let mut back = bob.socket_from(cursor).await;
    assert_eq!(back.event("notified").await, told, "missed, and brought by resume");

    let at = &told["position"];
    assert_eq!(outcome(&bob, &message, at).await, ("notified".to_owned(), json!("mention"), Value::Null));
    assert_eq!(outcome(&cid, &message, at).await.0, "not_addressed");
    assert_eq!(outcome(&ann, &message, at).await.0, "own_message");
    let words = why(&bob, &message, at).await["text"].clone();
    assert_eq!(words, "You were notified because it mentions you.");
    let eve = Person::register("Eve").await;
    assert_eq!(eve.get(&format!("/v1/messages/{message}/notifications")).await.problem(404), "not_found");
    let nothing = format!("/v1/messages/{}/notifications", Uuid::now_v7());
    assert_eq!(bob.get(&nothing).await.problem(404), "not_found");
    assert_eq!(bob.get("/v1/messages/x/notifications").await.problem(404), "not_found");
}

#[tokio::test]
async fn what_holds_a_message_back_is_told_to_her_alone_and_nothing_rings() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = place(&ann, &[&bob]).await;
    let mention = format!("<@{}>", bob.id);
    let mut his = bob.socket().await;
    bob.put(&format!("/v1/conversations/{channel}/mute"), json!({})).await.expect(200);
    let muted = text(&ann.say(&channel, &mention).await["id"]);
    let answer = decided(&bob, &muted).await;
    assert_eq!((&answer["outcome"], &answer["held_back_by"]), (&json!("held_back"), &json!("muted")));
    assert_eq!(answer["text"], "You were not notified although it mentions you: you had muted the conversation.");

    bob.delete(&format!("/v1/conversations/{channel}/mute")).await.expect(200);
    bob.put("/v1/users/me/dnd", json!({ "until": "2099-01-01T00:00:00Z" })).await.expect(200);
    let disturbed = text(&ann.say(&channel, &mention).await["id"]);
    assert_eq!(decided(&bob, &disturbed).await["held_back_by"], "do_not_disturb");
    bob.delete("/v1/users/me/dnd").await.expect(200);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let always = json!({ "time_zone": "UTC", "ranges": [{ "days": days, "from": "00:00", "to": "00:00" }] });
    bob.patch("/v1/preferences", json!({ "quiet_hours": always })).await.expect(200);
    let quiet = text(&ann.say(&channel, &mention).await["id"]);
    assert_eq!(decided(&bob, &quiet).await["held_back_by"], "quiet_hours");
    assert_eq!(notified(&mut his).await, [] as [String; 0]);

    let path = format!("/v1/conversations/{channel}/notification-level");
    bob.put(&path, json!({ "level": "nothing" })).await.expect(200);
    let plain = ann.say(&channel, "hello").await;
    let answer = why(&bob, &text(&plain["id"]), &plain["position"]).await;
    assert_eq!((&answer["outcome"], &answer["level"]), (&json!("not_addressed"), &json!("nothing")));
}

#[tokio::test]
async fn a_keyword_rings_for_members_only_and_nobody_learns_whose_it_is() {
    let (ann, bob, eve) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Eve").await);
    let channel = place(&ann, &[&bob, &eve]).await;
    let word = format!("w{}", Uuid::now_v7().simple());
    for person in [&bob, &eve] {
        person.patch("/v1/preferences", json!({ "keywords": [word] })).await.expect(200);
    }
    let left = eve.leave(&channel).await;
    let (mut his, mut hers, mut anns) = (bob.socket().await, eve.socket().await, ann.socket().await);
    let message = text(&ann.say(&channel, &format!("what of {}?", word.to_uppercase())).await["id"]);
    let told = his.event("notified").await;
    assert!(!told.to_string().contains(&word) && !told.to_string().contains("keyword"), "{told}");
    assert_eq!(outcome(&bob, &message, &told["position"]).await.1, "keyword");
    let heard = hers.rest(QUIET).await;
    assert!(heard.iter().all(|frame| !frame.to_string().contains(&message)), "an ex-member: {heard:?}");
    assert_eq!(notified(&mut anns).await, [] as [String; 0]);
    assert_eq!(eve.get_at(&format!("/v1/messages/{message}/notifications"), &left).await.problem(404), "not_found");
    let of_eve = eve.get_at("/v1/activity?kind=keyword", &told["position"]).await.expect(200);
    assert_eq!(of_eve["items"], json!([]));
}

#[tokio::test]
async fn at_channel_and_at_here_ring_for_those_they_speak_to() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let channel = place(&ann, &[&bob, &cid]).await;
    let everybody = text(&ann.say(&channel, "@channel lunch").await["id"]);
    for person in [&bob, &cid] {
        assert_eq!(decided(person, &everybody).await["reason"], "channel_mention");
    }
    let mut his = bob.socket().await;
    his.send(json!({ "type": "presence", "id": "p", "state": "active" })).await;
    eventually(Duration::from_secs(10), "Bob is active", async || {
        bob.get("/v1/users/me").await.expect(200)["presence"] == "active"
    })
    .await;
    let here = text(&ann.say(&channel, "@here lunch").await["id"]);
    assert_eq!(his.event("notified").await["id"], here);
    assert_eq!(decided(&bob, &here).await["reason"], "here_mention");
    let of_cid = cid.get(&format!("/v1/messages/{here}/notifications")).await.expect(200);
    assert_eq!(of_cid["outcome"], "not_addressed");
}

#[tokio::test]
async fn direct_messages_and_answers_ring() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut his = bob.socket().await;
    let direct = ann.direct(&bob).await;
    let message = text(&ann.say(&direct, "psst").await["id"]);
    assert_eq!(his.event("notified").await["id"], message);
    assert_eq!(decided(&bob, &message).await["reason"], "direct_message");
    let channel = place(&ann, &[&bob]).await;
    let root = text(&bob.say(&channel, "soup?").await["id"]);
    let body = json!({ "id": Uuid::now_v7(), "text": "yes", "thread": root });
    let answer = ann.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201);
    assert_eq!(his.event("notified").await["id"], answer["id"]);
    assert_eq!(decided(&bob, &text(&answer["id"])).await["reason"], "thread_reply");
}

/// Changes what a message says.
async fn edit(by: &Person, message: &str, text: &str) -> Value {
    by.patch(&format!("/v1/messages/{message}"), json!({ "text": text })).await.expect(200)["position"].clone()
}

/// How often a message stands among what mentions somebody, by what is known at a position.
async fn mentions(of: &Person, message: &str, position: &Value) -> usize {
    let page = of.get_at("/v1/activity?kind=mention&limit=100", position).await.expect(200);
    page["items"].as_array().unwrap().iter().filter(|entry| entry["message"]["id"] == message).count()
}

#[tokio::test]
async fn d10_an_edit_notifies_whom_it_mentions_anew_once_and_nobody_else() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let channel = place(&ann, &[&bob, &cid]).await;
    let (mut his, mut hers) = (bob.socket().await, cid.socket().await);
    let cursor = his.cursor;
    let said = ann.say(&channel, &format!("look, <@{}>", cid.id)).await;
    let message = text(&said["id"]);
    assert_eq!(hers.event("notified").await["id"], json!(message));
    assert_eq!(why(&bob, &message, &said["position"]).await["outcome"], "not_addressed");
    edit(&ann, &message, &format!("look, <@{}> and <@{}> @channel @here", cid.id, bob.id)).await;
    let told = his.event("notified").await;
    assert_eq!((&told["id"], &told["conversation"]), (&json!(message), &json!(channel)));
    assert_eq!(bob.socket_from(cursor).await.event("notified").await, told, "and by resume");
    let decided = outcome(&bob, &message, &told["position"]).await;
    assert_eq!(decided, ("notified".to_owned(), json!("mention"), Value::Null));
    assert_eq!(mentions(&bob, &message, &told["position"]).await, 1);

    edit(&ann, &message, "look").await;
    let last = edit(&ann, &message, &format!("look again, <@{}> and <@{}>", bob.id, cid.id)).await;
    assert_eq!(notified(&mut his).await, [] as [String; 0], "he was mentioned before");
    assert_eq!(notified(&mut hers).await, [] as [String; 0]);
    assert_eq!(outcome(&bob, &message, &last).await.0, "notified");
    assert_eq!((mentions(&bob, &message, &last).await, mentions(&cid, &message, &last).await), (1, 1));
}

#[tokio::test]
async fn an_edit_tells_nobody_again_but_who_wanted_to_hear_of_mentions_only() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let channel = place(&ann, &[&bob, &cid]).await;
    let root = text(&bob.say(&channel, "soup?").await["id"]);
    let messages = format!("/v1/conversations/{channel}/messages");
    let answer = |text: &str| json!({ "id": Uuid::now_v7(), "text": text, "thread": root });
    cid.post(&messages, answer("me")).await.expect(201);
    let level = json!({ "level": "mentions" });
    bob.put(&format!("/v1/conversations/{channel}/notification-level"), level).await.expect(200);
    let (mut his, mut hers) = (bob.socket().await, cid.socket().await);
    let said = text(&ann.post(&messages, answer("yes")).await.expect(201)["id"]);
    assert_eq!(decided(&bob, &said).await["held_back_by"], "level_mentions");
    assert_eq!(hers.event("notified").await["id"], json!(said), "she follows the thread");
    edit(&ann, &said, &format!("yes, <@{}> and <@{}>", bob.id, cid.id)).await;
    let told = his.event("notified").await;
    assert_eq!(told["id"], json!(said));
    assert_eq!(outcome(&bob, &said, &told["position"]).await.1, "mention");
    assert_eq!(notified(&mut hers).await, [] as [String; 0]);
    assert_eq!(outcome(&cid, &said, &told["position"]).await.1, "thread_reply");
    let at = &told["position"];
    assert_eq!((mentions(&bob, &said, at).await, mentions(&cid, &said, at).await), (1, 0));
}

#[tokio::test]
async fn whom_an_edited_answer_names_follows_its_thread() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = place(&ann, &[&bob]).await;
    let root = text(&ann.say(&channel, "soup?").await["id"]);
    let body = json!({ "id": Uuid::now_v7(), "text": "anybody?", "thread": root });
    let said = ann.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201);
    let mut his = bob.socket().await;
    let id = text(&said["id"]);
    let last = edit(&ann, &id, &format!("<@{}>?", bob.id)).await;
    assert_eq!(his.event("thread_followed").await["id"], json!(root));
    assert_eq!(bob.get_at("/v1/threads", &last).await.expect(200)["items"][0]["message"]["id"], json!(root));
    bob.delete(&format!("/v1/messages/{root}/follow")).await.expect(200);
    let last = edit(&ann, &id, &format!("well, <@{}>?", bob.id)).await;
    assert_eq!(bob.get_at("/v1/threads", &last).await.expect(200)["items"], json!([]), "he was named before");
    let other = bob.patch(&format!("/v1/messages/{id}"), json!({ "text": format!("<@{}>", bob.id) })).await;
    assert_eq!(other.problem(403), "not_the_author");
    assert_eq!(bob.get("/v1/threads").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn the_level_that_is_told_is_the_one_at_the_time() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = place(&ann, &[&bob]).await;
    let mut said = vec![ann.say(&channel, "as usual").await];
    let mut last = Value::Null;
    for level in ["nothing", "mentions"] {
        let path = format!("/v1/conversations/{channel}/notification-level");
        last = bob.put(&path, json!({ "level": level })).await.expect(200)["position"].clone();
        said.push(ann.say(&channel, level).await);
    }
    let last = said[2]["position"].as_u64().max(last.as_u64());
    for (said, level) in said.iter().zip([Value::Null, json!("nothing"), json!("mentions")]) {
        let answer = why(&bob, &text(&said["id"]), &json!(last)).await;
        assert_eq!((&answer["outcome"], &answer["level"]), (&json!("not_addressed"), &level));
    }
}
