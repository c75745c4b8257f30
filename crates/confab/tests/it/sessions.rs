//! Sessions: rotation, reuse, sign-out.

use reqwest::Method;
use serde_json::json;

use crate::rig::{PASSWORD, Person, post, request, send, text};

#[tokio::test]
async fn a16_a_refresh_gives_new_tokens_and_the_old_one_is_superseded() {
    let ann = Person::register("Ann").await;
    let next = post("/v1/auth/refresh", json!({ "refresh_token": ann.refresh })).await.expect(200);
    assert_ne!(text(&next["refresh_token"]), ann.refresh);
    // Two tabs may refresh at once; for a moment the loser is told to use the newer token instead of being thrown out.
    let again = post("/v1/auth/refresh", json!({ "refresh_token": ann.refresh })).await;
    assert_eq!(again.problem(409), "refresh_superseded");
    post("/v1/auth/refresh", json!({ "refresh_token": next["refresh_token"] })).await.expect(200);
}

#[tokio::test]
async fn reusing_an_older_token_ends_the_whole_family() {
    let ann = Person::register("Ann").await;
    let second = post("/v1/auth/refresh", json!({ "refresh_token": ann.refresh })).await.expect(200);
    let third = post("/v1/auth/refresh", json!({ "refresh_token": second["refresh_token"] })).await.expect(200);
    let stolen = post("/v1/auth/refresh", json!({ "refresh_token": ann.refresh })).await;
    assert_eq!(stolen.problem(401), "refresh_reused");
    let newest = post("/v1/auth/refresh", json!({ "refresh_token": third["refresh_token"] })).await;
    assert_eq!(newest.problem(401), "session_expired");
}

#[tokio::test]
async fn a_signed_out_session_refreshes_no_more() {
    let ann = Person::register("Ann").await;
    let out = post("/v1/auth/logout", json!({ "refresh_token": ann.refresh })).await;
    assert_eq!(out.status, 204);
    let refused = post("/v1/auth/refresh", json!({ "refresh_token": ann.refresh })).await;
    assert_eq!(refused.problem(401), "session_expired");
}

#[tokio::test]
async fn rubbish_is_no_refresh_token() {
    for rubbish in ["", "x", "018f0000-0000-7000-8000-000000000000.AAAA", "../../x.y"] {
        let refused = post("/v1/auth/refresh", json!({ "refresh_token": rubbish })).await;
        assert!(refused.status == 401 || refused.status == 422, "{refused:?}");
    }
}

#[tokio::test]
async fn a_browser_gets_its_refresh_token_as_a_cookie_only() {
    let ann = Person::register("Ann").await;
    let login = json!({ "identifier": ann.email, "password": PASSWORD });
    let answer = send(request(Method::POST, "/v1/auth/login").header("Confab-Client", "web").json(&login)).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let body = answer.expect(200);
    assert!(body.get("refresh_token").is_none(), "{body}");

    let pair = cookie.split(';').next().unwrap();
    let refresh = || request(Method::POST, "/v1/auth/refresh").header("Cookie", pair).json(&json!({}));
    let foreign_form = send(refresh()).await;
    assert!((400..500).contains(&foreign_form.status), "a cookie alone is not enough: {foreign_form:?}");
    send(refresh().header("Confab-Client", "web")).await.expect(200);
}

#[tokio::test]
async fn somebody_sees_and_ends_her_own_sessions_only() {
    let ann = Person::register("Ann").await;
    let phone = ann.again().await;
    let bob = Person::register("Bob").await;
    let sessions = ann.get("/v1/sessions").await.expect(200);
    let sessions = sessions["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/v1/sessions/{}", text(&other["id"]));
    assert_eq!(bob.delete(&path).await.problem(404), "not_found");
    assert_eq!(ann.delete(&path).await.status, 204);
    let refused = post("/v1/auth/refresh", json!({ "refresh_token": phone.refresh })).await;
    assert_eq!(refused.problem(401), "session_expired");
}

#[tokio::test]
async fn ending_a_session_closes_its_sockets_within_a_second() {
    let ann = Person::register("Ann").await;
    let phone = ann.again().await;
    let mut socket = phone.socket().await;
    let start = std::time::Instant::now();
    assert_eq!(post("/v1/auth/logout", json!({ "refresh_token": phone.refresh })).await.status, 204);
    assert_eq!(socket.closed().await, 4001);
    assert!(start.elapsed() < std::time::Duration::from_secs(2), "{:?}", start.elapsed());
}
