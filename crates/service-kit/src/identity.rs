//! Who is asking: access tokens (EdDSA JWT) and the [`Principal`] they prove.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use events::{Role, SessionId, UserId};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

use crate::{Gate, Limit, Problem, Readiness};

/// Who issues access tokens.
pub const TOKEN_ISSUER: &str = "confab";
/// Whom they are for.
pub const TOKEN_AUDIENCE: &str = "confab";
/// What an access token calls itself in its header (RFC 9068); nothing else is one.
const TOKEN_TYPE: &str = "at+jwt";
/// Longer than any token that was ever issued; checked before anything is parsed.
const LONGEST_TOKEN: usize = 2_048;
/// Tokens whose signature was checked and need not be again. Checking one takes longer than most of what it allows.
const PROVEN: usize = 10_000;
/// How far clocks may be apart, s.
const LEEWAY: u64 = 30;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Always [`TOKEN_ISSUER`].
    pub iss: String,
    /// Always [`TOKEN_AUDIENCE`].
    pub aud: String,
    /// The person.
    pub sub: UserId,
    /// Her session.
    pub sid: SessionId,
    /// Her role when it was issued.
    pub role: Role,
    /// Issued at, Unix seconds.
    pub iat: u64,
    /// Valid until, Unix seconds.
    pub exp: u64,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// None was given.
    #[error("no access token")]
    Missing,
    /// It was good once.
    #[error("the access token has expired")]
    Expired,
    /// It never was.
    #[error("the access token is not valid")]
    Invalid,
    /// Nobody can tell: the issuer's keys have not been fetched yet.
    #[error("the signing keys are not here yet")]
    NoKeys,
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Missing | TokenError::Invalid => {
                Self::new(401, "unauthenticated", "Sign in first: a valid access token is needed.")
            }
            TokenError::Expired => Self::new(401, "token_expired", "The access token has expired: refresh it."),
            TokenError::NoKeys => {
                Self::unavailable("signing_keys_unavailable", "Access tokens cannot be checked yet: try again.")
            }
        }
    }
}

/// Checks access tokens against the issuer's public keys. Clones share the keys and the pace.
#[derive(Clone, Default)]
pub struct Verifier {
    keys: Arc<RwLock<Keys>>,
    pace: Option<Arc<Limit<UserId>>>,
}

struct Keys {
    by_id: HashMap<String, DecodingKey>,
    /// What tokens said that these keys signed.
    proven: Cache<String, Principal>,
}

impl Default for Keys {
    fn default() -> Self {
        Self::of(HashMap::new())
    }
}

impl Keys {
    fn of(by_id: HashMap<String, DecodingKey>) -> Self {
        Self { by_id, proven: Cache::new(PROVEN) }
    }
}

impl Verifier {
    /// A verifier that trusts these keys.
    #[must_use]
    pub fn of(keys: &JwkSet) -> Self {
        let verifier = Self::default();
        if verifier.trust(keys).is_err() {
            tracing::error!("no usable signing key: no access token can be checked");
        }
        verifier
    }

    /// A verifier that fetches its keys from a JWKS address, retrying until it has them and again every 5 minutes. The
    /// gate `signing_keys` opens with the first ones.
    #[must_use]
    pub fn fetching(url: String, readiness: &Readiness) -> Self {
        let verifier = Self::default();
        tokio::spawn(verifier.clone().fetch_for_ever(url, readiness.gate("signing_keys")));
        verifier
    }

    /// The same, but nobody is admitted more often than this per minute.
    #[must_use]
    pub fn paced(self, per_minute: NonZeroU32) -> Self {
        Self { pace: Some(Arc::new(Limit::per_minute(per_minute))), ..self }
    }

    /// Checks the token of a request, and how many its owner has made.
    ///
    /// # Errors
    /// 401 when it proves nothing, 429 when these are too many, 503 without keys.
    pub fn admit(&self, token: &str) -> Result<Principal, Problem> {
        let principal = self.verify(token)?;
        if let Some(pace) = &self.pace {
            pace.check(&principal.user)?;
        }
        Ok(principal)
    }

    async fn fetch_for_ever(self, url: String, gate: Gate) {
        let mut missed = false;
        loop {
            let outcome = fetch(&url).await.map_err(|error| error.to_string()).and_then(|keys| self.trust(&keys));
            let pause = match outcome {
                Ok(()) => {
                    gate.open();
                    if std::mem::take(&mut missed) {
                        tracing::info!(jwks.url = url, "the signing keys are here");
                    }
                    Duration::from_secs(300)
                }
                Err(error) => {
                    if !std::mem::replace(&mut missed, true) {
                        tracing::warn!(
                            error,
                            jwks.url = url,
                            "the signing keys cannot be fetched, trying until they can"
                        );
                    }
                    Duration::from_secs(1)
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Whether there is any key to check a token with.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        !self.keys().by_id.is_empty()
    }

    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a token: algorithm, key, type, issuer, audience and time (30 s leeway). A token that was checked before is
    /// only asked for its time, as long as the keys stay the same.
    ///
    /// # Errors
    /// When it proves nothing.
    pub fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        let keys = self.keys();
        if keys.by_id.is_empty() {
            return Err(TokenError::NoKeys);
        }
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Invalid);
        }
        if let Some(principal) = keys.proven.get(token) {
            return if principal.is_over(unix_now()) { Err(TokenError::Expired) } else { Ok(principal) };
        }
        let principal = keys.prove(token)?;
        keys.proven.insert(token.to_owned(), principal);
        Ok(principal)
    }

    /// Takes these keys instead of those before. A set without any usable one is a mistake and changes nothing.
    fn trust(&self, set: &JwkSet) -> Result<(), String> {
        let usable = set.keys.iter().filter_map(|jwk| {
            let kid = jwk.common.key_id.clone()?;
            DecodingKey::from_jwk(jwk).ok().map(|key| (kid, key))
        });
        let usable: HashMap<_, _> = usable.collect();
        if usable.is_empty() {
            return Err("no usable key".to_owned());
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Keys::of(usable);
        Ok(())
    }
}

impl Keys {
    fn prove(&self, token: &str) -> Result<Principal, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TOKEN_TYPE) {
            return Err(TokenError::Invalid);
        }
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let key = self.by_id.get(&kid).ok_or(TokenError::Invalid)?;
        let claims = decode::<Claims>(token, key, &validation()).map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => TokenError::Expired,
            _ => TokenError::Invalid,
        })?;
        let Claims { sub: user, sid: session, role, exp: expires_at, .. } = claims.claims;
        Ok(Principal { user, session, role, expires_at })
    }
}

async fn fetch(url: &str) -> reqwest::Result<JwkSet> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
    client.get(url).send().await?.error_for_status()?.json().await
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[TOKEN_ISSUER]);
    validation.set_audience(&[TOKEN_AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    validation
}

fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Whoever the access token of the request belongs to. As an argument of a handler it is the authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The person.
    pub user: UserId,
    /// Her session.
    pub session: SessionId,
    /// Her role when the token was issued.
    pub role: Role,
    /// Until when the token is valid, Unix seconds.
    pub expires_at: u64,
}

impl Principal {
    const fn is_over(&self, now: u64) -> bool {
        self.expires_at.saturating_add(LEEWAY) < now
    }
}

impl<S> FromRequestParts<S> for Principal
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(TokenError::Missing)?;
        Verifier::from_ref(state).admit(token)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
