//! `GET /v1/saved`

use axum::Json;
use axum::extract::State;
use events::{Position, SavedState};
use read_model::{Conversations, Memberships, Messages, Saved, View};
use serde::Deserialize;
use service_kit::{Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::freshness::MinPosition;
use crate::page::{Page, limit};
use crate::saved::SavedMessage;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Only what was saved before this position.
    before: Option<u64>,
    /// Only what is to be done, put away, or done.
    state: Option<SavedState>,
}

/// What you saved for later, the newest first. What you may not see any more is left out.
#[utoipa::path(get, path = "/v1/saved", tag = "mine", params(Wanted, MinPosition),
    responses((status = 200, body = Page<SavedMessage, Position>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_saved(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<SavedMessage, Position>>, Problem> {
    let limit = limit(wanted.limit)?;
    let views = [Saved::COLLECTION, Messages::COLLECTION, Conversations::COLLECTION, Memberships::COLLECTION];
    app.freshness.reach(least, &views).await?;
    app.reading.saved(user, wanted.state, wanted.before.map(Position), limit).await.map(Json)
}
