//! `GET /v1/conversations/{conversation}/receipts`

use axum::Json;
use axum::extract::State;
use events::{ConversationId, UserId};
use read_model::{Conversations, Inboxes, Memberships, View};
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::freshness::MinPosition;
use crate::page::{Page, limit};
use crate::receipts::{Part, Receipt};

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

/// How far the members of a conversation of yours are. Nobody is listed where receipts are not told: in channels without
/// `receipts`, or with more than 50 people.
#[utoipa::path(get, path = "/v1/conversations/{conversation}/receipts", tag = "conversations",
    params(("conversation" = ConversationId, Path, description = "Which"), Wanted, MinPosition),
    responses((status = 200, body = Page<Receipt>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_receipts(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<Receipt>>, Problem> {
    let part = Part { after: wanted.after, limit: limit(wanted.limit)? };
    let views = [Conversations::COLLECTION, Memberships::COLLECTION, Inboxes::COLLECTION];
    app.freshness.reach(least, &views).await?;
    app.reading.receipts(user, conversation, part).await.map(Json)
}
