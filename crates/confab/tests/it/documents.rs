//! The public documents: committed, current, and covering what is served.

use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::Value;

use crate::rig::{request, send};

fn committed(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_committed_documents_are_what_the_code_says() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("documents");
    confab::documents::write(&folder).unwrap();
    for name in ["openapi.json", "asyncapi.yaml", "events.json"] {
        let current = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(current == committed(name), "openapi/{name} is stale: run `cargo xtask gen`");
    }
}

#[test]
fn every_operation_has_an_id_a_summary_and_an_answer_for_failure() {
    let document: Value = serde_json::from_str(&committed("openapi.json")).unwrap();
    let mut ids = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            ids.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no id")).to_owned());
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let answers = operation["responses"].as_object().unwrap();
            let failing = answers.keys().any(|status| status.starts_with('4'));
            assert!(failing || path.starts_with("/.well-known"), "{name} names no failure");
        }
    }
    assert!(ids.len() >= 20, "routes were lost: {ids:?}");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "two operations share an id");
}

#[test]
fn every_schema_that_is_pointed_at_is_there() {
    let document: Value = serde_json::from_str(&committed("openapi.json")).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for name in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(schemas.contains_key(name), "nothing describes {name}");
    }
}

#[tokio::test]
async fn the_documents_are_served() {
    for (path, piece) in [
        ("/docs/openapi.json", "\"openapi\""),
        ("/docs/asyncapi.yaml", "asyncapi"),
        ("/docs/events.json", "MessagePosted.v1"),
        ("/docs/", "swagger"),
    ] {
        let answer = send(request(Method::GET, path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body.to_string().contains(piece), "{path}");
    }
}

#[tokio::test]
async fn health_is_told() {
    assert_eq!(send(request(Method::GET, "/livez")).await.status, 200);
    assert_eq!(send(request(Method::GET, "/readyz")).await.expect(200)["ready"], true);
    let keys = send(request(Method::GET, "/.well-known/jwks.json")).await.expect(200);
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");
    assert!(keys["keys"][0].get("d").is_none(), "a private key must stay private");
}
