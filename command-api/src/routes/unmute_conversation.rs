//! `DELETE /v1/conversations/{conversation}/mute`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::preference::MuteConversation;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::preferences::prefer;

/// Mute a conversation no longer.
#[utoipa::path(delete, path = "/v1/conversations/{conversation}/mute", tag = "mine",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 503, body = Problem)))]
pub(crate) async fn unmute_conversation(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = |of| MuteConversation { of, muted: false };
    let position = prefer(&app, by, &Cause::of(request, by), conversation, command).await?;
    Ok(Written::answer(position))
}
