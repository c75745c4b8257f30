//! Signing in, refreshing, signing out, and the list of devices.

use std::time::Duration;

use serde_json::{Value, json};

use crate::requests::Answer;
use crate::world::{Person, World};

async fn refresh(world: &World, token: &str) -> Answer {
    world.post("/v1/auth/refresh").body(json!({ "refresh_token": token })).send().await
}

fn status_and_code(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.code())
}

#[tokio::test]
async fn a10_an_unknown_account_and_a_wrong_password_get_the_same_answer() {
    let world = World::new().await;
    world.person("ann").await;
    let mut bodies = Vec::new();
    for (identifier, password) in [
        ("ann@example.org", "wrong horse"),
        ("bob@example.org", "correct horse"),
        ("+31612345678", "correct horse"),
        ("no identifier at all", "correct horse"),
        ("ann@example.org", &"x".repeat(1_000)),
    ] {
        let body = json!({ "identifier": identifier, "password": password });
        let mut answer = world.post("/v1/auth/login").body(body).refused(401, "invalid_credentials").await;
        answer.body["request_id"] = Value::Null;
        bodies.push(answer.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
}

#[tokio::test]
async fn a16_a_refresh_token_is_good_once_and_brings_the_next() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let second = refresh(&world, &ann.refresh).await;
    assert_eq!((second.status, second.text("/user/id")), (200, ann.id.clone()));
    assert_ne!(second.text("/refresh_token"), ann.refresh);
    // The very first one, within ten seconds: another tab was faster, nobody stole anything.
    assert_eq!(status_and_code(&refresh(&world, &ann.refresh).await), (409, "refresh_superseded"));
    let third = refresh(&world, &second.text("/refresh_token")).await;
    assert_eq!(third.status, 200);
    assert_eq!(world.get("/v1/sessions").token(&third.text("/access_token")).send().await.status, 200);
}

#[tokio::test]
async fn a16_an_old_refresh_token_ends_the_session() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let second = refresh(&world, &ann.refresh).await.text("/refresh_token");
    let third = refresh(&world, &second).await.text("/refresh_token");
    assert_eq!(status_and_code(&refresh(&world, &ann.refresh).await), (401, "refresh_reused"));
    for token in [&ann.refresh, &second, &third] {
        assert_eq!(status_and_code(&refresh(&world, token).await), (401, "session_expired"));
    }
}

#[tokio::test]
async fn of_two_parallel_refreshes_one_wins_and_the_session_lives() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (one, two) = tokio::join!(refresh(&world, &ann.refresh), refresh(&world, &ann.refresh));
    let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
    assert_eq!((won.status, status_and_code(&lost)), (200, (409, "refresh_superseded")));
    assert_eq!(refresh(&world, &won.text("/refresh_token")).await.status, 200);
}

#[tokio::test]
async fn tokens_of_nobody_refresh_nothing() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let (ann_session, bob_session) = (ann.refresh.split_once('.').unwrap(), bob.refresh.split_once('.').unwrap());
    let swapped = format!("{}.{}", ann_session.0, bob_session.1);
    let nobody = format!("{}.{}", uuid::Uuid::now_v7(), ann_session.1);
    for token in ["", "x", ann.access.as_str(), swapped.as_str(), nobody.as_str()] {
        assert_eq!(status_and_code(&refresh(&world, token).await), (401, "session_expired"), "{token}");
    }
    assert_eq!(refresh(&world, &ann.refresh).await.status, 200, "guessing ended nobody's session");
    world.post("/v1/auth/refresh").refused(401, "session_expired").await;
}

