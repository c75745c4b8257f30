//! Counting again is dear, so it is bounded; and it says when it cannot be done.

use event_log::{Appended, Expected, NewEvent};
use events::{ConversationId, MessageEvent, MessageId, Metadata, StreamName, UserId, Visibility};
use serde_json::json;
use uuid::Uuid;

use crate::api::{Answer, Api, RECOUNTS};

fn path(conversation: ConversationId) -> String {
    format!("/v1/conversations/{conversation}/recount")
}

#[tokio::test(flavor = "multi_thread")]
async fn u3_who_counts_again_too_often_has_to_wait_and_nobody_else() {
    let api = Api::new().await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    let lunch = api.world.channel("lunch", Visibility::Public, ann).await;
    for _ in 0..RECOUNTS {
        let found = api.get(ann, &path(lunch)).await;
        assert_eq!((found.status, &found.body["differing"]), (200, &json!([])), "{found:?}");
    }
    let refused = api.get(ann, &path(lunch)).await;
    assert_eq!(refused.problem(), (429, "too_many_requests"));
    assert!(refused.retry_after.is_some());
    assert_eq!(api.get(bob, &path(lunch)).await.status, 200);
    assert_eq!(api.get(ann, &format!("/v1/conversations/{lunch}")).await.status, 200, "reading is another matter");
}

/// Reacts and takes it back again, many times, in one append.
async fn fidget(api: &Api, conversation: ConversationId, message: MessageId, user: UserId, times: usize) {
    let event = |n: usize| {
        let emoji = "👍".to_owned();
        match n % 2 {
            0 => MessageEvent::ReactionAdded { conversation, user, emoji, author: None },
            _ => MessageEvent::ReactionRemoved { conversation, user, emoji },
        }
    };
    let events = (0..times).map(|n| {
        let id = Uuid::now_v7();
        let metadata = Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
        NewEvent { id, event: event(n), metadata }
    });
    let appended = api.world.log.append(&StreamName::message(message), Expected::Any, events.collect()).await;
    assert!(matches!(appended, Ok(Appended::At(_))), "{appended:?}");
}

/// Asks again while the views are behind, which have much to catch up with.
async fn patiently(api: &Api, user: UserId, path: &str) -> Answer {
    for _ in 0..30 {
        let answer = api.get(user, path).await;
        if answer.problem() != (503, "views_behind") {
            return answer;
        }
    }
    panic!("the views do not get there")
}

#[tokio::test(flavor = "multi_thread")]
async fn u3_a_slice_that_is_too_long_is_refused_and_what_came_last_is_counted() {
    let api = Api::new().await;
    let ann = api.world.person("Ann").await;
    let lunch = api.world.channel("lunch", Visibility::Public, ann).await;
    let (first, _) = api.world.say(lunch, ann, "soup?", None).await;
    for _ in 0..50 {
        fidget(&api, lunch, first, ann, 1_000).await;
    }
    let (_, last) = api.world.say(lunch, ann, "stew", None).await;
    assert_eq!(patiently(&api, ann, &path(lunch)).await.problem(), (409, "slice_too_long"));
    let later = patiently(&api, ann, &format!("{}?after={}", path(lunch), last.0 - 1)).await;
    assert_eq!((later.status, &later.body["counted"]["message_count"]), (200, &json!(1)), "{later:?}");
    assert_eq!((&later.body["differing"], &later.body["position"]), (&json!([]), &json!(last)));
}

#[tokio::test(flavor = "multi_thread")]
async fn u3_without_the_event_store_nothing_is_counted_and_reading_goes_on() {
    let mut api = Api::new().await;
    let ann = api.world.person("Ann").await;
    let lunch = api.world.channel("lunch", Visibility::Public, ann).await;
    assert_eq!(api.get(ann, &path(lunch)).await.status, 200);
    api.world.replace_store().await;
    let refused = api.get_after(ann, &path(lunch), None).await;
    assert_eq!(refused.problem(), (503, "event_store_unavailable"));
    assert!(refused.retry_after.is_some());
    assert_eq!(api.get_after(ann, &format!("/v1/conversations/{lunch}"), None).await.status, 200);
}
