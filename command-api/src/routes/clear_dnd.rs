//! `DELETE /v1/users/me/dnd`

use axum::extract::State;
use axum::response::IntoResponse;
use service_kit::{Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::preferences;

/// Be notified again.
#[utoipa::path(delete, path = "/v1/users/me/dnd", tag = "mine", security(("access_token" = [])),
    responses((status = 200, body = Written), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn clear_dnd(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = preferences::clear_dnd(&app, by, &Cause::of(request, by)).await?;
    Ok(Written::answer(position))
}
