//! `GET /v1/messages/{message}`

use axum::Json;
use axum::extract::State;
use events::MessageId;
use events::public::Message;
use read_model::MessageDoc;
use serde::Serialize;
use service_kit::{PathOf, Principal, Problem};
use utoipa::ToSchema;

use crate::App;
use crate::freshness::MinPosition;
use crate::reading::MESSAGE_VIEWS;

/// A message, and the link to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedMessage {
    #[serde(flatten)]
    message: Message,
    /// `/archives/{conversation}/p{position}`; of an answer that stands in its thread alone, with `?thread={message}`.
    permalink: String,
}

impl From<MessageDoc> for LinkedMessage {
    fn from(MessageDoc { message, listed, .. }: MessageDoc) -> Self {
        let Message { conversation, position, .. } = message;
        let place = format!("/archives/{conversation}/p{position}");
        let permalink = match message.thread {
            Some(root) if !listed => format!("{place}?thread={root}"),
            Some(_) | None => place,
        };
        Self { message, permalink }
    }
}

/// A message.
#[utoipa::path(get, path = "/v1/messages/{message}", tag = "messages",
    params(("message" = MessageId, Path, description = "Which"), MinPosition),
    responses((status = 200, body = LinkedMessage), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_message(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(message): PathOf<MessageId>,
    least: MinPosition,
) -> Result<Json<LinkedMessage>, Problem> {
    app.freshness.reach(least, &MESSAGE_VIEWS).await?;
    let mut stored = app.reading.message(user, message).await?;
    app.reading.quote(user, std::iter::once(&mut stored.message)).await?;
    Ok(Json(stored.into()))
}
