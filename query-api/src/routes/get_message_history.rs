//! `GET /v1/messages/{message}/history`

use axum::Json;
use axum::extract::State;
use events::{MessageId, Timestamp};
use read_model::Version;
use serde::{Deserialize, Serialize};
use service_kit::{PathOf, Principal, Problem};
use utoipa::ToSchema;

use crate::App;
use crate::freshness::MinPosition;
use crate::page::Page;
use crate::reading::MESSAGE_VIEWS;

/// What a message said, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct MessageVersion {
    /// What it said.
    text: String,
    /// When that was written.
    at: Timestamp,
}

impl From<Version> for MessageVersion {
    fn from(Version { text, at }: Version) -> Self {
        Self { text, at }
    }
}

/// Everything a message ever said, oldest first, the present text last. A deleted message says nothing, here neither.
#[utoipa::path(get, path = "/v1/messages/{message}/history", tag = "messages",
    params(("message" = MessageId, Path, description = "Which"), MinPosition),
    responses((status = 200, body = Page<MessageVersion>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_message_history(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(message): PathOf<MessageId>,
    least: MinPosition,
) -> Result<Json<Page<MessageVersion>>, Problem> {
    app.freshness.reach(least, &MESSAGE_VIEWS).await?;
    let stored = app.reading.message(user, message).await?;
    Ok(Json(Page::whole(stored.versions().into_iter().map(MessageVersion::from).collect())))
}
