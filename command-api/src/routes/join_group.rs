//! `POST /v1/join-group`

use axum::extract::State;
use axum::response::IntoResponse;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};

use super::join_channel::join_channel;
use super::{Which, Written};
use crate::app::App;

/// Join a public channel; an alias.
///
/// The same as `POST /v1/conversations/{conversation}/join`.
#[utoipa::path(post, path = "/v1/join-group", tag = "aliases", security(("access_token" = [])), request_body = Which,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "conversation_archived"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn join_group(
    state: State<App>,
    by: Principal,
    request: RequestId,
    Valid(Which { conversation }): Valid<Which>,
) -> Result<impl IntoResponse, Problem> {
    join_channel(state, by, PathOf(conversation), request).await
}
