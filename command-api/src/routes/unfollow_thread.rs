//! `DELETE /v1/messages/{message}/follow`

use axum::extract::State;
use axum::response::IntoResponse;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::threads;

/// Stop following a thread, also one that you take part in, until you say otherwise.
#[utoipa::path(delete, path = "/v1/messages/{message}/follow", tag = "threads",
    security(("access_token" = [])), params(("message" = MessageId, Path, description = "The one at its head")),
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "thread_not_found"), (status = 503, body = Problem)))]
pub(crate) async fn unfollow_thread(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = threads::unfollow(&app, by, &Cause::of(request, by), message).await?;
    Ok(Written::answer(position))
}
