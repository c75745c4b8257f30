//! `users`, `users/me`, `users/{user}`.

use std::num::NonZeroU32;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::api::Api;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a01_everybody_is_listed_page_by_page_without_anything_private() {
    let api = Api::new().await;
    let mut people = Vec::new();
    for name in ["Ann", "Bob", "Cyd", "Dee", "Eve"] {
        people.push(json!(api.world.person(name).await));
    }
    let ann = serde_json::from_value(people[0].clone()).unwrap();
    let first = api.get(ann, "/v1/users?limit=2").await;
    assert_eq!(first.each("id"), people[..2]);
    assert_eq!(first.items()[0]["presence"], "active");
    let second = api.get(ann, &format!("/v1/users?limit=2&after={}", first.body["after"].as_str().unwrap())).await;
    let third = api.get(ann, &format!("/v1/users?limit=2&after={}", second.body["after"].as_str().unwrap())).await;
    assert_eq!((second.each("id"), third.each("id")), (people[2..4].to_vec(), people[4..].to_vec()));
    assert!(third.body.get("after").is_none(), "there is no page after the last one");
    assert!(!first.body.to_string().contains("x.org"), "an address was shown to everybody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_her_own_address_and_nobody_elses() {
    let api = Api::new().await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    let me = api.get(ann, "/v1/users/me").await;
    assert_eq!((me.status, &me.body["name"], &me.body["email"]), (200, &json!("Ann"), &json!("ann@x.org")));
    let other = api.get(ann, &format!("/v1/users/{bob}")).await;
    assert_eq!((other.status, &other.body["name"], other.body.get("email")), (200, &json!("Bob"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_questions_get_their_own_answers() {
    let api = Api::new().await;
    let ann = api.world.person("Ann").await;
    for (path, problem) in [
        ("/v1/users/00000000-0000-0000-0000-000000000000", (404, "not_found")),
        ("/v1/users/..%2f..%2fetc", (404, "not_found")),
        ("/v1/users/%7B%22$ne%22:1%7D", (404, "not_found")),
        ("/v1/users?limit=0", (400, "invalid_query")),
        ("/v1/users?limit=101", (400, "invalid_query")),
        ("/v1/users?limit=x", (400, "invalid_query")),
        ("/v1/users?after=x", (400, "invalid_query")),
        ("/v1/users?role=owner", (400, "invalid_query")),
        ("/v1/users?after[$ne]=1", (400, "invalid_query")),
    ] {
        assert_eq!(api.get(ann, path).await.problem(), problem, "{path}");
    }
    let nobody = Request::get("/v1/users").body(Body::empty()).unwrap();
    assert_eq!(api.ask(nobody).await.problem(), (401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_too_much_has_to_wait_and_nobody_else() {
    let api = Api::paced(World::new().await, NonZeroU32::new(2).unwrap()).await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    for _ in 0..2 {
        assert_eq!(api.get(ann, "/v1/users/me").await.status, 200);
    }
    let refused = api.get(ann, "/v1/users/me").await;
    assert_eq!(refused.problem(), (429, "too_many_requests"));
    assert!(refused.retry_after.is_some());
    assert_eq!(api.get(bob, "/v1/users/me").await.status, 200);
}
