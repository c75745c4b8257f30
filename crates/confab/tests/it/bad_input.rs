//! Bad input over HTTP: each gets its stated refusal, and the server goes on.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{PASSWORD, Person, fresh_email, post, request, send};

#[tokio::test]
async fn a_body_that_is_not_json_is_malformed() {
    for body in ["", "{", "{\"identifier\":}", "nul", "\u{0}", "{\"identifier\":\"a\",\"password\":\"b\"}}"] {
        let asked = request(Method::POST, "/v1/auth/login").header("Content-Type", "application/json").body(body);
        assert_eq!(send(asked).await.problem(400), "malformed_json", "{body:?}");
    }
    let deep = "[".repeat(50_000);
    let asked = request(Method::POST, "/v1/auth/login").header("Content-Type", "application/json").body(deep);
    assert!([400, 422].contains(&send(asked).await.status));
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let asked = request(Method::POST, "/v1/auth/login").header("Content-Type", "text/plain").body("{}");
    assert_eq!(send(asked).await.problem(415), "unsupported_media_type");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let huge = json!({ "identifier": "x".repeat(70_000), "password": PASSWORD });
    assert_eq!(post("/v1/auth/login", huge).await.problem(413), "payload_too_large");
}

#[tokio::test]
async fn wrong_missing_and_unknown_fields_are_pointed_at() {
    let good = json!({ "name": "Ann", "email": fresh_email("bad"), "password": PASSWORD });
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let table = [
        (with("name", json!("")), "/name"),
        (with("name", json!("x".repeat(81))), "/name"),
        (with("name", json!(7)), "/name"),
        (with("name", json!({ "$ne": 1 })), "/name"),
        (with("email", json!("not an address")), "/email"),
        (with("password", json!("short")), "/password"),
        (with("password", json!("x".repeat(129))), "/password"),
        (with("phone", json!("12")), "/phone"),
        (with("role", json!("owner")), ""),
        (with("__proto__", json!({})), ""),
    ];
    for (body, pointer) in table {
        let answer = post("/v1/auth/register", body.clone()).await;
        let pointers: Vec<String> = answer.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(answer.problem(422), "invalid_fields", "{body}");
        assert!(pointers.iter().any(|found| found.starts_with(pointer)), "{body}: {pointers:?}");
    }
    let nameless = json!({ "email": fresh_email("bad"), "password": PASSWORD });
    assert_eq!(post("/v1/auth/register", nameless).await.problem(422), "invalid_fields");
    let unreachable = json!({ "name": "Ann", "password": PASSWORD });
    assert_eq!(post("/v1/auth/register", unreachable).await.problem(422), "invalid_fields");
}

#[tokio::test]
async fn a_message_must_say_something_and_not_too_much() {
    let ann = Person::register("Ann").await;
    let notes = ann.direct(&ann).await;
    let refused =
        ["", "   \n\t ", "\u{200b}\u{200d}\u{feff}", "bell \u{7}", "nul \u{0}", "\u{1b}[31mred", &"x".repeat(12_001)];
    for text in refused {
        let answer = ann.send_as(Uuid::now_v7(), &notes, text).await;
        assert_eq!(answer.problem(422), "invalid_fields", "{:?}", text.chars().take(20).collect::<String>());
    }
    for text in
        ["x".repeat(12_000), "é".repeat(12_000), "line\nline\ttab".to_owned(), "👩‍👩‍👧‍👦".to_owned(), "مرحبا".to_owned()]
    {
        ann.send_as(Uuid::now_v7(), &notes, &text).await.expect(201);
    }
}

#[tokio::test]
async fn ids_that_are_none_are_simply_not_found() {
    let ann = Person::register("Ann").await;
    for id in ["x", "..%2f..%2fetc", "%00", "00000000-0000-0000-0000-000000000000", "$ne", &Uuid::now_v7().to_string()]
    {
        for path in [format!("/v1/users/{id}"), format!("/v1/conversations/{id}"), format!("/v1/messages/{id}")] {
            ann.get(&path).await.problem(404);
        }
        ann.post(&format!("/v1/conversations/{id}/join"), json!({})).await.problem(404);
        ann.delete(&format!("/v1/sessions/{id}")).await.problem(404);
    }
    let unknown = ann.post("/v1/conversations", json!({ "kind": "direct", "user": Uuid::now_v7() })).await;
    unknown.problem(404);
}

#[tokio::test]
async fn wrong_queries_are_refused() {
    let ann = Person::register("Ann").await;
    let channel = ann.channel().await;
    for query in ["limit=0", "limit=101", "limit=x", "before=-1", "nonsense=1", "before=1&after=2"] {
        let answer = ann.get(&format!("/v1/conversations/{channel}/messages?{query}")).await;
        assert!([400, 422].contains(&answer.status), "{query}: {answer:?}");
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems_too() {
    assert_eq!(send(request(Method::GET, "/v1/nothing")).await.problem(404), "not_found");
    assert_eq!(send(request(Method::PATCH, "/v1/auth/login")).await.problem(405), "method_not_allowed");
}

#[tokio::test]
async fn a30_every_problem_has_a_code_and_a_title_without_inner_words() {
    let answer = post("/v1/auth/login", json!({ "identifier": "x", "password": PASSWORD })).await;
    let body = answer.expect(401);
    let title = body["title"].as_str().unwrap();
    for inner in ["mongo", "Error", "::", "panicked", "argon2", "stream"] {
        assert!(!title.contains(inner), "{title}");
    }
}
