//! `PUT /v1/conversations/{conversation}/delivered`

use axum::extract::State;
use axum::response::IntoResponse;
use events::{ConversationId, Position};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::receipts::{self, Report};

/// How far a device has received.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct DeliveredUpTo {
    /// Position of the newest message that this device has.
    position: Position,
}

/// Mark a conversation as received up to a message. It never goes back, and what was read was received.
///
/// In groups, direct conversations and channels with `receipts`, the others are told. Elsewhere nothing happens.
#[utoipa::path(put, path = "/v1/conversations/{conversation}/delivered", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = DeliveredUpTo,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mark_delivered(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(DeliveredUpTo { position }): Valid<DeliveredUpTo>,
) -> Result<impl IntoResponse, Problem> {
    let report = Report { conversation, up_to: position, known: None };
    let position = receipts::mark_delivered(&app, by, &Cause::of(request, by), report).await?;
    Ok(Written::answer(position))
}
