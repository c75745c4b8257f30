//! `GET /v1/activity`

use axum::Json;
use axum::extract::State;
use events::Position;
use read_model::{Activity, ActivityKind, ActivityReads, Conversations, Memberships, Messages, View};
use serde::Deserialize;
use service_kit::{Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::activity::{ActivityPage, Stretch};
use crate::freshness::MinPosition;
use crate::page::limit;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Only entries before this position.
    before: Option<u64>,
    /// Only entries of this kind.
    kind: Option<ActivityKind>,
}

/// What concerned you, the newest first: mentions, keywords, answers in threads that you follow, reactions to what you
/// said, and being added to conversations.
#[utoipa::path(get, path = "/v1/activity", tag = "mine", params(Wanted, MinPosition),
    responses((status = 200, body = ActivityPage), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_activity(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<ActivityPage>, Problem> {
    let limit = limit(wanted.limit)?;
    let views = [
        Activity::COLLECTION,
        ActivityReads::COLLECTION,
        Messages::COLLECTION,
        Conversations::COLLECTION,
        Memberships::COLLECTION,
    ];
    app.freshness.reach(least, &views).await?;
    let before = wanted.before.map(Position);
    let stretch = Stretch { after: Position::START, before, kind: wanted.kind, limit };
    app.reading.activity(user, stretch).await.map(Json)
}
