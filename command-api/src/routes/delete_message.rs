//! `DELETE /v1/messages/{message}`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages;

/// Delete a message: one's own, or anybody's as an owner or admin. An empty shell stays in its place.
#[utoipa::path(delete, path = "/v1/messages/{message}", tag = "messages",
    security(("access_token" = [])), params(("message" = MessageId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "not_the_author"),
        (status = 404, body = Problem, description = "message_not_found"),
        (status = 409, body = Problem, description = "conversation_archived"),
        (status = 503, body = Problem)))]
pub(crate) async fn delete_message(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = messages::delete(&app, by, &Cause::of(request, by), message).await?;
    Ok(Written::answer(position))
}
