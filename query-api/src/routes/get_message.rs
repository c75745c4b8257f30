//! `GET /v1/messages/{message}`

use axum::Json;
use axum::extract::State;
use events::MessageId;
use events::public::Message;
use service_kit::{PathOf, Principal, Problem};

use crate::App;
use crate::freshness::MinPosition;
use crate::reading::MESSAGE_VIEWS;

/// A message.
#[utoipa::path(get, path = "/v1/messages/{message}", tag = "messages",
    params(("message" = MessageId, Path, description = "Which"), MinPosition),
    responses((status = 200, body = Message), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_message(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(message): PathOf<MessageId>,
    least: MinPosition,
) -> Result<Json<Message>, Problem> {
    app.freshness.reach(least, &MESSAGE_VIEWS).await?;
    Ok(Json(app.reading.message(user, message).await?.message))
}
