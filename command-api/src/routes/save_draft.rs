//! `PUT /v1/drafts`

use axum::extract::State;
use axum::response::IntoResponse;
use events::{ConversationId, DraftPlace, MessageId};
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::drafts;
use crate::execute::Cause;

/// What you have begun to write, and where.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewDraft {
    /// Where it would be sent.
    conversation: ConversationId,
    /// The message it would answer in a thread.
    thread: Option<MessageId>,
    /// The text so far; blank when there is no draft any more.
    #[schema(max_length = 12000)]
    text: String,
}

/// Save a draft; for you alone, on all your devices. The newest text counts. Whoever sends what she drafted says
/// herself, with a blank text, that the draft is gone.
#[utoipa::path(put, path = "/v1/drafts", tag = "mine", security(("access_token" = [])), request_body = NewDraft,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found, thread_not_found"),
        (status = 409, body = Problem, description = "too_many_drafts"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn save_draft(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(NewDraft { conversation, thread, text }): Valid<NewDraft>,
) -> Result<impl IntoResponse, Problem> {
    let place = DraftPlace { conversation, thread };
    let position = drafts::save(&app, by, &Cause::of(request, by), place, text).await?;
    Ok(Written::answer(position))
}
