//! `PUT /v1/inbox/read`

use axum::extract::State;
use axum::response::IntoResponse;
use events::Position;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::receipts;

/// How far one has heard of everything.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct AllReadUpTo {
    /// The newest cursor or position that this device has heard of: what came later stays new.
    position: Position,
}

/// Mark everything as read, in all conversations and threads; nobody else is told that you have seen anything.
#[utoipa::path(put, path = "/v1/inbox/read", tag = "mine", security(("access_token" = [])),
    request_body = AllReadUpTo,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mark_all_read(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(AllReadUpTo { position }): Valid<AllReadUpTo>,
) -> Result<impl IntoResponse, Problem> {
    let position = receipts::mark_all_read(&app, by, &Cause::of(request, by), position).await?;
    Ok(Written::answer(position))
}
