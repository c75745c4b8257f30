//! `GET /v1/get-profile`

use axum::Json;
use axum::extract::State;
use events::UserId;
use read_model::User;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::IntoParams;

use super::get_user::get_user;
use crate::App;
use crate::freshness::MinPosition;

/// Whose.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProfileOf {
    /// Whose; your own, when nobody is named.
    user: Option<UserId>,
}

/// What everybody may know of a person; an alias.
///
/// The same as `GET /v1/users/{user}`. What only you may know of yourself has `GET /v1/users/me`.
#[utoipa::path(get, path = "/v1/get-profile", tag = "aliases", params(ProfileOf, MinPosition),
    responses((status = 200, body = User), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_profile(
    state: State<App>,
    by: Principal,
    QueryOf(ProfileOf { user }): QueryOf<ProfileOf>,
    least: MinPosition,
) -> Result<Json<User>, Problem> {
    let user = user.unwrap_or(by.user);
    get_user(state, by, PathOf(user), least).await
}
