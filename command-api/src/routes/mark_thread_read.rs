//! `PUT /v1/messages/{message}/thread/read`

use axum::extract::State;
use axum::response::IntoResponse;
use events::{MessageId, Position};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::threads;

/// How far one has read a thread.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct ThreadReadUpTo {
    /// Position of the newest answer one has read.
    position: Position,
    /// The newest cursor or position that this device has heard of. With it, a report that was made before something was
    /// marked unread on another device changes nothing.
    known: Option<Position>,
}

/// Mark a thread as read up to an answer. Marking what is read already changes nothing.
#[utoipa::path(put, path = "/v1/messages/{message}/thread/read", tag = "threads",
    security(("access_token" = [])), params(("message" = MessageId, Path, description = "The one at its head")),
    request_body = ThreadReadUpTo,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "thread_not_found"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mark_thread_read(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
    Valid(ThreadReadUpTo { position, known }): Valid<ThreadReadUpTo>,
) -> Result<impl IntoResponse, Problem> {
    let position = threads::mark_read(&app, by, &Cause::of(request, by), message, position, known).await?;
    Ok(Written::answer(position))
}
