//! A query-api over a world of its own, asked in-process.

use std::num::NonZeroU32;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use events::{Position, Role, SessionId, UserId};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use query_api::{App, Config};
use serde_json::Value;
use service_kit::{Claims, Readiness, TOKEN_AUDIENCE, TOKEN_ISSUER, Verifier, public};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

use crate::world::{Running, World};

/// So often one person may count again in a minute.
pub(crate) const RECOUNTS: u32 = 3;

pub(crate) struct Api {
    pub(crate) world: World,
    _projector: Running,
    router: Router,
    key: EncodingKey,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) retry_after: Option<String>,
}

impl Answer {
    /// The items of a page.
    pub(crate) fn items(&self) -> &Vec<Value> {
        assert_eq!(self.status, 200, "{self:?}");
        self.body["items"].as_array().unwrap()
    }

    /// One field of every item.
    pub(crate) fn each(&self, field: &str) -> Vec<Value> {
        self.items().iter().map(|item| item[field].clone()).collect()
    }

    pub(crate) fn problem(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }
}

impl Api {
    pub(crate) async fn new() -> Self {
        Self::over(World::new().await).await
    }

    pub(crate) async fn over(world: World) -> Self {
        Self::paced(world, NonZeroU32::MAX).await
    }

    /// One that nobody may ask more often than this.
    pub(crate) async fn paced(world: World, reads_per_minute: NonZeroU32) -> Self {
        let pair = KeypairBytes { secret_key: [7; 32], public_key: None }.to_pkcs8_der().unwrap();
        let key = EncodingKey::from_ed_der(pair.as_bytes());
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        jwk.common.key_id = Some("test".to_owned());
        let verifier = Verifier::of(&JwkSet { keys: vec![jwk] });
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            metrics_listen: None,
            mongo_url: world.mongo_url.clone(),
            mongo_database: world.name.clone(),
            event_store_url: String::new(),
            jwks_url: String::new(),
            reads_per_minute,
            recounts_per_minute: NonZeroU32::new(RECOUNTS).unwrap(),
        };
        let app = App::start(config, world.log.clone(), verifier, Readiness::default(), CancellationToken::new())
            .await
            .unwrap();
        let (router, _projector) = (public(query_api::router(app)), world.project());
        Self { world, _projector, router, key }
    }

    /// Asks as somebody, after everything that has happened is in the views.
    pub(crate) async fn get(&self, user: UserId, path: &str) -> Answer {
        let head = self.world.log.head().await.unwrap();
        self.get_after(user, path, Some(head.to_string())).await
    }

    pub(crate) async fn get_after(&self, user: UserId, path: &str, least: Option<String>) -> Answer {
        let mut request = Request::get(path).header("Authorization", format!("Bearer {}", self.token(user)));
        if let Some(least) = least {
            request = request.header("Confab-Min-Position", least);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let retry_after = response.headers().get("Retry-After").map(|value| value.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default(), retry_after }
    }

    pub(crate) async fn settled(&self) -> Position {
        self.world.log.head().await.unwrap()
    }

    fn token(&self, user: UserId) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = Claims {
            iss: TOKEN_ISSUER.to_owned(),
            aud: TOKEN_AUDIENCE.to_owned(),
            sub: user,
            sid: SessionId::new(Uuid::nil()),
            role: Role::Member,
            iat: now,
            exp: now + 600,
        };
        let header =
            Header { typ: Some("at+jwt".to_owned()), kid: Some("test".to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key).unwrap()
    }
}
