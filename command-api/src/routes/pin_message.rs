//! `PUT /v1/messages/{message}/pin`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages;

/// Pin a message for everybody in its conversation. What is pinned stays so.
#[utoipa::path(put, path = "/v1/messages/{message}/pin", tag = "messages",
    security(("access_token" = [])), params(("message" = MessageId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "posting_restricted"),
        (status = 404, body = Problem, description = "message_not_found"),
        (status = 409, body = Problem, description = "conversation_archived, too_many_pins"), (status = 410, body = Problem, description = "message_deleted"),
        (status = 503, body = Problem)))]
pub(crate) async fn pin_message(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = messages::pin(&app, by, &Cause::of(request, by), message).await?;
    Ok(Written::answer(position))
}
