//! `POST /v1/send-message`

use axum::extract::State;
use axum::response::IntoResponse;
use events::{ConversationId, MessageId, UserId};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::post_message::{NewMessage, Posted, post_message};
use crate::app::App;
use crate::execute::Cause;
use crate::people::open_direct;

/// A message, and where or to whom it is said.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct MessageTo {
    /// The conversation that it is for.
    conversation: Option<ConversationId>,
    /// Or the person: it is said in your direct conversation.
    user: Option<UserId>,
    /// Chosen by the sender: sending the same message again under the same id posts it once.
    id: MessageId,
    /// What it says.
    #[schema(max_length = 12000)]
    text: String,
}

/// Send a message to a person or a conversation; an alias.
///
/// The same as `POST /v1/conversations/{conversation}/messages`, where there is more to say.
#[utoipa::path(post, path = "/v1/send-message", tag = "aliases", security(("access_token" = [])),
    request_body = MessageTo,
    responses(
        (status = 201, body = Posted), (status = 200, body = Posted, description = "it was posted before"),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found, user_not_found"),
        (status = 409, body = Problem, description = "message_id_taken, conversation_archived"),
        (status = 413, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn send_message(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(MessageTo { conversation, user, id, text }): Valid<MessageTo>,
) -> Result<impl IntoResponse, Problem> {
    let conversation = match (conversation, user) {
        (Some(conversation), None) => conversation,
        (None, Some(user)) => open_direct(&app, by.user, user, &Cause::of(request, by)).await?.place().0,
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::invalid_field("/conversation", "give a conversation or a user"));
        }
    };
    post_message(State(app), by, PathOf(conversation), request, Valid(NewMessage::plain(id, text))).await
}
