//! `DELETE /v1/users/me/status`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::profile::ClearStatus;
use service_kit::{Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages::done;

/// Clear your status. Clearing none changes nothing.
#[utoipa::path(delete, path = "/v1/users/me/status", tag = "people", security(("access_token" = [])),
    responses((status = 200, body = Written), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn clear_status(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = done(&app, by.user, &Cause::of(request, by), &ClearStatus {}).await?;
    Ok(Written::answer(position))
}
