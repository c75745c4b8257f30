//! `DELETE /v1/conversations/{conversation}/members/{user}`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::RemoveMember;
use events::{ConversationId, UserId};
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::actor::actor;
use crate::app::App;
use crate::channels::settle;
use crate::execute::Cause;

/// Remove somebody from a channel: members of a private one may, whoever made a public one may, and admins.
///
/// Removing somebody who is not in it changes nothing; removing oneself is leaving.
#[utoipa::path(delete, path = "/v1/conversations/{conversation}/members/{user}", tag = "conversations",
    security(("access_token" = [])),
    params(("conversation" = ConversationId, Path), ("user" = UserId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "not_a_member, managers_only"),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "general_channel, not_a_channel, conversation_archived"),
        (status = 503, body = Problem)))]
pub(crate) async fn remove_member(
    State(app): State<App>,
    by: Principal,
    PathOf((conversation, user)): PathOf<(ConversationId, UserId)>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = RemoveMember { by: actor(by), user };
    let position = settle(&app, conversation, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
