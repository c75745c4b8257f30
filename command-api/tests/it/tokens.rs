//! Access tokens that prove nothing: forged, altered, expired, or of another kind.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::world::{Person, World};

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Header, claims and signature of a good token.
fn parts(person: &Person) -> [&str; 3] {
    person.access.split('.').collect::<Vec<_>>().try_into().unwrap()
}

fn private_key(world: &World) -> EncodingKey {
    use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
    let pem = std::fs::read_to_string(world.folder.path().join("signing-key.pem")).unwrap();
    let key = ed25519_dalek::SigningKey::from_pkcs8_pem(&pem).unwrap();
    let bare = KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_der().unwrap();
    EncodingKey::from_ed_der(bare.as_bytes())
}

fn header(person: &Person, algorithm: Algorithm) -> Header {
    let mut header = Header::new(algorithm);
    let good = decoded(parts(person)[0]);
    header.kid = good["kid"].as_str().map(str::to_owned);
    header.typ = Some("at+jwt".to_owned());
    header
}

async fn unauthenticated(world: &World, token: &str) {
    let answer = world.get("/v1/sessions").token(token).refused(401, "unauthenticated").await;
    assert_eq!(answer.body.get("errors"), None, "{token}");
}

#[tokio::test]
async fn b18_protected_routes_want_a_token() {
    let world = World::new().await;
    let id = uuid::Uuid::now_v7();
    let conversation = format!("/v1/conversations/{id}");
    let asks = [
        world.get("/v1/sessions"),
        world.delete(&format!("/v1/sessions/{id}")),
        world.post("/v1/conversations").body(json!({ "kind": "channel", "name": "x" })),
        world.post(&format!("{conversation}/join")),
        world.post(&format!("{conversation}/leave")),
        world.put(&format!("{conversation}/read")).body(json!({ "position": 1 })),
        world.post(&format!("{conversation}/messages")).body(json!({ "id": id, "text": "x" })),
    ];
    for ask in asks {
        ask.refused(401, "unauthenticated").await;
    }
    world.get("/v1/sessions").header("authorization", "Basic YTpi").refused(401, "unauthenticated").await;
}

#[tokio::test]
async fn b16_forged_tokens_prove_nothing() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let [head, claims, signature] = parts(&ann);
    let mut other = decoded(claims);
    other["sub"] = json!(uuid::Uuid::now_v7());
    let mut unsigned = decoded(head);
    unsigned["alg"] = json!("none");
    let flipped = format!("{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]);
    for token in [
        format!("{head}.{}.{signature}", encoded(&other)),
        format!("{head}.{claims}.{flipped}"),
        format!("{head}.{claims}."),
        format!("{}.{claims}.", encoded(&unsigned)),
        format!("{}.{claims}.{signature}", encoded(&unsigned)),
        ann.refresh.clone(),
        "x".repeat(1_000_000),
    ] {
        unauthenticated(&world, &token).await;
    }
}

#[tokio::test]
async fn the_public_key_is_no_secret_to_sign_with() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let jwks = world.get("/.well-known/jwks.json").send().await;
    let x = jwks.text("/keys/0/x");
    let claims = decoded(parts(&ann)[1]);
    let public = URL_SAFE_NO_PAD.decode(&x).unwrap();
    for secret in [public.as_slice(), x.as_bytes(), jwks.body.to_string().as_bytes()] {
        let token = encode(&header(&ann, Algorithm::HS256), &claims, &EncodingKey::from_secret(secret)).unwrap();
        unauthenticated(&world, &token).await;
    }
}

#[tokio::test]
async fn claims_and_headers_that_are_not_ours_prove_nothing() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (key, good) = (private_key(&world), decoded(parts(&ann)[1]));
    let sign = |header: &Header, claims: &Value| encode(header, claims, &key).unwrap();
    let ours = header(&ann, Algorithm::EdDSA);
    assert_eq!(world.get("/v1/sessions").token(&sign(&ours, &good)).send().await.status, 200);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for (field, value) in [
        ("iss", json!("somebody")),
        ("aud", json!("confab-node")),
        ("exp", json!("tomorrow")),
        ("nbf", json!(now + 3_600)),
        ("sub", json!("nobody")),
        ("exp", Value::Null),
    ] {
        let mut claims = good.clone();
        claims[field] = value;
        unauthenticated(&world, &sign(&ours, &claims)).await;
    }
    let kind = Header { typ: Some("JWT".to_owned()), ..ours.clone() };
    let unknown = Header { kid: Some("unknown".to_owned()), ..ours.clone() };
    let without = Header { kid: None, ..ours };
    for header in [kind, unknown, without] {
        unauthenticated(&world, &sign(&header, &good)).await;
    }
}

#[tokio::test]
async fn an_expired_token_asks_for_a_refresh() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut claims = decoded(parts(&ann)[1]);
    claims["exp"] = json!(claims["exp"].as_u64().unwrap() - 900 - 31);
    let token = encode(&header(&ann, Algorithm::EdDSA), &claims, &private_key(&world)).unwrap();
    world.get("/v1/sessions").token(&token).refused(401, "token_expired").await;
}

#[tokio::test]
async fn a_token_of_another_workspace_proves_nothing() {
    let (world, elsewhere) = (World::new().await, World::new().await);
    let ann = elsewhere.person("ann").await;
    unauthenticated(&world, &ann.access).await;
}

#[tokio::test]
async fn a16_the_published_key_is_public_only() {
    let world = World::new().await;
    let jwks = world.get("/.well-known/jwks.json").send().await;
    let key = &jwks.body["keys"][0];
    assert_eq!(
        (key["kty"].as_str(), key["crv"].as_str(), key["alg"].as_str()),
        (Some("OKP"), Some("Ed25519"), Some("EdDSA"))
    );
    assert!(key["kid"].is_string() && key.get("d").is_none(), "{key}");
}
