//! `PUT /v1/activity/read`

use axum::extract::State;
use axum::response::IntoResponse;
use events::Position;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::activity;
use crate::app::App;
use crate::execute::Cause;

/// How far you have looked.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct LookedUpTo {
    /// Position of the newest entry that you have seen.
    position: Position,
}

/// Mark your activity as read up to a position. The pointer only moves forward.
#[utoipa::path(put, path = "/v1/activity/read", tag = "mine", security(("access_token" = [])),
    request_body = LookedUpTo,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mark_activity_read(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(LookedUpTo { position }): Valid<LookedUpTo>,
) -> Result<impl IntoResponse, Problem> {
    let position = activity::mark_read(&app, by, &Cause::of(request, by), position).await?;
    Ok(Written::answer(position))
}
