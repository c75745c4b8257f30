//! Fetching the keys of access tokens from whoever publishes them, who may come later.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use service_kit::{Problem, Readiness, TokenError, Verifier};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

async fn publish(address: SocketAddr, keys: Value) -> tokio::task::JoinHandle<()> {
    let listener = TcpListener::bind(address).await.unwrap();
    let routes = Router::new().route("/jwks.json", get(move || async move { Json(keys) }));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() })
}

async fn free() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap()
}

fn one_key() -> Value {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": x }] })
}

#[tokio::test]
async fn without_keys_nobody_is_told_to_sign_in_again() {
    let (address, readiness) = (free().await, Readiness::default());
    let verifier = Verifier::fetching(format!("http://{address}/jwks.json"), &readiness);
    assert_eq!(verifier.verify("x.y.z"), Err(TokenError::NoKeys));
    let problem = Problem::from(TokenError::NoKeys);
    assert_eq!((problem.status, problem.code.as_str()), (503, "signing_keys_unavailable"));
    assert!(problem.retry_after.is_some());
    // A set without a key is as good as none.
    let empty = publish(address, json!({ "keys": [] })).await;
    sleep(Duration::from_millis(1_500)).await;
    assert!(!verifier.has_keys());
    assert_eq!(readiness.waiting_for().into_keys().collect::<Vec<_>>(), ["signing_keys"]);
    empty.abort();
    drop(empty.await);
    let _published = publish(address, one_key()).await;
    let fetched = async {
        while !readiness.waiting_for().is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), fetched).await.unwrap();
    assert!(verifier.has_keys());
    assert_eq!(verifier.verify("x.y.z"), Err(TokenError::Invalid));
}
