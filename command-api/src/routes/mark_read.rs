//! `PUT /v1/conversations/{conversation}/read`

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

/// How far one has read.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct ReadUpTo {
    /// Position of the newest message one has read.
    pub(super) position: Position,
    /// The newest cursor or position that this device has heard of. With it, a report that was made before something was
    /// marked unread on another device changes nothing.
    known: Option<Position>,
}

/// Mark a conversation as read up to a message. Marking what is read already changes nothing.
///
/// In groups, direct conversations and channels with `receipts`, the others are told, unless your preferences say no.
#[utoipa::path(put, path = "/v1/conversations/{conversation}/read", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = ReadUpTo,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mark_read(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(ReadUpTo { position, known }): Valid<ReadUpTo>,
) -> Result<impl IntoResponse, Problem> {
    let report = Report { conversation, up_to: position, known };
    let position = receipts::mark_read(&app, by, &Cause::of(request, by), report).await?;
    Ok(Written::answer(position))
}
