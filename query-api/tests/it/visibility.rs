//! What is hidden does not exist: the same answer as for what is not there.

use events::{ConversationEvent, ConversationId, UserId, Visibility};
use serde_json::Value;
use uuid::Uuid;

use crate::api::{Answer, Api};

/// The body without the id of its request.
fn words(mut answer: Answer) -> (u16, Value) {
    answer.body.as_object_mut().unwrap().remove("request_id");
    (answer.status, answer.body)
}

/// The addresses under which a conversation could show.
fn addresses(conversation: ConversationId, message: &str) -> Vec<String> {
    vec![
        format!("/v1/conversations/{conversation}"),
        format!("/v1/conversations/{conversation}/members"),
        format!("/v1/conversations/{conversation}/mentions"),
        format!("/v1/conversations/{conversation}/messages"),
        format!("/v1/conversations/{conversation}/pins"),
        format!("/v1/messages/{message}"),
        format!("/v1/messages/{message}/history"),
        format!("/v1/messages/{message}/thread"),
    ]
}

async fn is_hidden_from(api: &Api, user: UserId, conversation: ConversationId, message: &str) {
    let nowhere = addresses(ConversationId::new(Uuid::nil()), &Uuid::nil().to_string());
    for (hidden, absent) in addresses(conversation, message).into_iter().zip(nowhere) {
        let answer = words(api.get(user, &hidden).await);
        assert_eq!(answer.0, 404, "{hidden}");
        assert_eq!(answer, words(api.get(user, &absent).await), "{hidden}");
    }
}

async fn is_shown_to(api: &Api, user: UserId, conversation: ConversationId, message: &str) {
    for address in addresses(conversation, message) {
        assert_eq!(api.get(user, &address).await.status, 200, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_channel_exists_for_its_present_members_only() {
    let api = Api::new().await;
    let world = &api.world;
    let (ann, bob, cyd) = (world.person("Ann").await, world.person("Bob").await, world.person("Cyd").await);
    let board = world.channel("board", Visibility::Private, ann).await;
    world.settle(board, ConversationEvent::MemberAdded { user: bob, by: ann }).await;
    let message = world.say(board, ann, "between us", None).await.0.to_string();
    is_shown_to(&api, ann, board, &message).await;
    is_shown_to(&api, bob, board, &message).await;
    is_hidden_from(&api, cyd, board, &message).await;
    world.settle(board, ConversationEvent::MemberRemoved { user: bob, by: ann }).await;
    is_hidden_from(&api, bob, board, &message).await;
    assert!(api.get(bob, "/v1/conversations").await.items().is_empty());
    assert!(api.get(cyd, "/v1/channels").await.items().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_conversation_is_for_its_two_people() {
    let api = Api::new().await;
    let world = &api.world;
    let (ann, bob, cyd) = (world.person("Ann").await, world.person("Bob").await, world.person("Cyd").await);
    let direct = ConversationId::direct(&[ann, bob]);
    world.settle(direct, ConversationEvent::DirectOpened { members: vec![ann, bob], creator: ann }).await;
    let message = world.say(direct, ann, "psst", None).await.0.to_string();
    is_shown_to(&api, bob, direct, &message).await;
    is_hidden_from(&api, cyd, direct, &message).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_channel_is_open_to_strangers_until_it_is_made_private() {
    let api = Api::new().await;
    let world = &api.world;
    let (ann, cyd) = (world.person("Ann").await, world.person("Cyd").await);
    let lunch = world.channel("lunch", Visibility::Public, ann).await;
    let message = world.say(lunch, ann, "soup", None).await.0.to_string();
    is_shown_to(&api, cyd, lunch, &message).await;
    world.settle(lunch, ConversationEvent::MadePrivate {}).await;
    is_hidden_from(&api, cyd, lunch, &message).await;
}
