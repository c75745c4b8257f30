//! Threads, over HTTP and websocket: answers beside the channel, who follows them, and what is new there.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Person, text, texts};
use crate::socket::Socket;

/// A channel with two people, and a question of the first.
async fn question() -> (Person, Person, String, String) {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let root = text(&ann.say(&channel, "soup?").await["id"]);
    (ann, bob, channel, root)
}

async fn answer(by: &Person, channel: &str, root: &str, text: &str, in_channel: bool) -> Value {
    let body = json!({ "id": Uuid::now_v7(), "text": text, "thread": root, "in_channel": in_channel });
    by.post(&format!("/v1/conversations/{channel}/messages"), body).await.expect(201)
}

async fn threads(of: &Person, position: &Value) -> Vec<Value> {
    of.get_at("/v1/threads", position).await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn answers_stand_in_their_thread_and_in_the_channel_only_if_sent_there() {
    let (ann, bob, channel, root) = question().await;
    let mut socket = ann.socket().await;
    answer(&bob, &channel, &root, "no", false).await;
    let last = answer(&bob, &channel, &root, "yes", true).await;
    let told = [socket.message("no").await, socket.message("yes").await];
    assert_eq!((&told[0]["thread"], told[0].get("in_channel")), (&json!(root), None));
    assert_eq!((&told[1]["thread"], &told[1]["in_channel"]), (&json!(root), &json!(true)));
    let main = ann.messages_at(&channel, "", &last["position"]).await;
    assert_eq!(texts(&main), ["soup?", "yes"]);
    assert_eq!((&main["items"][0]["reply_count"], &main["items"][0]["repliers"]), (&json!(2), &json!([bob.id])));
    assert_eq!(main["items"][0]["last_reply_at"], told[1]["posted_at"]);
    let thread = ann.get(&format!("/v1/messages/{root}/thread")).await.expect(200);
    assert_eq!(thread["items"], json!(told), "what came live is what a fresh read gives");
}

#[tokio::test]
async fn a_thread_is_read_by_pages() {
    let (ann, bob, channel, root) = question().await;
    let mut last = json!(0);
    for n in 0..7 {
        last = answer(&bob, &channel, &root, &format!("a{n}"), false).await["position"].clone();
    }
    let path = format!("/v1/messages/{root}/thread?limit=3");
    let newest = ann.get_at(&path, &last).await.expect(200);
    assert_eq!(texts(&newest), ["a4", "a5", "a6"]);
    let older = ann.get(&format!("{path}&before={}", newest["before"])).await.expect(200);
    assert_eq!(texts(&older), ["a1", "a2", "a3"]);
    let again = ann.get(&format!("{path}&after={}", older["after"])).await.expect(200);
    assert_eq!(texts(&again), texts(&newest));
    assert_eq!(ann.get(&format!("{path}&before=1&after=1")).await.problem(400), "invalid_query");
}

#[tokio::test]
async fn threads_are_followed_by_taking_part_and_what_is_new_is_counted() {
    let (ann, bob, channel, root) = question().await;
    let cyd = Person::register("Cyd").await;
    cyd.join(&channel).await;
    answer(&bob, &channel, &root, "no", false).await;
    let last = answer(&bob, &channel, &root, "yes", false).await["position"].clone();
    let hers = threads(&ann, &last).await;
    assert_eq!((&hers[0]["message"]["id"], &hers[0]["unread_count"]), (&json!(root), &json!(2)));
    assert_eq!(hers[0]["last_position"], last);
    assert_eq!(threads(&bob, &last).await[0]["unread_count"], 0);
    assert!(threads(&cyd, &last).await.is_empty());
    let mut other = ann.again().await.socket().await;
    let body = json!({ "position": last });
    let read = ann.put(&format!("/v1/messages/{root}/thread/read"), body).await.expect(200);
    let told = other.event("thread_read_up_to").await;
    assert_eq!((&told["id"], &told["read_position"], &told["user"]), (&json!(root), &last, &json!(ann.id)));
    assert_eq!(threads(&ann, &read["position"]).await[0]["unread_count"], 0);
    let unread = &ann.get("/v1/conversations").await.expect(200)["items"];
    let here = unread.as_array().unwrap().iter().find(|listed| listed["id"] == channel.as_str()).unwrap();
    assert_eq!(here["unread_count"], 0, "answers in threads are not new in the channel");
}

#[tokio::test]
async fn following_is_ones_own_word() {
    let (ann, bob, channel, root) = question().await;
    let cyd = Person::register("Cyd").await;
    cyd.join(&channel).await;
    let (mut his, mut hers) = (bob.socket().await, cyd.socket().await);
    let path = format!("/v1/messages/{root}/follow");
    answer(&bob, &channel, &root, "no", false).await;
    bob.delete(&path).await.expect(200);
    assert_eq!(his.event("thread_unfollowed").await["id"], json!(root));
    cyd.put(&path, json!({})).await.expect(200);
    let followed = hers.event("thread_followed").await;
    assert_eq!((&followed["id"], &followed["user"]), (&json!(root), &json!(cyd.id)));
    let last = answer(&ann, &channel, &root, "well", false).await["position"].clone();
    assert!(threads(&bob, &last).await.is_empty());
    assert_eq!(threads(&cyd, &last).await[0]["unread_count"], 1, "what stood there before is not new");
    let place = bob.get(&format!("/v1/messages/{root}/thread")).await.expect(200);
    assert_eq!(place["following"], false);
    let heard = his.rest(Duration::from_millis(300)).await;
    let private = heard.iter().any(|frame| frame["event"]["type"] == "thread_followed");
    assert!(!private, "whom somebody else follows is her own business: {heard:?}");
}

#[tokio::test]
async fn a_thread_of_a_place_one_has_no_business_in_is_not_there() {
    let (ann, bob, eve) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Eve").await);
    let direct = ann.direct(&bob).await;
    let root = text(&ann.say(&direct, "psst").await["id"]);
    answer(&bob, &direct, &root, "what?", false).await;
    assert_eq!(eve.get(&format!("/v1/messages/{root}/thread")).await.problem(404), "not_found");
    assert_eq!(eve.put(&format!("/v1/messages/{root}/follow"), json!({})).await.problem(404), "thread_not_found");
}

#[tokio::test]
async fn an_answer_is_sent_to_the_channel_too_over_the_socket() {
    let (ann, bob, channel, root) = question().await;
    let (mut hers, mut his) = (ann.socket().await, bob.socket().await);
    let id = Uuid::now_v7().to_string();
    let send = json!({ "type": "send", "id": id, "conversation": channel, "text": "both", "thread": root,
        "in_channel": true });
    hers.send(send).await;
    assert_eq!(hers.answer(&id).await["type"], "ack");
    assert_eq!(his.message("both").await["in_channel"], true);
}

#[tokio::test]
async fn a_thread_is_read_over_the_socket_and_a_new_answer_reaches_who_follows() {
    let (ann, bob, channel, root) = question().await;
    let eve = Person::register("Eve").await;
    let (mut hers, mut other) = (ann.socket().await, ann.again().await.socket().await);
    let last = answer(&bob, &channel, &root, "no", false).await["position"].clone();
    assert_eq!(hers.message("no").await["thread"], json!(root), "whose question it is follows it, and hears of it");
    assert_eq!(threads(&ann, &last).await[0]["unread_count"], 1);
    let read =
        |id: &str| json!({ "type": "read", "id": id, "conversation": channel, "thread": root, "position": last });
    hers.send(read("r")).await;
    let ack = hers.answer("r").await;
    assert_eq!(ack["type"], "ack", "{ack}");
    let told = other.event("thread_read_up_to").await;
    assert_eq!((&told["id"], &told["read_position"]), (&json!(root), &last));
    assert_eq!(threads(&ann, &ack["position"]).await[0]["unread_count"], 0);
    let mut stranger = eve.socket().await;
    stranger.send(read("e")).await;
    assert_eq!(stranger.answer("e").await["problem"]["code"], "thread_not_found");
}

/// Every `thread_followed` that is still to be heard, by the thread's id.
async fn begun(socket: &mut Socket) -> Vec<Value> {
    let heard = socket.rest(Duration::from_millis(300)).await;
    let events = heard.into_iter().map(|mut frame| frame["event"].take());
    events.filter(|event| event["type"] == "thread_followed").collect()
}

#[tokio::test]
async fn who_answers_or_is_named_in_an_answer_follows_and_hears_of_it_before_the_answer() {
    let (ann, bob, channel, root) = question().await;
    let (cyd, dan, eve) = (Person::register("Cyd").await, Person::register("Dan").await, Person::register("Eve").await);
    cyd.join(&channel).await;
    dan.join(&channel).await;
    let (mut his, mut hers, mut dans) = (bob.socket().await, cyd.again().await.socket().await, dan.socket().await);
    let mut stranger = eve.socket().await;
    let cursor = hers.cursor;
    answer(&ann, &channel, &root, "first", false).await;
    let text = format!("ask <@{}>, <@{}> and <@{}>", cyd.id, eve.id, Uuid::now_v7());
    let id = Uuid::now_v7().to_string();
    let send = json!({ "type": "send", "id": id, "conversation": channel, "text": text, "thread": root });
    his.send(send).await;
    let heard = his.rest(Duration::from_millis(500)).await;
    let ack = heard.iter().find(|frame| frame["type"] == "ack").expect("it was sent");
    let position = ack["position"].clone();
    let own: Vec<&Value> = heard.iter().filter(|frame| frame["event"]["type"] == "thread_followed").collect();
    assert_eq!(own.iter().map(|frame| &frame["event"]["user"]).collect::<Vec<_>>(), [&json!(bob.id)]);
    let told = hers.event("thread_followed").await;
    assert_eq!((&told["id"], &told["conversation"]), (&json!(root), &json!(channel)));
    assert_eq!((&told["user"], &told["actor"]), (&json!(cyd.id), &json!(bob.id)), "by him who named her");
    assert!(told["position"].as_u64() < position.as_u64());
    let mut back = cyd.socket_from(cursor).await;
    assert_eq!(back.event("thread_followed").await, told, "and by resume");
    assert_eq!(threads(&cyd, &position).await[0]["unread_count"], 1, "only what named her is new to her");
    let place = cyd.get(&format!("/v1/messages/{root}/thread")).await.expect(200);
    assert_eq!(place["following"], true);

    answer(&bob, &channel, &root, "more", false).await;
    assert!(begun(&mut his).await.is_empty(), "he followed already");
    assert!(begun(&mut dans).await.is_empty() && begun(&mut stranger).await.is_empty(), "it concerns nobody else");
    assert!(threads(&eve, &position).await.is_empty(), "who does not belong does not follow");
    assert!(threads(&dan, &position).await.is_empty());
    assert_eq!(threads(&bob, &position).await[0]["unread_count"], 0);
}

#[tokio::test]
async fn who_does_not_want_to_follow_does_not_until_she_is_named_or_answers_again() {
    let (ann, bob, channel, root) = question().await;
    let path = format!("/v1/messages/{root}/follow");
    let named = format!("<@{}>?", bob.id);
    answer(&ann, &channel, &root, &named, false).await;
    let last = bob.delete(&path).await.expect(200)["position"].clone();
    assert!(threads(&bob, &last).await.is_empty());
    let last = answer(&ann, &channel, &root, "anybody?", false).await["position"].clone();
    assert!(threads(&bob, &last).await.is_empty(), "his word counts");
    let last = answer(&ann, &channel, &root, &named, false).await["position"].clone();
    assert_eq!(threads(&bob, &last).await[0]["unread_count"], 1, "named again, and what came meanwhile is not new");

    bob.delete(&path).await.expect(200);
    let send = json!({ "id": Uuid::now_v7(), "text": "here", "thread": root });
    let messages = format!("/v1/conversations/{channel}/messages");
    let first = bob.post(&messages, send.clone()).await.expect(201);
    assert_eq!(threads(&bob, &first["position"]).await.len(), 1, "he answered");
    let last = bob.delete(&path).await.expect(200)["position"].clone();
    let again = bob.post(&messages, send).await;
    assert!(matches!(again.status, 200 | 201) && again.body == first, "{again:?}");
    assert!(threads(&bob, &last).await.is_empty(), "a repeat is nothing that he says anew");
    let reply = answer(&ann, &channel, &root, "well", false).await;
    let why = format!("/v1/messages/{}/notifications", reply["id"].as_str().unwrap());
    assert_eq!(bob.get_at(&why, &reply["position"]).await.expect(200)["outcome"], "not_addressed");
}

#[tokio::test]
async fn who_follows_since_she_was_named_is_notified_of_the_next_answer() {
    let (ann, bob, channel, root) = question().await;
    answer(&ann, &channel, &root, &format!("<@{}>?", bob.id), false).await;
    let mut his = bob.socket().await;
    let next = answer(&ann, &channel, &root, "no?", false).await;
    let of_it = |frame: &Value| frame["event"]["type"] == "notified" && frame["event"]["id"] == next["id"];
    let told = his.until("the next answer", of_it).await["event"].clone();
    let why = format!("/v1/messages/{}/notifications", next["id"].as_str().unwrap());
    assert_eq!(bob.get_at(&why, &told["position"]).await.expect(200)["reason"], "thread_reply");
}

#[tokio::test]
async fn an_answer_is_marked_unread_in_its_thread_on_all_devices_and_nobody_else_knows() {
    let (ann, bob, channel, root) = question().await;
    let mut answers = Vec::new();
    for n in 0..3 {
        answers.push(answer(&bob, &channel, &root, &format!("a{n}"), false).await);
    }
    let last = answers[2]["position"].clone();
    let path = format!("/v1/messages/{root}/thread/read");
    ann.put(&path, json!({ "position": last })).await.expect(200);
    let (mut hers, mut his) = (ann.again().await.socket().await, bob.socket().await);
    let unread_from = format!("/v1/messages/{}/unread", answers[1]["id"].as_str().unwrap());
    let marked = ann.put(&unread_from, json!({})).await.expect(200)["position"].clone();
    let told = hers.event("thread_marked_unread").await;
    let before = json!(answers[1]["position"].as_u64().unwrap() - 1);
    assert_eq!((&told["id"], &told["read_position"], &told["position"]), (&json!(root), &before, &marked));
    let thread = &threads(&ann, &marked).await[0];
    assert_eq!((&thread["unread_count"], &thread["read_position"]), (&json!(2), &before));
    let place = ann.get_at(&format!("/v1/messages/{root}/thread"), &marked).await.expect(200);
    assert_eq!(place["read_position"], before);
    assert_eq!(ann.put(&unread_from, json!({})).await.expect(200)["position"], marked, "it is so already");

    let late = json!({ "position": last, "known": last });
    assert_eq!(ann.put(&path, late).await.expect(200)["position"], marked, "a report from before changes nothing");
    let all = ann.put("/v1/inbox/read", json!({ "position": last })).await.expect(200)["position"].clone();
    assert_eq!(threads(&ann, &all).await[0]["unread_count"], 2, "nor does everything before the mark");
    hers.send(json!({ "type": "read", "id": "r", "conversation": channel, "thread": root, "position": last,
        "known": last }))
        .await;
    assert_eq!(hers.answer("r").await["position"], marked);
    let heard = json!({ "position": last, "known": marked });
    let read = ann.put(&path, heard).await.expect(200)["position"].clone();
    assert_eq!(threads(&ann, &read).await[0]["unread_count"], 0);

    let both = answer(&bob, &channel, &root, "for all", true).await;
    let read = json!({ "position": both["position"] });
    ann.put(&format!("/v1/conversations/{channel}/read"), read).await.expect(200);
    let unread_from = format!("/v1/messages/{}/unread", both["id"].as_str().unwrap());
    ann.put(&unread_from, json!({})).await.expect(200);
    assert_eq!(hers.event("marked_unread").await["conversation"], json!(channel), "in the list, that is marked");
    let heard = his.rest(Duration::from_millis(300)).await;
    let leaked = heard.iter().any(|frame| frame["event"]["type"].as_str().is_some_and(|kind| kind.ends_with("unread")));
    assert!(!leaked, "that she comes back to it is her own business: {heard:?}");
}
