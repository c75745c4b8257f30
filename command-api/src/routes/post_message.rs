//! `POST /v1/conversations/{conversation}/messages`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use events::{ConversationId, MessageId, Position};
use garde::Validate;
use serde::{Deserialize, Serialize};
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::with_position;
use crate::app::App;
use crate::execute::Cause;
use crate::sending::{self, Send};

/// A message to post.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewMessage {
    /// Chosen by the sender, best a UUIDv7: sending the same message again under the same id posts it once.
    id: MessageId,
    /// What it says; something of it must be visible. No control characters but line breaks and tabs.
    /// What passes another message on may say nothing itself.
    #[schema(max_length = 12000)]
    text: String,
    /// The message it answers, when it belongs in a thread.
    thread: Option<MessageId>,
    /// Whether an answer is to stand in the channel too; false if left out.
    #[serde(default)]
    in_channel: bool,
    /// The message that it passes on. You must see that one; its readers see of it what they may see anyway.
    forwards: Option<MessageId>,
}

impl NewMessage {
    /// A message that says something and no more.
    pub(super) const fn plain(id: MessageId, text: String) -> Self {
        Self { id, text, thread: None, in_channel: false, forwards: None }
    }
}

/// A message that was posted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Posted {
    id: MessageId,
    /// Where it stands; the same for every repeat.
    position: Position,
}

/// Post a message.
///
/// The same id with the same content gets the first answer again; with other content it is refused.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/messages", tag = "messages",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = NewMessage,
    responses(
        (status = 201, body = Posted), (status = 200, body = Posted, description = "it was posted before"),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found, thread_not_found, message_not_found"),
        (status = 409, body = Problem, description = "message_id_taken, conversation_archived"),
        (status = 410, body = Problem, description = "message_deleted: there is nothing to pass on"),
        (status = 413, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn post_message(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(NewMessage { id, text, thread, in_channel, forwards }): Valid<NewMessage>,
) -> Result<impl IntoResponse, Problem> {
    let send = Send { id, conversation, text, thread, in_channel, forwards };
    let sent = sending::post(&app, by, &Cause::of(request, by), send).await?;
    let status = if sent.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok(with_position(sent.position, (status, Json(Posted { id, position: sent.position }))))
}
