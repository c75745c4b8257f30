//! `POST /v1/leave-group`

use axum::extract::State;
use axum::response::IntoResponse;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};

use super::leave_channel::leave_channel;
use super::{Which, Written};
use crate::app::App;

/// Leave a channel; an alias.
///
/// The same as `POST /v1/conversations/{conversation}/leave`.
#[utoipa::path(post, path = "/v1/leave-group", tag = "aliases", security(("access_token" = [])), request_body = Which,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "general_channel, not_a_channel"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn leave_group(
    state: State<App>,
    by: Principal,
    request: RequestId,
    Valid(Which { conversation }): Valid<Which>,
) -> Result<impl IntoResponse, Problem> {
    leave_channel(state, by, PathOf(conversation), request).await
}
