//! `GET /v1/threads`

use axum::Json;
use axum::extract::State;
use events::Position;
use read_model::{Conversations, Follows, Inboxes, Memberships, Messages, View};
use serde::Deserialize;
use service_kit::{Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::freshness::MinPosition;
use crate::page::{Page, limit};
use crate::threads::FollowedThread;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Only threads whose newest answer stands before this position.
    before: Option<u64>,
}

/// The threads that you follow, the one with the newest answer first.
#[utoipa::path(get, path = "/v1/threads", tag = "threads", params(Wanted, MinPosition),
    responses((status = 200, body = Page<FollowedThread, Position>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_threads(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<FollowedThread, Position>>, Problem> {
    let limit = limit(wanted.limit)?;
    let views = [
        Follows::COLLECTION,
        Messages::COLLECTION,
        Conversations::COLLECTION,
        Memberships::COLLECTION,
        Inboxes::COLLECTION,
    ];
    app.freshness.reach(least, &views).await?;
    app.reading.threads(user, wanted.before.map(Position), limit).await.map(Json)
}
