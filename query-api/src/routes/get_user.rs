//! `GET /v1/users/{user}`

use axum::Json;
use axum::extract::State;
use events::UserId;
use read_model::{User, UserDoc, Users, View};
use service_kit::{PathOf, Principal, Problem, not_found};

use crate::freshness::MinPosition;
use crate::{App, reading};

/// A person.
#[utoipa::path(get, path = "/v1/users/{user}", tag = "people", params(("user" = UserId, Path, description = "Who"), MinPosition),
    responses((status = 200, body = User), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_user(
    State(app): State<App>,
    _: Principal,
    PathOf(user): PathOf<UserId>,
    least: MinPosition,
) -> Result<Json<User>, Problem> {
    app.freshness.reach(least, &[Users::COLLECTION]).await?;
    let found: Option<UserDoc> = reading::one(&app.reading.users, user.to_string()).await?;
    found.and_then(|doc| doc.user()).map(Json).ok_or_else(not_found)
}
