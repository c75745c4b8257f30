//! `PATCH /v1/saved/{message}`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::saved::SetSavedState;
use events::{MessageId, SavedState};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages::done;

/// How far you have come with a saved message.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewState {
    /// To be done, put away, or done.
    state: SavedState,
}

/// Put away what you saved, be done with it, or take it up again.
#[utoipa::path(patch, path = "/v1/saved/{message}", tag = "mine",
    security(("access_token" = [])), params(("message" = MessageId, Path)), request_body = NewState,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "not_saved"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn set_saved_state(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
    Valid(NewState { state }): Valid<NewState>,
) -> Result<impl IntoResponse, Problem> {
    let command = SetSavedState { message, state };
    let position = done(&app, by.user, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
