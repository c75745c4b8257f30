//! `POST /v1/create-group`

use axum::extract::State;
use axum::response::IntoResponse;
use events::UserId;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::create_conversation::Begun;
use crate::app::App;
use crate::execute::Cause;
use crate::people::open_group;

/// A group to open.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewGroup {
    /// With whom; you need not be named.
    #[schema(min_items = 2, max_items = 9)]
    members: Vec<UserId>,
}

/// Open a group of three to nine people; an alias.
///
/// The same as `POST /v1/conversations` with the kind `group`. The same people always meet in the same group.
#[utoipa::path(post, path = "/v1/create-group", tag = "aliases", security(("access_token" = [])),
    request_body = NewGroup,
    responses(
        (status = 201, body = Begun), (status = 200, body = Begun, description = "it was there before"),
        (status = 401, body = Problem), (status = 404, body = Problem, description = "user_not_found"),
        (status = 409, body = Problem, description = "too_many_members"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn create_group(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(NewGroup { members }): Valid<NewGroup>,
) -> Result<impl IntoResponse, Problem> {
    Ok(open_group(&app, by.user, &members, &Cause::of(request, by)).await?.answer(&app))
}
