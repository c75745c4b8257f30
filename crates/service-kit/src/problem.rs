//! Problems: RFC 9457 answers with a stable code. Titles come from codes, never from an error's text.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

/// Why a request was not carried out (`application/problem+json`, RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says more.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable word for programs.
    pub code: String,
    /// The fields at fault, when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The request's id, to quote when asking for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Seconds to wait before trying again; sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem with a status, a stable code and one sentence.
    #[must_use]
    pub fn new(status: u16, code: &str, title: &str) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            errors: Vec::new(),
            request_id: None,
            retry_after: None,
        }
    }

    /// The same problem with the fields at fault.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// The same problem with a time to wait, rounded up to seconds.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        self
    }

    /// 422 with one field at fault.
    #[must_use]
    pub fn invalid_field(pointer: &str, message: &str) -> Self {
        Self::invalid_fields(vec![FieldError { pointer: pointer.to_owned(), message: message.to_owned() }])
    }

    /// 422 with the fields at fault.
    #[must_use]
    pub fn invalid_fields(errors: Vec<FieldError>) -> Self {
        Self::new(422, "invalid_fields", "Some fields are not valid.").with_errors(errors)
    }

    /// 503 for a part that is away for the moment.
    #[must_use]
    pub fn unavailable(code: &str, title: &str) -> Self {
        Self::new(503, code, title).retry_after(Duration::from_secs(1))
    }
}

/// 404, also for what one may not know exists.
#[must_use]
pub fn not_found() -> Problem {
    Problem::new(404, "not_found", "There is no such thing, or it is not for you to see.")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        // The request-id layer finds it here and answers again with the id filled in.
        response.extensions_mut().insert(self);
        response
    }
}
