//! `POST /v1/conversations/{conversation}/unarchive`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::UnarchiveChannel;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::actor::actor;
use crate::app::App;
use crate::channels::settle;
use crate::execute::Cause;

/// Let an archived channel be written to again.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/unarchive", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "not_a_member"),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "not_a_channel"), (status = 503, body = Problem)))]
pub(crate) async fn unarchive_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = UnarchiveChannel { by: actor(by) };
    let position = settle(&app, conversation, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
