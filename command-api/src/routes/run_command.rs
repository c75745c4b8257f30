//! `POST /v1/conversations/{conversation}/commands`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use events::public::CommandAnswer;
use events::{ConversationId, MessageId};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::POSITION;
use crate::app::App;
use crate::commands::{self, Typed};
use crate::execute::Cause;

/// What was typed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewCommand {
    /// The command, from its slash on. With two slashes, or anything else before it, it is posted as it is.
    #[schema(max_length = 12000)]
    text: String,
    /// The thread that it is typed in.
    thread: Option<MessageId>,
    /// The id of the message that it posts, if it posts one.
    id: Option<MessageId>,
    /// How many minutes the clock of whoever types is ahead of UTC; 0 if left out.
    #[serde(default)]
    #[garde(range(min = -1440, max = 1440))]
    #[schema(minimum = -1440, maximum = 1440)]
    utc_offset_minutes: i16,
}

/// Run a slash command.
///
/// It does what the routes of the same things do, and is refused as those are. What is for the client alone comes back
/// as `open`, what is to be told to nobody else as `said`.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/commands", tag = "messages",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = NewCommand,
    responses(
        (status = 200, body = CommandAnswer), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "not_in_threads"), (status = 410, body = Problem),
        (status = 422, body = Problem, description = "unknown_command, command_misused"),
        (status = 503, body = Problem)))]
pub(crate) async fn run_command(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(NewCommand { text, thread, id, utc_offset_minutes }): Valid<NewCommand>,
) -> Result<impl IntoResponse, Problem> {
    let typed = Typed { id, conversation, thread, text, ahead_minutes: utc_offset_minutes };
    let answer = commands::run(&app, by, &Cause::of(request, by), typed).await?;
    let header = answer.position.map(|position| [(POSITION, position.0.to_string())]);
    Ok((header, Json(answer)))
}
