//! `DELETE /v1/workspace/default-channels/{conversation}`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::workspace::RemoveDefaultChannel;
use events::ConversationId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::actor::actor;
use crate::app::App;
use crate::execute::{Cause, execute};

/// Let newcomers find a channel themselves again. Whoever is in it stays in it.
#[utoipa::path(delete, path = "/v1/workspace/default-channels/{conversation}", tag = "workspace",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "admins_only"),
        (status = 409, body = Problem, description = "general_channel"), (status = 503, body = Problem)))]
pub(crate) async fn remove_default_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(channel): PathOf<ConversationId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let command = RemoveDefaultChannel { by: actor(by), channel };
    let decided = execute(&app.log, &(), &Cause::of(request, by), &command).await?;
    app.saw(decided.position);
    Ok(Written::answer(decided.position))
}
