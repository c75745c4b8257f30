//! Other names of routes: they do what those do, and answer as those do.

use serde_json::json;
use uuid::Uuid;

use crate::rig::{Person, text, texts};

#[tokio::test]
async fn e14_messages_are_sent_to_and_got_from_a_contact_or_a_group() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let mut socket = bob.socket().await;
    let send = json!({ "user": bob.id, "id": Uuid::now_v7(), "text": "hello, contact" });
    let sent = ann.post("/v1/send-message", send.clone()).await.expect(201);
    let heard = socket.message("hello, contact").await;
    assert_eq!((&heard["id"], &heard["conversation"]), (&sent["id"], &json!(ann.direct(&bob).await)));
    assert!(matches!(ann.post("/v1/send-message", send).await.status, 200 | 201), "once, as everywhere");
    let got = bob.get_at(&format!("/v1/get-messages?user={}", ann.id), &sent["position"]).await.expect(200);
    assert_eq!(texts(&got), ["hello, contact"]);

    let channel = ann.channel().await;
    for n in 0..3 {
        let send = json!({ "conversation": channel, "id": Uuid::now_v7(), "text": format!("m{n}") });
        ann.post("/v1/send-message", send).await.expect(201);
    }
    let path = format!("/v1/get-messages?conversation={channel}&limit=2");
    let last = ann.say(&channel, "m3").await;
    let page = ann.get_at(&path, &last["position"]).await.expect(200);
    assert_eq!(texts(&page), ["m2", "m3"]);
    assert_eq!(texts(&ann.get(&format!("{path}&before={}", page["before"])).await.expect(200)), ["m0", "m1"]);

    let eve = Person::register("Eve").await;
    let private = ann.private_channel().await;
    let send = json!({ "conversation": private, "id": Uuid::now_v7(), "text": "hi" });
    assert_eq!(eve.post("/v1/send-message", send).await.problem(404), "conversation_not_found");
    assert_eq!(eve.get(&format!("/v1/get-messages?conversation={private}")).await.problem(404), "not_found");
    assert_eq!(eve.get(&format!("/v1/get-messages?user={}", Uuid::now_v7())).await.problem(404), "not_found");
    let nobody = json!({ "user": Uuid::now_v7(), "id": Uuid::now_v7(), "text": "hi" });
    assert_eq!(eve.post("/v1/send-message", nobody).await.problem(404), "user_not_found");
    for (whom, status) in [(json!({}), 422), (json!({ "user": ann.id, "conversation": channel }), 422)] {
        let mut send = json!({ "id": Uuid::now_v7(), "text": "hi" });
        send.as_object_mut().unwrap().extend(whom.as_object().unwrap().clone());
        assert_eq!(eve.post("/v1/send-message", send).await.problem(status), "invalid_fields");
    }
    for query in [String::new(), format!("?user={}&conversation={channel}", ann.id), "?user=x".to_owned()] {
        assert_eq!(eve.get(&format!("/v1/get-messages{query}")).await.problem(400), "invalid_query");
    }
}

#[tokio::test]
async fn e15_groups_are_created_joined_and_left() {
    let (ann, bob, cid) = (Person::register("Ann").await, Person::register("Bob").await, Person::register("Cid").await);
    let mut socket = bob.socket().await;
    let members = json!({ "members": [bob.id, cid.id] });
    let group = text(&ann.post("/v1/create-group", members.clone()).await.expect(201)["id"]);
    assert_eq!(socket.event("group_created").await["conversation"]["id"], json!(group));
    assert_eq!(ann.post("/v1/create-group", members).await.expect(200)["id"], json!(group));
    let channel = ann.channel().await;
    let here = json!({ "conversation": channel });
    bob.post("/v1/join-group", here.clone()).await.expect(200);
    bob.say(&channel, "I am in").await;
    bob.post("/v1/leave-group", here.clone()).await.expect(200);
    let refused = bob.send_as(Uuid::now_v7(), &channel, "still?").await;
    assert_eq!(refused.problem(404), "conversation_not_found");
    let stays = json!({ "conversation": group });
    assert_eq!(bob.post("/v1/leave-group", stays).await.problem(409), "not_a_channel");
    let private = json!({ "conversation": ann.private_channel().await });
    assert_eq!(bob.post("/v1/join-group", private).await.problem(404), "conversation_not_found");
    assert_eq!(bob.post("/v1/join-group", json!({})).await.problem(422), "invalid_fields");
}

#[tokio::test]
async fn a_profile_is_got_of_oneself_and_of_others() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let own = ann.get("/v1/get-profile").await.expect(200);
    assert_eq!(own, ann.get(&format!("/v1/users/{}", ann.id)).await.expect(200));
    let other = ann.get(&format!("/v1/get-profile?user={}", bob.id)).await.expect(200);
    assert_eq!((&other["id"], other.get("email")), (&json!(bob.id), None));
    assert_eq!(ann.get(&format!("/v1/get-profile?user={}", Uuid::now_v7())).await.problem(404), "not_found");
}
