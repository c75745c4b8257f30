//! Reading one's own writes, and saying so when that is not possible.

use std::time::{Duration, Instant};

use events::Visibility;

use crate::api::Api;
use crate::engines::Engine;
use crate::world::{World, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_read_back_at_once_with_its_position() {
    let api = Api::new().await;
    let ann = api.world.person("Ann").await;
    let lunch = api.world.channel("lunch", Visibility::Public, ann).await;
    for n in 0..50 {
        let (message, position) = api.world.say(lunch, ann, &n.to_string(), None).await;
        let found = api.get_after(ann, &format!("/v1/messages/{message}"), Some(position.to_string())).await;
        assert_eq!(found.status, 200, "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_would_be_too_old_is_not_given() {
    let api = Api::new().await;
    let ann = api.world.person("Ann").await;
    let head = api.settled().await;
    let asked = Instant::now();
    let answer = api.get_after(ann, "/v1/users/me", Some((head.0 + 1_000_000).to_string())).await;
    assert_eq!(answer.problem(), (503, "views_behind"));
    assert_eq!(answer.retry_after.as_deref(), Some("1"));
    assert!((Duration::from_secs(2)..Duration::from_secs(5)).contains(&asked.elapsed()), "{:?}", asked.elapsed());
    for wrong in ["-1", "x", "1.5", "99999999999999999999"] {
        let answer = api.get_after(ann, "/v1/users/me", Some(wrong.to_owned())).await;
        assert_eq!(answer.problem(), (400, "invalid_min_position"), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_mongodb_the_answer_is_503_and_soon() {
    let mut mongo = Engine::mongo();
    let api = Api::over(World::on(mongo.url()).await).await;
    let ann = api.world.person("Ann").await;
    assert_eq!(api.get(ann, "/v1/users/me").await.status, 200);
    mongo.kill();
    for path in ["/v1/users/me", "/v1/users", "/v1/conversations", "/v1/channels"] {
        let asked = Instant::now();
        let answer = api.get_after(ann, path, None).await;
        assert_eq!(answer.problem(), (503, "read_model_unavailable"), "{path}");
        assert_eq!(answer.retry_after.as_deref(), Some("1"));
        assert!(asked.elapsed() < Duration::from_secs(4), "{path} took {:?}", asked.elapsed());
    }
    let bob = api.world.person("Bob").await;
    let head = api.settled().await.to_string();
    assert_eq!(api.get_after(ann, "/v1/users/me", Some(head)).await.problem(), (503, "read_model_unavailable"));
    mongo.start();
    eventually("reading works again, with what was written meanwhile", async || {
        api.get_after(ann, &format!("/v1/users/{bob}"), None).await.status == 200
    })
    .await;
}
