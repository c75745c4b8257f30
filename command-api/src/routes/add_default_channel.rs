//! `PUT /v1/workspace/default-channels/{conversation}`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::workspace::AddDefaultChannel;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::actor::actor;
use crate::app::App;
use crate::execute::{Cause, execute};
use crate::problems::{Answer, log_problem};

/// Let everybody who registers from now on join a public channel. Admins may; at most 20 besides the general one.
#[utoipa::path(put, path = "/v1/workspace/default-channels/{conversation}", tag = "workspace",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "admins_only"),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem,
            description = "channel_not_public, conversation_archived, not_a_channel, too_many_default_channels"),
        (status = 503, body = Problem)))]
pub(crate) async fn add_default_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let state = app.conversations.read(conversation).await.map_err(|error| log_problem(&error))?;
    let channel = state.default_channel(actor(by)).map_err(Answer::problem)?;
    let command = AddDefaultChannel { by: actor(by), channel };
    let decided = execute(&app.log, &(), &Cause::of(request, by), &command).await?;
    app.saw(decided.position);
    Ok(Written::answer(decided.position))
}
