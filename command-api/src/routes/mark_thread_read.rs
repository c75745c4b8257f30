//! `PUT /v1/messages/{message}/thread/read`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};

use super::Written;
use super::mark_read::ReadUpTo;
use crate::app::App;
use crate::execute::Cause;
use crate::threads;

/// Mark a thread as read up to an answer. Marking what is read already changes nothing.
#[utoipa::path(put, path = "/v1/messages/{message}/thread/read", tag = "threads",
    security(("access_token" = [])), params(("message" = MessageId, Path, description = "The one at its head")),
    request_body = ReadUpTo,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "thread_not_found"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mark_thread_read(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
    Valid(ReadUpTo { position }): Valid<ReadUpTo>,
) -> Result<impl IntoResponse, Problem> {
    let position = threads::mark_read(&app, by, &Cause::of(request, by), message, position).await?;
    Ok(Written::answer(position))
}
