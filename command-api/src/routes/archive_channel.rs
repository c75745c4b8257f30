//! `POST /v1/conversations/{conversation}/archive`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::ArchiveChannel;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::actor::actor;
use crate::app::App;
use crate::channels::settle;
use crate::execute::Cause;

/// Archive a channel: it can be read, and nothing else. Its members stay.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/archive", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "not_a_member"),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "general_channel, not_a_channel"), (status = 503, body = Problem)))]
pub(crate) async fn archive_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = ArchiveChannel { by: actor(by) };
    let position = settle(&app, conversation, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
