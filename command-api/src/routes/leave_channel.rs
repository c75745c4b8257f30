//! `POST /v1/conversations/{conversation}/leave`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::LeaveChannel;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::channels::settle;
use crate::execute::Cause;

/// Leave a channel. Nobody leaves the general one.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/leave", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "general_channel, not_a_channel"), (status = 503, body = Problem)))]
pub(crate) async fn leave_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = LeaveChannel { user: by.user };
    let position = settle(&app, conversation, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
