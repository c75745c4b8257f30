//! Requests as a client makes them, and the answers as it sees them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::Value;
use tower::ServiceExt;

use crate::world::Person;

/// A request to be sent.
pub(crate) struct Ask {
    router: Router,
    request: Request<Body>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Ask {
    pub(crate) fn new(router: Router, method: &str, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        Self { router, request }
    }

    pub(crate) fn by(self, person: &Person) -> Self {
        self.token(&person.access)
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn body(self, body: Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    pub(crate) fn bytes(self, kind: &str, bytes: Vec<u8>) -> Self {
        let mut ask = self.header("content-type", kind);
        *ask.request.body_mut() = Body::from(bytes);
        ask
    }

    pub(crate) async fn send(self) -> Answer {
        let response = self.router.oneshot(self.request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Sends and expects a problem with this status and code.
    pub(crate) async fn refused(self, status: u16, code: &str) -> Answer {
        let answer = self.send().await;
        assert_eq!((answer.status, answer.code()), (status, code), "{answer:?}");
        let kind = answer.headers.get("content-type").unwrap();
        assert_eq!(kind, "application/problem+json");
        assert!(answer.body["request_id"].is_string(), "{answer:?}");
        answer
    }
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {self:?}")).to_owned()
    }

    /// The position of the write, the same in header and body.
    pub(crate) fn position(&self) -> u64 {
        let header: u64 = self.headers["confab-position"].to_str().unwrap().parse().unwrap();
        if let Some(position) = self.body.get("position") {
            assert_eq!(position.as_u64(), Some(header));
        }
        header
    }

    /// The value of a cookie that was set, with its attributes.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.headers.get("set-cookie")?.to_str().ok()
    }
}
