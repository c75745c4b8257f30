//! Before the keys of access tokens are here, nobody can tell who asks.

use std::num::NonZeroU32;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use event_log::EventLog;
use query_api::{App, Config};
use serde_json::Value;
use service_kit::{Readiness, Verifier, public};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

#[tokio::test]
async fn a_good_token_is_not_called_bad_while_the_keys_are_missing() {
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        metrics_listen: None,
        // Nobody listens there: the answer comes before any document is looked for.
        mongo_url: "mongodb://127.0.0.1:1".to_owned(),
        mongo_database: "none".to_owned(),
        jwks_url: String::new(),
        reads_per_minute: NonZeroU32::MAX,
        event_store_url: String::new(),
        recounts_per_minute: NonZeroU32::MAX,
    };
    let shutdown = CancellationToken::new();
    let log = EventLog::connect("esdb://127.0.0.1:1?tls=false").unwrap();
    let app = App::start(config, log, Verifier::default(), Readiness::default(), shutdown.clone()).await.unwrap();
    let router = public(query_api::router(app));
    for (header, status, code) in
        [(Some("Bearer x.y.z"), 503, "signing_keys_unavailable"), (None, 401, "unauthenticated")]
    {
        let mut request = Request::get("/v1/users/me");
        if let Some(header) = header {
            request = request.header("Authorization", header);
        }
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key("Retry-After"), status == 503);
        let body: Value = serde_json::from_slice(&to_bytes(response.into_body(), 4_096).await.unwrap()).unwrap();
        assert_eq!(body["code"], code);
    }
    shutdown.cancel();
}
