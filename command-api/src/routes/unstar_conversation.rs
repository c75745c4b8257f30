//! `DELETE /v1/conversations/{conversation}/star`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::preference::StarConversation;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::preferences::prefer;

/// Take a conversation from among your starred ones.
#[utoipa::path(delete, path = "/v1/conversations/{conversation}/star", tag = "mine",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 503, body = Problem)))]
pub(crate) async fn unstar_conversation(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = |of| StarConversation { of, starred: false };
    let position = prefer(&app, by, &Cause::of(request, by), conversation, command).await?;
    Ok(Written::answer(position))
}
