//! Commands about how far somebody is.

use events::{ConversationId, MessageId, Position};
use garde::Validate;
use serde::Deserialize;
use service_kit::Problem;

use super::Given;
use crate::app::App;
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

pub(super) async fn mark_read(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, reached) = given.read::<Reached>(app)?;
    receipts::mark_read(app, by, &cause, reached.into()).await
}

pub(super) async fn mark_delivered(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, reached) = given.read::<Reached>(app)?;
    receipts::mark_delivered(app, by, &cause, reached.into()).await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct ThreadReached {
    thread: MessageId,
    position: Position,
    known: Option<Position>,
}

pub(super) async fn mark_thread_read(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, ThreadReached { thread, position, known }) = given.read(app)?;
    threads::mark_read(app, by, &cause, thread, position, known).await
}
