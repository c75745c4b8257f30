//! Whoever tries too often has to wait.

use serde_json::json;

use crate::world::{World, newcomer};

#[tokio::test]
async fn too_many_registrations_from_one_address_have_to_wait() {
    let world = World::with(&[("CONFAB_RATE_REGISTER_PER_MINUTE", "2")]).await;
    world.person("ann").await;
    world.person("bob").await;
    let answer = world.post("/v1/auth/register").body(newcomer("cid")).refused(429, "too_many_requests").await;
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn too_many_sign_ins_have_to_wait_right_or_wrong() {
    let world = World::with(&[("CONFAB_RATE_LOGIN_PER_MINUTE", "3")]).await;
    world.person("ann").await;
    let log_in = |password: &str| {
        let body = json!({ "identifier": "ann@example.org", "password": password });
        world.post("/v1/auth/login").body(body)
    };
    for _ in 0..3 {
        log_in("wrong horse").refused(401, "invalid_credentials").await;
    }
    log_in("correct horse").refused(429, "too_many_requests").await;
}

#[tokio::test]
async fn too_many_refreshes_have_to_wait() {
    let world = World::with(&[("CONFAB_RATE_REFRESH_PER_MINUTE", "1")]).await;
    let ask = || world.post("/v1/auth/refresh").body(json!({ "refresh_token": "x" }));
    ask().refused(401, "session_expired").await;
    ask().refused(429, "too_many_requests").await;
}