#[tokio::test]
async fn a_browser_keeps_its_refresh_token_where_no_script_can_read_it() {
    let world = World::new().await;
    world.person("ann").await;
    let body = json!({ "identifier": "ann@example.org", "password": "correct horse" });
    let signed_in = world.post("/v1/auth/login").header("confab-client", "web").body(body).send().await;
    assert_eq!(signed_in.body.get("refresh_token"), None);
    let cookie = signed_in.cookie().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap().to_owned();
    let with_cookie = |path: &str| world.post(path).header("cookie", &pair);
    with_cookie("/v1/auth/refresh").refused(401, "session_expired").await;
    let refreshed = with_cookie("/v1/auth/refresh").header("confab-client", "web").send().await;
    assert_eq!(refreshed.status, 200);
    let newest = refreshed.cookie().unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(newest, pair);
    let out = world.post("/v1/auth/logout").header("cookie", &newest).header("confab-client", "web").send().await;
    assert_eq!(out.status, 204);
    assert!(out.cookie().unwrap().contains("Max-Age=0"), "{out:?}");
    let late = world.post("/v1/auth/refresh").header("cookie", &newest).header("confab-client", "web");
    late.refused(401, "session_expired").await;
}

#[tokio::test]
async fn whoever_signs_out_is_out_and_may_say_so_again() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    for _ in 0..2 {
        let body = json!({ "refresh_token": ann.refresh });
        assert_eq!(world.post("/v1/auth/logout").body(body).send().await.status, 204);
    }
    assert_eq!(status_and_code(&refresh(&world, &ann.refresh).await), (401, "session_expired"));
    world.post("/v1/auth/logout").refused(401, "unauthenticated").await;
}

async fn sign_in(world: &World, name: &str) -> Answer {
    let body = json!({ "identifier": format!("{name}@example.org"), "password": "correct horse" });
    world.post("/v1/auth/login").header("user-agent", "Notebook").body(body).send().await
}

#[tokio::test]
async fn ones_own_devices_are_listed_and_signed_out_one_by_one() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let notebook = sign_in(&world, "ann").await;
    let list = || world.get("/v1/sessions").by(&ann);
    let position = notebook.position().to_string();
    let listed = list().header("confab-min-position", &position).send().await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
    assert_eq!(listed.text("/items/0/user_agent"), "Notebook");
    assert_eq!(
        (&listed.body["items"][0]["current"], &listed.body["items"][1]["current"]),
        (&json!(false), &json!(true))
    );
    let path = format!("/v1/sessions/{}", listed.text("/items/0/id"));
    let revoked = world.delete(&path).by(&ann).send().await;
    assert_eq!(revoked.status, 204);
    let listed = list().header("confab-min-position", &revoked.position().to_string()).send().await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    let token = notebook.text("/refresh_token");
    assert_eq!(status_and_code(&refresh(&world, &token).await), (401, "session_expired"));
}

#[tokio::test]
async fn another_persons_session_is_not_there() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let session = ann.refresh.split_once('.').unwrap().0;
    world.delete(&format!("/v1/sessions/{session}")).by(&bob).refused(404, "not_found").await;
    world.delete(&format!("/v1/sessions/{}", uuid::Uuid::now_v7())).by(&bob).refused(404, "not_found").await;
    world.delete("/v1/sessions/../x").by(&bob).refused(404, "not_found").await;
    assert_eq!(refresh(&world, &ann.refresh).await.status, 200);
}

#[tokio::test]
async fn a_reader_who_is_ahead_of_the_list_is_told_to_wait() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let started = std::time::Instant::now();
    let ask = world.get("/v1/sessions").by(&ann).header("confab-min-position", "9007199254740991");
    let answer = ask.refused(503, "views_behind").await;
    assert!(answer.headers.contains_key("retry-after"));
    assert!(started.elapsed() < Duration::from_secs(4));
    world.get("/v1/sessions").by(&ann).header("confab-min-position", "soon").refused(400, "invalid_min_position").await;
}

#[tokio::test]
async fn c08_a_token_says_who_one_is_wherever_one_registered() {
    let world = World::new().await;
    let people: Vec<Person> = vec![world.person("ann").await, world.person("bob").await];
    for person in people {
        let body = json!({ "kind": "direct", "user": person.id });
        assert_eq!(world.post("/v1/conversations").by(&person).body(body).send().await.status, 201);
    }
}
