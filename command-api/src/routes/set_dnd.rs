//! `PUT /v1/users/me/dnd`

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
use crate::preferences;

/// For how long.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct DoNotDisturb {
    /// Until when; a moment to come.
    until: Timestamp,
}

/// Let nothing notify you for a while, on any of your devices.
#[utoipa::path(put, path = "/v1/users/me/dnd", tag = "mine", security(("access_token" = [])),
    request_body = DoNotDisturb,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn set_dnd(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(DoNotDisturb { until }): Valid<DoNotDisturb>,
) -> Result<impl IntoResponse, Problem> {
    let position = preferences::set_dnd(&app, by, &Cause::of(request, by), until).await?;
    Ok(Written::answer(position))
}
