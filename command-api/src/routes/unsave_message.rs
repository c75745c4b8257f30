//! `DELETE /v1/saved/{message}`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::saved::UnsaveMessage;
use events::MessageId;
use service_kit::{PathOf, Principal, Problem, RequestId};

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages::done;

/// Take a message away from what you saved. What is not saved changes nothing.
#[utoipa::path(delete, path = "/v1/saved/{message}", tag = "mine",
    security(("access_token" = [])), params(("message" = MessageId, Path)),
    responses((status = 200, body = Written), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn unsave_message(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let position = done(&app, by.user, &Cause::of(request, by), &UnsaveMessage { message }).await?;
    Ok(Written::answer(position))
}
