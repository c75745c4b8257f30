//! One id per request. It is echoed, stands in every log line and problem, and travels into event metadata.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;
use uuid::Uuid;

use crate::Problem;

/// `X-Request-Id`.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand: the client's own, when it sent a UUID, else a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// A fresh id.
    #[must_use]
    pub fn fresh() -> Self {
        Self(Uuid::now_v7())
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_else(Self::fresh))
    }
}

/// The layer that gives every request its id and opens its span.
pub(crate) async fn layer(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let id = given.and_then(|text| Uuid::parse_str(text).ok()).map_or_else(RequestId::fresh, RequestId);
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", request.id = %id.0, http.method = %request.method(), http.path = request.uri().path());
    let mut response = next.run(request).instrument(span).await;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        problem.request_id = Some(id.0.to_string());
        let headers = response.headers().clone();
        response = problem.into_response();
        for (name, value) in &headers {
            if !response.headers().contains_key(name) {
                response.headers_mut().append(name, value.clone());
            }
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
