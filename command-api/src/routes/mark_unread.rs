//! `PUT /v1/messages/{message}/unread`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::receipts;

/// Mark a conversation as unread from a message on, to come back to it; what others know that you have seen stays.
///
/// From an answer that stands in a thread alone on, the thread is unread.
/// Marking what is unread already changes nothing.
#[utoipa::path(put, path = "/v1/messages/{message}/unread", tag = "messages",
    security(("access_token" = [])), params(("message" = MessageId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "message_not_found"),
        (status = 503, body = Problem)))]
pub(crate) async fn mark_unread(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = receipts::mark_unread(&app, by, &Cause::of(request, by), message).await?;
    Ok(Written::answer(position))
}
