//! `PATCH /v1/messages/{message}`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages;

/// What a message is to say.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewText {
    /// Something of it must be visible. No control characters but line breaks and tabs.
    #[schema(min_length = 1, max_length = 12000)]
    text: String,
}

/// Change what a message says. Only its author may, and only as long as the workspace allows.
#[utoipa::path(patch, path = "/v1/messages/{message}", tag = "messages",
    security(("access_token" = [])), params(("message" = MessageId, Path)), request_body = NewText,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "not_the_author, edit_window_closed, posting_restricted"),
        (status = 404, body = Problem, description = "message_not_found"),
        (status = 409, body = Problem, description = "conversation_archived, too_many_edits"), (status = 410, body = Problem, description = "message_deleted"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn edit_message(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
    Valid(NewText { text }): Valid<NewText>,
) -> Result<impl IntoResponse, Problem> {
    let position = messages::edit(&app, by, &Cause::of(request, by), message, text).await?;
    Ok(Written::answer(position))
}
