//! Commands about how far somebody is.

use async_nats::HeaderMap;
use events::{ConversationId, MessageId, Position};
use garde::Validate;
use serde::Deserialize;
use service_kit::{Problem, RequestId};

use super::{body, principal};
use crate::app::App;
use crate::execute::Cause;
use crate::receipts::{self, Report};
use crate::threads;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct Reached {
    conversation: ConversationId,
    position: Position,
    known: Option<Position>,
}

impl From<Reached> for Report {
    fn from(Reached { conversation, position, known }: Reached) -> Self {
        Self { conversation, up_to: position, known }
    }
}

pub(super) async fn mark_read(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    receipts::mark_read(app, by, &Cause::of(request, by), body::<Reached>(payload)?.into()).await
}

pub(super) async fn mark_delivered(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    receipts::mark_delivered(app, by, &Cause::of(request, by), body::<Reached>(payload)?.into()).await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct ThreadReached {
    thread: MessageId,
    position: Position,
}

pub(super) async fn mark_thread_read(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    let ThreadReached { thread, position } = body(payload)?;
    threads::mark_read(app, by, &Cause::of(request, by), thread, position).await
}
