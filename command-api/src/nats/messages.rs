//! Commands about messages that were posted before.

use async_nats::HeaderMap;
use events::{MessageId, Position};
use garde::Validate;
use serde::Deserialize;
use service_kit::{Problem, RequestId};

use super::{body, principal};
use crate::app::App;
use crate::execute::Cause;
use crate::messages;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct EditMessage {
    message: MessageId,
    text: String,
}

pub(super) async fn edit_message(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    let EditMessage { message, text } = body(payload)?;
    messages::edit(app, by, &Cause::of(request, by), message, text).await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct DeleteMessage {
    message: MessageId,
}

pub(super) async fn delete_message(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    let DeleteMessage { message } = body(payload)?;
    messages::delete(app, by, &Cause::of(request, by), message).await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct Reaction {
    message: MessageId,
    emoji: String,
}

pub(super) async fn add_reaction(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    let Reaction { message, emoji } = body(payload)?;
    messages::add_reaction(app, by, &Cause::of(request, by), message, &emoji).await
}

pub(super) async fn remove_reaction(
    app: &App,
    headers: &HeaderMap,
    request: RequestId,
    payload: &[u8],
) -> Result<Position, Problem> {
    let by = principal(app, headers)?;
    let Reaction { message, emoji } = body(payload)?;
    messages::remove_reaction(app, by, &Cause::of(request, by), message, &emoji).await
}
