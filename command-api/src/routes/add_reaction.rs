//! `PUT /v1/messages/{message}/reactions/{emoji}`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages;

/// React to a message. Reacting the same way again changes nothing.
#[utoipa::path(put, path = "/v1/messages/{message}/reactions/{emoji}", tag = "messages",
    security(("access_token" = [])), params(("message" = MessageId, Path), ("emoji" = String, Path, description = "One emoji, percent-encoded")),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "message_not_found"),
        (status = 409, body = Problem, description = "conversation_archived, too_many_reactions"), (status = 410, body = Problem, description = "message_deleted"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn add_reaction(
    State(app): State<App>,
    by: Principal,
    PathOf((message, emoji)): PathOf<(MessageId, String)>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = messages::add_reaction(&app, by, &Cause::of(request, by), message, &emoji).await?;
    Ok(Written::answer(position))
}
