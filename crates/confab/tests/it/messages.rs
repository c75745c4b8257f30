//! Saying something exactly once, and reading it back.

use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::rig::{Person, text, texts};

#[tokio::test]
async fn a05_a06_b10_b11_d11_history_pages_by_position_both_ways() {
    let ann = Person::register("Ann").await;
    let channel = ann.channel().await;
    let mut last = json!(0);
    for n in 0..25 {
        last = ann.say(&channel, &format!("m{n}")).await["position"].clone();
    }
    let newest = ann.messages_at(&channel, "?limit=10", &last).await;
    assert_eq!(texts(&newest), (15..25).map(|n| format!("m{n}")).collect::<Vec<_>>());
    assert!(newest.get("after").is_none_or(serde_json::Value::is_null), "nothing is newer: {newest}");
    let older = ann.messages_at(&channel, &format!("?limit=10&before={}", newest["before"]), &last).await;
    assert_eq!(texts(&older), (5..15).map(|n| format!("m{n}")).collect::<Vec<_>>());
    let oldest = ann.messages_at(&channel, &format!("?limit=10&before={}", older["before"]), &last).await;
    assert_eq!(texts(&oldest), (0..5).map(|n| format!("m{n}")).collect::<Vec<_>>());
    assert!(oldest.get("before").is_none_or(serde_json::Value::is_null), "nothing is older: {oldest}");
    let forward = ann.messages_at(&channel, &format!("?limit=10&after={}", oldest["after"]), &last).await;
    assert_eq!(texts(&forward), texts(&older));
    let around =
        ann.messages_at(&channel, &format!("?limit=5&around={}", forward["items"][4]["position"]), &last).await;
    assert!(texts(&around).contains(&"m9".to_owned()), "{around}");
}

#[tokio::test]
async fn the_same_send_is_one_message_however_often_it_comes() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let direct = ann.direct(&bob).await;
    let tab = ann.again().await;
    let id = Uuid::now_v7();
    let sends = (0..30).map(|n| if n % 2 == 0 { &ann } else { &tab }).map(|who| who.send_as(id, &direct, "once"));
    let answers = join_all(sends).await;
    let positions: Vec<_> = answers.iter().map(|answer| answer.body["position"].clone()).collect();
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 201), "{answers:?}");
    assert!(positions.iter().all(|position| *position == positions[0]), "{positions:?}");
    let marker = ann.say(&direct, "marker").await;
    let page = bob.messages_at(&direct, "", &marker["position"]).await;
    assert_eq!(texts(&page), ["once", "marker"]);
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (direct, notes) = (ann.direct(&bob).await, ann.direct(&ann).await);
    let id = Uuid::now_v7();
    ann.send_as(id, &direct, "mine").await.expect(201);
    assert_eq!(ann.send_as(id, &direct, "other text").await.problem(409), "message_id_taken");
    assert_eq!(ann.send_as(id, &notes, "mine").await.problem(409), "message_id_taken");
    assert_eq!(bob.send_as(id, &direct, "mine").await.problem(409), "message_id_taken");
}

#[tokio::test]
async fn a_write_answers_with_a_position_that_a_read_can_wait_for() {
    let ann = Person::register("Ann").await;
    let notes = ann.direct(&ann).await;
    for n in 0..10 {
        let answer = ann.send_as(Uuid::now_v7(), &notes, &format!("n{n}")).await;
        let header = answer.headers["confab-position"].to_str().unwrap().to_owned();
        let body = answer.expect(201);
        assert_eq!(header, body["position"].to_string());
        let page = ann.messages_at(&notes, "?limit=1", &body["position"]).await;
        assert_eq!(texts(&page), [format!("n{n}")]);
    }
}

#[tokio::test]
async fn a_position_that_was_never_reached_is_answered_in_time() {
    let ann = Person::register("Ann").await;
    let start = std::time::Instant::now();
    let answer = ann.get_at("/v1/conversations", &json!(9_000_000_000_000_000_u64)).await;
    assert!(answer.headers.contains_key("retry-after"));
    assert_eq!(answer.problem(503), "views_behind");
    assert!(start.elapsed().as_secs_f64() < 4.0, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_single_message_is_read_by_its_id() {
    let (ann, eve) = (Person::register("Ann").await, Person::register("Eve").await);
    let notes = ann.direct(&ann).await;
    let said = ann.say(&notes, "*not* `markup` <b>here</b> {{x}} $where 🌳").await;
    let path = format!("/v1/messages/{}", text(&said["id"]));
    let message = ann.get_at(&path, &said["position"]).await.expect(200);
    assert_eq!(message["text"], "*not* `markup` <b>here</b> {{x}} $where 🌳");
    assert_eq!((&message["position"], &message["author"]), (&said["position"], &json!(ann.id)));
    assert_eq!(
        (&message["reactions"], &message["files"], &message["reply_count"]),
        (&json!([]), &json!([]), &json!(0))
    );
    let hidden = eve.get_at(&path, &said["position"]).await.problem(404);
    let missing = eve.get(&format!("/v1/messages/{}", Uuid::now_v7())).await.problem(404);
    assert_eq!(hidden, missing, "hidden and missing look the same");
}

#[tokio::test]
async fn a_public_channel_is_read_but_not_written_by_those_outside() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    let said = ann.say(&channel, "open to all").await;
    assert_eq!(texts(&bob.messages_at(&channel, "", &said["position"]).await), ["open to all"]);
    assert_eq!(bob.send_as(Uuid::now_v7(), &channel, "hi").await.problem(404), "conversation_not_found");
}

#[tokio::test]
async fn nobody_is_asked_what_changed_when_head_is_enough() {
    let ann = Person::register("Ann").await;
    let head = crate::rig::send(ann.request(Method::HEAD, "/v1/users/me")).await;
    assert_eq!(head.status, 200);
}
