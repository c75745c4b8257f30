//! `conversations/{conversation}/messages`, `messages/{message}`.

use events::{ConversationId, MessageEvent, MessageId, PinsEvent, StreamName, UserId, Visibility};
use serde_json::{Value, json};

use crate::api::{Answer, Api};

async fn talk(api: &Api, count: usize) -> (UserId, ConversationId, Vec<Value>) {
    let ann = api.world.person("Ann").await;
    let lunch = api.world.channel("lunch", Visibility::Public, ann).await;
    let mut positions = Vec::new();
    for n in 0..count {
        positions.push(json!(api.world.say(lunch, ann, &n.to_string(), None).await.1));
    }
    (ann, lunch, positions)
}

fn shown(answer: &Answer) -> (Vec<Value>, Option<Value>, Option<Value>) {
    (answer.each("position"), answer.body.get("before").cloned(), answer.body.get("after").cloned())
}

#[tokio::test(flavor = "multi_thread")]
async fn d08_pages_are_oldest_first_and_name_only_neighbours_that_exist() {
    let api = Api::new().await;
    let (ann, lunch, p) = talk(&api, 7).await;
    let page = async |query: String| shown(&api.get(ann, &format!("/v1/conversations/{lunch}/messages{query}")).await);
    assert_eq!(page("?limit=3".to_owned()).await, (p[4..].to_vec(), Some(p[4].clone()), None));
    assert_eq!(page("?limit=7".to_owned()).await, (p.clone(), None, None));
    let middle = page(format!("?limit=3&before={}", p[4])).await;
    assert_eq!(middle, (p[1..4].to_vec(), Some(p[1].clone()), Some(p[3].clone())));
    assert_eq!(page(format!("?limit=3&before={}", p[1])).await, (p[..1].to_vec(), None, Some(p[0].clone())));
    assert_eq!(page(format!("?limit=3&after={}", p[4])).await, (p[5..].to_vec(), Some(p[5].clone()), None));
    assert_eq!(page("?limit=2&after=0".to_owned()).await, (p[..2].to_vec(), None, Some(p[1].clone())));
    let around = page(format!("?limit=4&around={}", p[3])).await;
    assert_eq!(around, (p[1..5].to_vec(), Some(p[1].clone()), Some(p[4].clone())));
    assert_eq!(page(format!("?limit=3&after={}", p[6])).await.0, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn walking_the_pages_meets_every_message_once() {
    let api = Api::new().await;
    let (ann, lunch, positions) = talk(&api, 23).await;
    let path = format!("/v1/conversations/{lunch}/messages?limit=5");
    let mut walked: Vec<Value> = Vec::new();
    let mut page = shown(&api.get(ann, &path).await);
    loop {
        walked.splice(0..0, page.0.clone());
        let Some(before) = page.1 else { break };
        page = shown(&api.get(ann, &format!("{path}&before={before}")).await);
    }
    assert_eq!(walked, positions);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_in_threads_stand_beside_the_timeline() {
    let api = Api::new().await;
    let (ann, lunch, _) = talk(&api, 1).await;
    let (first, _) = api.world.say(lunch, ann, "question", None).await;
    let (answer, _) = api.world.say(lunch, ann, "answer", Some(first)).await;
    let timeline = api.get(ann, &format!("/v1/conversations/{lunch}/messages")).await;
    assert_eq!(timeline.each("text"), [json!("0"), json!("question")]);
    assert_eq!(timeline.each("reply_count"), [json!(0), json!(1)]);
    let found = api.get(ann, &format!("/v1/messages/{answer}")).await;
    assert_eq!((found.status, &found.body["thread"]), (200, &json!(first)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a05_a_message_is_what_was_sent() {
    let api = Api::new().await;
    let (ann, lunch, _) = talk(&api, 0).await;
    let text = "a\nb\t„ü“ 👩‍👩‍👧 {\"$ne\": 1} <script> \u{0}";
    let (message, position) = api.world.say(lunch, ann, text, None).await;
    let found = api.get(ann, &format!("/v1/messages/{message}")).await;
    assert_eq!(found.status, 200);
    let expected = json!({ "id": message, "conversation": lunch, "author": ann, "position": position, "text": text,
        "posted_at": found.body["posted_at"], "reply_count": 0, "reactions": [], "files": [],
        "permalink": format!("/archives/{lunch}/p{position}") });
    assert_eq!(found.body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_message_said_before_is_read_until_it_is_deleted() {
    let api = Api::new().await;
    let (ann, lunch, _) = talk(&api, 0).await;
    let (message, _) = api.world.say(lunch, ann, "helo", None).await;
    let (path, stream) = (format!("/v1/messages/{message}/history"), StreamName::message(message));
    assert_eq!(api.get(ann, &path).await.each("text"), [json!("helo")]);
    let edited = MessageEvent::MessageEdited { conversation: lunch, text: "hello".to_owned(), mentions: vec![] };
    api.world.append(stream.clone(), edited).await;
    assert_eq!(api.get(ann, &path).await.each("text"), [json!("helo"), json!("hello")]);
    let shown = api.get(ann, &format!("/v1/messages/{message}")).await;
    assert!(shown.body["edited_at"].is_string() && !shown.body.to_string().contains("helo\""), "{shown:?}");
    api.world.append(stream, MessageEvent::MessageDeleted { conversation: lunch }).await;
    assert!(api.get(ann, &path).await.items().is_empty());
    for path in [format!("/v1/messages/{message}"), format!("/v1/conversations/{lunch}/messages")] {
        let body = api.get(ann, &path).await.body.to_string();
        assert!(body.contains("\"deleted\":true") && !body.contains("hel"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_are_listed_newest_first_without_what_is_gone() {
    let api = Api::new().await;
    let (ann, lunch, _) = talk(&api, 0).await;
    let mut messages = Vec::new();
    for text in ["a", "b", "c", "d"] {
        let (message, _) = api.world.say(lunch, ann, text, None).await;
        api.world.append(StreamName::pins(lunch), PinsEvent::PinAdded { message, by: ann }).await;
        messages.push(message);
    }
    let removed = PinsEvent::PinRemoved { message: messages[1], by: ann };
    api.world.append(StreamName::pins(lunch), removed).await;
    api.world.append(StreamName::message(messages[2]), MessageEvent::MessageDeleted { conversation: lunch }).await;
    let pins = api.get(ann, &format!("/v1/conversations/{lunch}/pins")).await;
    assert_eq!(pins.each("text"), [json!("d"), json!("a")]);
    assert_eq!(pins.items()[0]["pinned"]["by"], json!(ann));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_windows_are_refused() {
    let api = Api::new().await;
    let (ann, lunch, _) = talk(&api, 1).await;
    for query in ["?before=1&after=1", "?limit=0", "?limit=101", "?before=-1", "?before=x", "?around[$gt]=1", "?x=1"] {
        let answer = api.get(ann, &format!("/v1/conversations/{lunch}/messages{query}")).await;
        assert_eq!(answer.problem(), (400, "invalid_query"), "{query}");
    }
    let far = api.get(ann, &format!("/v1/conversations/{lunch}/messages?after={}", u64::MAX)).await;
    assert_eq!((far.status, far.items().len()), (200, 0));
    let nothing = MessageId::new(uuid::Uuid::nil());
    assert_eq!(api.get(ann, &format!("/v1/messages/{nothing}")).await.problem(), (404, "not_found"));
}
