//! Registering, signing in, and what an access token opens.

use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::rig::{PASSWORD, Person, fresh_email, fresh_phone, post, request, send, start, text};

#[tokio::test]
async fn a10_b01_b07_registers_and_signs_in_with_email_and_password() {
    let email = fresh_email("ann");
    let body = json!({ "name": "Ann Lee", "email": email, "password": PASSWORD });
    let registered = post("/v1/auth/register", body).await.expect(201);
    assert_eq!(registered["user"]["name"], "Ann Lee");
    assert_eq!(registered["user"]["email"], email);
    assert_eq!(registered["expires_in"], 900);

    let signed_in = post("/v1/auth/login", json!({ "identifier": email, "password": PASSWORD })).await.expect(200);
    assert_eq!(signed_in["user"]["id"], registered["user"]["id"]);
    assert_ne!(signed_in["refresh_token"], registered["refresh_token"]);
}

#[tokio::test]
async fn e01_registers_and_signs_in_with_a_phone_number() {
    let phone = fresh_phone();
    let body = json!({ "name": "Bo", "phone": phone, "password": PASSWORD });
    let registered = post("/v1/auth/register", body).await.expect(201);
    assert_eq!(registered["user"]["phone"], phone);
    let signed_in = post("/v1/auth/login", json!({ "identifier": phone, "password": PASSWORD })).await.expect(200);
    assert_eq!(signed_in["user"]["id"], registered["user"]["id"]);
}

#[tokio::test]
async fn an_address_is_the_same_in_any_case() {
    let email = fresh_email("case");
    let body = json!({ "name": "Case", "email": email.to_uppercase(), "password": PASSWORD });
    post("/v1/auth/register", body.clone()).await.expect(201);
    assert_eq!(post("/v1/auth/register", body).await.problem(409), "email_taken");
    post("/v1/auth/login", json!({ "identifier": email, "password": PASSWORD })).await.expect(200);
}

#[tokio::test]
async fn the_same_address_is_registered_once_under_a_race() {
    let body = json!({ "name": "Race", "email": fresh_email("race"), "password": PASSWORD });
    let answers = join_all((0..12).map(|_| post("/v1/auth/register", body.clone()))).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    let lost = answers.iter().filter(|answer| answer.status == 409 && answer.body["code"] == "email_taken").count();
    assert_eq!((won, lost), (1, 11), "{answers:?}");
}

#[tokio::test]
async fn d06_a_wrong_password_and_an_unknown_account_get_the_same_answer() {
    let ann = Person::register("Ann").await;
    let wrong = post("/v1/auth/login", json!({ "identifier": ann.email, "password": "not her password" })).await;
    let unknown = post("/v1/auth/login", json!({ "identifier": fresh_email("no"), "password": PASSWORD })).await;
    let (mut wrong, mut unknown) = (wrong.expect(401), unknown.expect(401));
    for body in [&mut wrong, &mut unknown] {
        body.as_object_mut().unwrap().remove("request_id");
    }
    assert_eq!(wrong["code"], "invalid_credentials");
    assert_eq!(wrong, unknown);
}

#[tokio::test]
async fn a16_b16_b18_c08_protected_routes_ask_for_a_valid_token() {
    for path in ["/v1/users", "/v1/users/me", "/v1/conversations", "/v1/channels", "/v1/sessions"] {
        assert_eq!(send(request(Method::GET, path)).await.problem(401), "unauthenticated", "{path}");
        let forged = request(Method::GET, path).bearer_auth("eyJhbGciOiJub25lIn0.e30.");
        assert_eq!(send(forged).await.problem(401), "unauthenticated", "{path}");
    }
    let ann = Person::register("Ann").await;
    let me = ann.get("/v1/users/me").await.expect(200);
    assert_eq!(text(&me["id"]), ann.id);
}

#[tokio::test]
async fn a16_a_token_that_was_tampered_with_opens_nothing() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let parts: Vec<&str> = ann.token.split('.').collect();
    let others: Vec<&str> = bob.token.split('.').collect();
    for forged in [
        format!("{}.{}.{}", parts[0], others[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86)),
        ann.refresh.clone(),
        "x".repeat(60_000),
    ] {
        let asked = request(Method::GET, "/v1/users/me").bearer_auth(&forged);
        let answer = send(asked).await;
        assert!(answer.status == 401 || answer.status == 431, "{answer:?}");
    }
}

#[tokio::test]
async fn a17_no_answer_carries_a_password_or_its_hash() {
    let ann = Person::register("Ann").await;
    for path in ["/v1/users/me".to_owned(), "/v1/users".to_owned(), format!("/v1/users/{}", ann.id)] {
        let body = ann.get(&path).await.expect(200).to_string();
        assert!(!body.contains("argon2") && !body.contains(PASSWORD) && !body.contains("phc"), "{path}: {body}");
    }
}

#[tokio::test]
async fn the_address_of_another_person_is_not_shown() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let shown = bob.get(&format!("/v1/users/{}", ann.id)).await;
    // Bob's own registration is newer than Ann's, so a view that knows Bob knows Ann.
    let shown = if shown.status == 404 { bob.get(&format!("/v1/users/{}", ann.id)).await } else { shown };
    let shown = shown.expect(200);
    assert_eq!(shown["name"], "Ann");
    assert!(shown.get("email").is_none() && shown.get("phone").is_none(), "{shown}");
}

#[tokio::test]
async fn the_first_account_owns_the_workspace_and_everybody_is_in_general() {
    let server = Box::leak(Box::new(start("owner", &[])));
    let first = Person::register_at(server, "First").await;
    let second = Person::register_at(server, "Second").await;
    let role = |person: &Person| {
        let person = person.clone();
        async move { text(&person.get("/v1/users/me").await.expect(200)["role"]) }
    };
    assert_eq!((role(&first).await.as_str(), role(&second).await.as_str()), ("owner", "member"));
    for person in [&first, &second] {
        let mine = person.get("/v1/conversations").await.expect(200);
        assert_eq!(mine["items"][0]["name"], "general", "{mine}");
        assert_eq!(mine["items"][0]["member_count"], 2, "{mine}");
    }
}
