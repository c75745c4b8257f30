//! Checked input. A handler's arguments are its checks: whatever reaches the body has the right shape.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::{HeaderMap, header};
use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;
use tokio::time::timeout;

use crate::problem::{FieldError, Problem, not_found};

/// How long a client may take to send a body.
const BODY_WITHIN: Duration = Duration::from_secs(20);

/// A JSON body that parsed and passed its own rules.
///
/// 415 for another content type, 413 beyond the route's limit, 408 after 20 s, 400 for what is not JSON, 422 with pointers for wrong
/// types, unknown or missing fields, and values out of bounds.
#[derive(Debug, Clone)]
pub struct Valid<T>(pub T);

impl<S, T> FromRequest<S> for Valid<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context: Default>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(415, "unsupported_media_type", "Send JSON: Content-Type: application/json."));
        }
        let read = timeout(BODY_WITHIN, Bytes::from_request(request, state)).await;
        let bytes = read.map_err(|_| too_slow())?.map_err(body_problem)?;
        Self::parse(&bytes)
    }
}

impl<T: DeserializeOwned + Validate<Context: Default>> Valid<T> {
    /// The same checks for bytes that came another way.
    ///
    /// # Errors
    /// 400 for what is not JSON, 422 for what has another shape.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| json_problem(&error))?;
        json.end().map_err(|_| malformed())?;
        match value.validate() {
            Ok(()) => Ok(Self(value)),
            Err(report) => Err(Problem::invalid_fields(report.iter().map(field_error).collect())),
        }
    }
}

fn too_slow() -> Problem {
    Problem::new(408, "body_too_slow", "The body took too long to arrive.")
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn malformed() -> Problem {
    Problem::new(400, "malformed_json", "The body is not well-formed JSON.")
}

fn body_problem(rejection: BytesRejection) -> Problem {
    if rejection.status().as_u16() == 413 {
        Problem::new(413, "payload_too_large", "The body is larger than this route accepts.")
    } else {
        Problem::new(400, "unreadable_body", "The body could not be read to its end.")
    }
}

fn json_problem(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    match error.inner().classify() {
        Category::Syntax | Category::Eof | Category::Io => malformed(),
        Category::Data => {
            let pointer: String = error.path().iter().map(place).collect();
            Problem::invalid_field(pointer.trim_end_matches("/?"), &without_place(&error.inner().to_string()))
        }
    }
}

/// A step of a JSON pointer.
fn place(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { .. } | Segment::Enum { .. } | Segment::Unknown => format!("/{segment}"),
    }
}

/// Serde ends its messages with a line and column that mean nothing beside a pointer.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

fn field_error((path, error): &(garde::Path, garde::Error)) -> FieldError {
    let path = path.to_string().replace('[', ".").replace(']', "");
    let pointer = if path.is_empty() { String::new() } else { format!("/{}", path.replace('.', "/")) };
    FieldError { pointer, message: error.message().to_owned() }
}

/// Path parameters; an id that is not one is simply not found.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(Path), rejection(Problem))]
pub struct PathOf<T>(pub T);

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        not_found()
    }
}

/// Query parameters; 400 for unknown ones and for values of the wrong kind.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(Query), rejection(Problem))]
pub struct QueryOf<T>(pub T);

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Self::new(400, "invalid_query", "A query parameter is unknown or not valid.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[garde(length(chars, min = 1, max = 5))]
        name: String,
        #[garde(length(max = 9))]
        #[serde(default)]
        tags: Vec<u8>,
    }

    fn problem(json: &str) -> (u16, String, String) {
        let problem = Valid::<Body>::parse(json.as_bytes()).unwrap_err();
        let pointer = problem.errors.first().map(|error| error.pointer.clone()).unwrap_or_default();
        (problem.status, problem.code, pointer)
    }

    #[test]
    fn each_bad_body_gets_its_own_answer() {
        assert_eq!(problem("{"), (400, "malformed_json".into(), String::new()));
        assert_eq!(problem(r#"{"name":"a"} x"#), (400, "malformed_json".into(), String::new()));
        assert_eq!(problem(r#"{"name":1}"#), (422, "invalid_fields".into(), "/name".into()));
        assert_eq!(problem(r#"{"name":"a","extra":1}"#).0, 422);
        assert_eq!(problem(r#"{"name":""}"#), (422, "invalid_fields".into(), "/name".into()));
        assert_eq!(problem(r#"{"name":"abcdef"}"#), (422, "invalid_fields".into(), "/name".into()));
        assert_eq!(problem(r#"{"name":"a","tags":[1,"b"]}"#).2, "/tags/1");
        assert_eq!(problem("{}").0, 422);
        assert_eq!(problem(&"[".repeat(10_000)).0, 422);
        assert!(Valid::<Body>::parse(br#"{"name":"abcde"}"#).is_ok());
    }
}
