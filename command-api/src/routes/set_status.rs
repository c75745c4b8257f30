//! `PUT /v1/users/me/status`

use axum::extract::State;
use axum::response::IntoResponse;
use events::Timestamp;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::status;

/// What you are up to: an emoji, a text, or both.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewStatus {
    /// One emoji as Unicode writes it; 💬 if left out.
    emoji: Option<String>,
    /// One line.
    #[serde(default)]
    #[schema(max_length = 100)]
    text: String,
    /// When it clears by itself: readers take it for cleared from then on.
    until: Option<Timestamp>,
}

/// Set your status, for everybody to see.
#[utoipa::path(put, path = "/v1/users/me/status", tag = "people", security(("access_token" = [])),
    request_body = NewStatus,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn set_status(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(NewStatus { emoji, text, until }): Valid<NewStatus>,
) -> Result<impl IntoResponse, Problem> {
    let position = status::set(&app, by, &Cause::of(request, by), emoji.as_deref(), &text, until).await?;
    Ok(Written::answer(position))
}
