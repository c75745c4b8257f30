//! `GET /v1/conversations/{conversation}/recount`

use axum::Json;
use axum::extract::State;
use events::{ConversationId, Position};
use read_model::Slice;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::freshness::MinPosition;
use crate::recount::Recount;
use crate::recounting::VIEWS;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only messages after this position, and what became of them; without it, the whole conversation.
    after: Option<u64>,
}

/// A conversation of yours counted again from the facts, beside what you are shown of it: what differs is named. It is as
/// new as the newest fact. Few can be asked for in a minute, and a long conversation only from a position on.
#[utoipa::path(get, path = "/v1/conversations/{conversation}/recount", tag = "conversations",
    params(("conversation" = ConversationId, Path, description = "Which"), Wanted, MinPosition),
    responses((status = 200, body = Recount), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn recount_conversation(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Recount>, Problem> {
    app.freshness.reach(least, &VIEWS).await?;
    let slice = Slice { user, conversation, after: wanted.after.map_or(Position::START, Position) };
    app.recounting.recount(&app.reading, &app.freshness, slice).await.map(Json)
}
