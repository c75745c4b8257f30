//! `POST /v1/conversations/{conversation}/members`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::{AddMembers, State as ConversationState};
use events::public::ConversationKind;
use events::{ConversationId, UserId};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Begun;
use crate::actor::actor;
use crate::app::App;
use crate::channels::settle;
use crate::execute::Cause;
use crate::people::{all_registered, open_among};
use crate::problems::log_problem;

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
    let cause = Cause::of(request, by);
    if let Some(people) = people_of(&app, conversation, by.user).await? {
        let everybody: Vec<UserId> = people.into_iter().chain(users).collect();
        return Ok(open_among(&app, by.user, &everybody, &cause).await?.answer(&app));
    }
    let command = AddMembers { by: actor(by), users: all_registered(&app, &users).await? };
    let position = settle(&app, conversation, &cause, &command).await?;
    Ok(Begun::known(conversation, position).answer(&app))
}

/// The people of a group or direct conversation that `user` is in; `None` for anything else.
async fn people_of(app: &App, id: ConversationId, user: UserId) -> Result<Option<Vec<UserId>>, Problem> {
    let state = app.conversations.read(id).await.map_err(|error| log_problem(&error))?;
    let ConversationState::Open(open) = &*state else { return Ok(None) };
    let fixed = open.kind != ConversationKind::Channel && open.members.contains(&user);
    Ok(fixed.then(|| open.members.iter().copied().collect()))
}
