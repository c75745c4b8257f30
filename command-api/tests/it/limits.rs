//! Whoever tries too often has to wait.

use serde_json::json;
use uuid::Uuid;

use crate::sockets::{Nats, ask, token};
use crate::world::{World, general, newcomer};

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
async fn behind_a_trusted_proxy_each_client_has_its_own_sign_ins() {
    let behind = [("CONFAB_RATE_LOGIN_PER_MINUTE", "2"), ("CONFAB_TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.1")];
    let world = World::with(&behind).await;
    // Each a stranger of her own, since sign-ins are counted by identifier as well.
    let log_in = |stranger: &str, forwarded: &str| {
        let body = json!({ "identifier": format!("{stranger}@example.org"), "password": "wrong horse" });
        world.post("/v1/auth/login").header("x-forwarded-for", forwarded).body(body)
    };
    log_in("a", "203.0.113.7").refused(401, "invalid_credentials").await;
    log_in("b", "203.0.113.7, 10.0.0.1").refused(401, "invalid_credentials").await;
    log_in("c", "203.0.113.7").refused(429, "too_many_requests").await;
    log_in("d", "198.51.100.1, 203.0.113.7").refused(429, "too_many_requests").await;
    log_in("e", "203.0.113.8").refused(401, "invalid_credentials").await;
}

#[tokio::test]
async fn whom_nobody_trusts_is_one_address_whatever_it_says() {
    let world = World::with(&[("CONFAB_RATE_LOGIN_PER_MINUTE", "1"), ("CONFAB_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    let log_in = |stranger: &str, forwarded: &str| {
        let body = json!({ "identifier": format!("{stranger}@example.org"), "password": "wrong horse" });
        world.post("/v1/auth/login").header("x-forwarded-for", forwarded).body(body)
    };
    log_in("a", "203.0.113.7").refused(401, "invalid_credentials").await;
    log_in("b", "203.0.113.8").refused(429, "too_many_requests").await;
}

#[tokio::test]
async fn too_many_refreshes_have_to_wait() {
    let world = World::with(&[("CONFAB_RATE_REFRESH_PER_MINUTE", "1")]).await;
    let ask = || world.post("/v1/auth/refresh").body(json!({ "refresh_token": "x" }));
    ask().refused(401, "session_expired").await;
    ask().refused(429, "too_many_requests").await;
}

#[tokio::test]
async fn who_writes_too_much_has_to_wait_and_nobody_else() {
    let world = World::with(&[("CONFAB_RATE_WRITES_PER_MINUTE", "3")]).await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let say = |by| world.message(by, &general(), &Uuid::now_v7().to_string(), "hello");
    for _ in 0..3 {
        assert_eq!(say(&ann).send().await.status, 201);
    }
    let answer = say(&ann).refused(429, "too_many_requests").await;
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(say(&bob).send().await.status, 201);
}

/// Whichever way she writes, it is one person who writes.
#[tokio::test]
async fn sockets_and_http_are_counted_together() {
    let mut nats = Nats::port();
    nats.start();
    let world = World::with(&[("CONFAB_NATS_URL", &nats.url()), ("CONFAB_RATE_WRITES_PER_MINUTE", "2")]).await;
    let ann = world.person("ann").await;
    let client = nats.client().await;
    let say = || json!({ "id": Uuid::now_v7(), "conversation": general(), "text": "hello" });
    let answer = ask(&client, "post_message", token(&ann), &say()).await;
    assert!(answer["ok"]["position"].is_u64(), "{answer}");
    assert_eq!(world.message(&ann, &general(), &Uuid::now_v7().to_string(), "hello").send().await.status, 201);
    let answer = ask(&client, "post_message", token(&ann), &say()).await;
    assert_eq!(answer["problem"]["code"], "too_many_requests", "{answer}");
}
