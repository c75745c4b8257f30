//! `PUT /v1/saved/{message}`

use axum::extract::State;
use axum::response::IntoResponse;
use events::{MessageId, Timestamp};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::saved;

/// How a message is saved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Reminder {
    /// When you want to be reminded of it; left out for never. It is kept and listed, and due when you find it so.
    remind_at: Option<Timestamp>,
}

/// Save a message for later; for you alone, on all your devices. What is saved gets this reminder, and is to be done
/// again.
#[utoipa::path(put, path = "/v1/saved/{message}", tag = "mine",
    security(("access_token" = [])), params(("message" = MessageId, Path)), request_body = Reminder,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "message_not_found"),
        (status = 409, body = Problem, description = "too_many_saved"),
        (status = 410, body = Problem, description = "message_deleted"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn save_message(
    State(app): State<App>,
    by: Principal,
    PathOf(message): PathOf<MessageId>,
    request: RequestId,
    Valid(Reminder { remind_at }): Valid<Reminder>,
) -> Result<impl IntoResponse, Problem> {
    let position = saved::save(&app, by, &Cause::of(request, by), message, remind_at).await?;
    Ok(Written::answer(position))
}
