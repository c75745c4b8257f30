//! `POST /v1/conversations/{conversation}/members`

use axum::extract::State;
use axum::response::IntoResponse;
use events::{ConversationId, UserId};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Begun;
use crate::app::App;
use crate::execute::Cause;
use crate::people::bring_in;

/// People to bring in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMembers {
    /// Who.
    #[garde(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    users: Vec<UserId>,
}

/// Add people to a conversation.
///
/// A channel gets them as members; whoever is in it already stays in it. The people of groups and direct conversations
/// never change: adding to one opens the group of everybody together, whose id is in the answer.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/members", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = NewMembers,
    responses(
        (status = 200, body = Begun), (status = 201, body = Begun, description = "a new group"),
        (status = 401, body = Problem), (status = 403, body = Problem, description = "not_a_member"),
        (status = 404, body = Problem, description = "conversation_not_found, user_not_found"),
        (status = 409, body = Problem, description = "conversation_archived, too_many_members"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn add_members(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(NewMembers { users }): Valid<NewMembers>,
) -> Result<impl IntoResponse, Problem> {
    let begun = bring_in(&app, by, &Cause::of(request, by), conversation, &users).await?;
    Ok(begun.answer(&app))
}
