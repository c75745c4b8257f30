//! `GET /v1/users`

use axum::Json;
use axum::extract::State;
use events::UserId;
use mongodb::bson::doc;
use read_model::{User, UserDoc, Users, View};
use serde::Deserialize;
use service_kit::{Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::freshness::MinPosition;
use crate::page::{Page, limit};
use crate::{App, reading};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// The cursor of the page before.
    after: Option<UserId>,
}

/// Everybody of the workspace, in the order of joining.
#[utoipa::path(get, path = "/v1/users", tag = "people", params(Wanted, MinPosition),
    responses((status = 200, body = Page<User>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_users(
    State(app): State<App>,
    _: Principal,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<User>>, Problem> {
    let limit = limit(wanted.limit)?;
    app.freshness.reach(least, &[Users::COLLECTION]).await?;
    let after = wanted.after.map(|id| id.to_string()).unwrap_or_default();
    let named = doc! { "_id": { "$gt": after }, "profile": { "$exists": true } };
    // What is private does not even leave the database.
    let hidden = ["email", "phone"];
    let (found, more) = reading::some::<UserDoc>(&app.reading.users, named, doc! { "_id": 1 }, &hidden, limit).await?;
    let users = found.iter().filter_map(UserDoc::user).collect();
    Ok(Json(Page::forwards(users, more, |last| last.person.id.to_string())))
}
