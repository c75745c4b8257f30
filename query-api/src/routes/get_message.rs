//! `GET /v1/messages/{message}`

use axum::Json;
use axum::extract::State;
use events::MessageId;
use events::public::Message;
use read_model::{Conversations, Memberships, Messages, View};
use service_kit::{PathOf, Principal, Problem, not_found};

use crate::freshness::MinPosition;
use crate::{App, reading};

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
    let views = [Messages::COLLECTION, Conversations::COLLECTION, Memberships::COLLECTION];
    app.freshness.reach(least, &views).await?;
    let found: Option<Message> = reading::one(&app.reading.messages, message.to_string()).await?;
    let message = found.ok_or_else(not_found)?;
    app.reading.must_see(user, message.conversation).await?;
    Ok(Json(message))
}
