//! `GET /v1/users/me`

use axum::Json;
use axum::extract::State;
use read_model::{Me, UserDoc, Users, View};
use service_kit::{Principal, Problem, not_found};

use crate::freshness::MinPosition;
use crate::{App, reading};

/// Yourself.
#[utoipa::path(get, path = "/v1/users/me", tag = "people",
    params(MinPosition),
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_me(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    least: MinPosition,
) -> Result<Json<Me>, Problem> {
    app.freshness.reach(least, &[Users::COLLECTION]).await?;
    let found: Option<UserDoc> = reading::one(&app.reading.users, user.to_string()).await?;
    found.and_then(|doc| doc.me()).map(Json).ok_or_else(not_found)
}
