//! `POST /v1/conversations/{conversation}/join`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::JoinChannel;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::{Cause, execute};

/// Join a public channel. Whoever is in it already stays in it.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/join", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "conversation_archived"), (status = 503, body = Problem)))]
pub(crate) async fn join_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = JoinChannel { user: by.user };
    let decided = execute(&app.log, &conversation, &Cause::of(request, by), &command).await?;
    app.saw(decided.position);
    Ok(Written::answer(decided.position))
}
