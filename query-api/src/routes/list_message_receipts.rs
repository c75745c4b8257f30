//! `GET /v1/messages/{message}/receipts`

use axum::Json;
use axum::extract::State;
use events::{MessageId, UserId};
use read_model::{Conversations, Inboxes, Memberships, Messages, View};
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::freshness::MinPosition;
use crate::page::{Page, limit};
use crate::receipts::{MessageReceipt, Part};

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

/// Who has a message on a device, and who has seen it, its author aside: for members, and where receipts are told.
#[utoipa::path(get, path = "/v1/messages/{message}/receipts", tag = "messages",
    params(("message" = MessageId, Path, description = "Which"), Wanted, MinPosition),
    responses((status = 200, body = Page<MessageReceipt>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_message_receipts(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(message): PathOf<MessageId>,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<MessageReceipt>>, Problem> {
    let part = Part { after: wanted.after, limit: limit(wanted.limit)? };
    let views = [Messages::COLLECTION, Conversations::COLLECTION, Memberships::COLLECTION, Inboxes::COLLECTION];
    app.freshness.reach(least, &views).await?;
    let message = app.reading.message(user, message).await?.message;
    app.reading.message_receipts(user, &message, part).await.map(Json)
}
