//! Bodies that are wrong in every way: each gets its own status and code, and the server goes on serving.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

fn long(n: usize) -> String {
    "x".repeat(n)
}

#[tokio::test]
async fn every_bad_message_gets_its_own_answer() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let channel = world.channel(&ann, "cooking").await;
    let id = Uuid::now_v7().to_string();
    let path = format!("/v1/conversations/{channel}/messages");
    let cases: Vec<(Value, u16, &str, &str)> = vec![
        (json!({ "id": id, "text": "" }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": " \n" }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": "\u{200B}\u{FEFF}" }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": long(12_001) }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": "a\u{0}b" }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": "\u{1b}[31mred" }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": 7 }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": ["hello"] }), 422, "invalid_fields", "/text"),
        (json!({ "id": id, "text": { "$ne": null } }), 422, "invalid_fields", "/text"),
        (json!({ "id": "../etc", "text": "hello" }), 422, "invalid_fields", "/id"),
        (json!({ "id": id, "text": "hello", "admin": true }), 422, "invalid_fields", "/admin"),
        (json!({ "id": id, "text": "hello", "thread": "x" }), 422, "invalid_fields", "/thread"),
        (json!({ "text": "hello" }), 422, "invalid_fields", ""),
        (json!({ "id": id }), 422, "invalid_fields", ""),
        (json!([]), 422, "invalid_fields", ""),
        (json!({ "id": id, "text": long(70_000) }), 413, "payload_too_large", ""),
    ];
    for (body, status, code, pointer) in cases {
        let answer = world.post(&path).by(&ann).body(body).refused(status, code).await;
        if status == 422 {
            assert_eq!(answer.text("/errors/0/pointer"), pointer, "{answer:?}");
        }
    }
    let longest = json!({ "id": id, "text": "é".repeat(12_000) });
    assert_eq!(world.post(&path).by(&ann).body(longest).send().await.status, 201, "still serving");
}

#[tokio::test]
async fn what_is_not_json_is_told_so() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let path = format!("/v1/conversations/{}/messages", crate::world::general());
    let id = Uuid::now_v7();
    let surrogate = format!(r#"{{"id":"{id}","text":"\ud800"}}"#).into_bytes();
    let not_utf8 = [br#"{"text":""#.as_slice(), &[0xff, 0xfe], br#""}"#].concat();
    let bytes: [&[u8]; 6] = [b"", b"{", b"{\"id\":}", b"hello", &surrogate, &not_utf8];
    for bytes in bytes {
        let ask = world.post(&path).by(&ann).bytes("application/json", bytes.to_vec());
        ask.refused(400, "malformed_json").await;
    }
    let twice = format!(r#"{{"id":"{id}","text":"a","text":"b"}}"#).into_bytes();
    world.post(&path).by(&ann).bytes("application/json", twice).refused(422, "invalid_fields").await;
    let deep = format!(r#"{{"text":{}"#, "[".repeat(10_000)).into_bytes();
    let answer = world.post(&path).by(&ann).bytes("application/json", deep).send().await;
    assert!(matches!(answer.status, 400 | 422), "{answer:?}");
    let ask = world.post(&path).by(&ann).bytes("text/plain", b"{}".to_vec());
    ask.refused(415, "unsupported_media_type").await;
    world.post(&path).by(&ann).refused(415, "unsupported_media_type").await;
}

#[tokio::test]
async fn b07_every_bad_field_of_a_registration_is_named_at_once() {
    let world = World::new().await;
    let register = |body: Value| world.post("/v1/auth/register").body(body);
    let all_wrong = json!({ "name": " ", "email": "ann", "phone": "0612", "password": "short" });
    let answer = register(all_wrong).refused(422, "invalid_fields").await;
    let pointers: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, ["/name", "/email", "/phone", "/password"]);
    let neither = json!({ "name": "Ann", "password": "correct horse" });
    assert_eq!(register(neither).refused(422, "invalid_fields").await.text("/errors/0/pointer"), "/email");
    for (field, value) in [
        ("name", json!(long(81))),
        ("name", json!("Ann\u{202E}")),
        ("email", json!(format!("{}@example.org", long(255)))),
        ("password", json!(long(129))),
        ("password", json!(long(50_000))),
        ("password", json!("Password1")),
        ("password", json!("Ann@example.org")),
        ("role", json!("owner")),
        ("id", json!(Uuid::now_v7())),
    ] {
        let mut body = crate::world::newcomer("ann");
        body[field] = value;
        let answer = register(body).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), format!("/{field}"));
    }
    let mut namesake = crate::world::newcomer("Annabella Lee");
    namesake["email"] = json!("lee@example.org");
    namesake["password"] = json!("annabella lee");
    let answer = register(namesake).refused(422, "invalid_fields").await;
    assert_eq!(answer.text("/errors/0/message"), "too easy to guess");
}

#[tokio::test]
async fn bad_conversations_are_refused() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let create = |body: Value| world.post("/v1/conversations").by(&ann).body(body);
    for name in ["", "Two Words", "#x", long(81).as_str(), "a\u{200B}"] {
        let answer = create(json!({ "kind": "channel", "name": name })).refused(422, "invalid_fields").await;
        assert_eq!(answer.text("/errors/0/pointer"), "/name", "{name:?}");
    }
    for body in [
        json!({ "kind": "channel" }),
        json!({ "kind": "castle", "name": "x" }),
        json!({ "name": "x" }),
        json!({ "kind": "direct" }),
        json!({ "kind": "direct", "user": "ann" }),
        json!({ "kind": "channel", "name": "x", "visibility": "hidden" }),
        json!({ "kind": "channel", "name": "x", "topic": long(251) }),
    ] {
        create(body).refused(422, "invalid_fields").await;
    }
    for position in [json!(-1), json!(1.5), json!("1"), json!(null)] {
        let path = format!("/v1/conversations/{}/read", crate::world::general());
        let ask = world.put(&path).by(&ann).body(json!({ "position": position }));
        ask.refused(422, "invalid_fields").await;
    }
}

#[tokio::test]
async fn ids_that_are_none_are_not_found() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    for id in ["x", "00000000-0000-0000-0000-000000000000", "%2e%2e%2f", "%24ne", "0198a000"] {
        let answer = world.post(&format!("/v1/conversations/{id}/join")).by(&ann).send().await;
        assert_eq!(answer.status, 404, "{id}: {answer:?}");
    }
    world.post("/v1/nothing").by(&ann).refused(404, "not_found").await;
    world.delete("/v1/conversations").by(&ann).refused(405, "method_not_allowed").await;
}
