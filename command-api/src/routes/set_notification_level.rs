//! `PUT /v1/conversations/{conversation}/notification-level`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::preference::SetNotificationLevel;
use events::{ConversationId, NotificationLevel};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::preferences::prefer;

/// Which messages notify.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Level {
    /// All, mentions of you, or none.
    level: NotificationLevel,
}

/// Say which messages of a conversation notify you.
#[utoipa::path(put, path = "/v1/conversations/{conversation}/notification-level", tag = "mine",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = Level,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "too_many_levels"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn set_notification_level(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(Level { level }): Valid<Level>,
) -> Result<impl IntoResponse, Problem> {
    let command = |of| SetNotificationLevel { of, level };
    let position = prefer(&app, by, &Cause::of(request, by), conversation, command).await?;
    Ok(Written::answer(position))
}
