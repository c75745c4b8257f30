//! Commands about messages.

use events::{ConversationId, MessageId, Position};
use garde::Validate;
use serde::Deserialize;
use service_kit::Problem;

use super::Given;
use crate::app::App;
use crate::messages;
use crate::sending::{self, Send};

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct PostMessage {
    id: MessageId,
    conversation: ConversationId,
    text: String,
    thread: Option<MessageId>,
    #[serde(default)]
    in_channel: bool,
    forwards: Option<MessageId>,
}

pub(super) async fn post_message(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, body) = given.read(app)?;
    let PostMessage { id, conversation, text, thread, in_channel, forwards } = body;
    let send = Send { id, conversation, text, thread, in_channel, forwards };
    sending::post(app, by, &cause, send).await.map(|sent| sent.position)
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct EditMessage {
    message: MessageId,
    text: String,
}

pub(super) async fn edit_message(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, EditMessage { message, text }) = given.read(app)?;
    messages::edit(app, by, &cause, message, text).await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct DeleteMessage {
    message: MessageId,
}

pub(super) async fn delete_message(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, DeleteMessage { message }) = given.read(app)?;
    messages::delete(app, by, &cause, message).await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct Reaction {
    message: MessageId,
    emoji: String,
}

pub(super) async fn add_reaction(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, Reaction { message, emoji }) = given.read(app)?;
    messages::add_reaction(app, by, &cause, message, &emoji).await
}

pub(super) async fn remove_reaction(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    let (by, cause, Reaction { message, emoji }) = given.read(app)?;
    messages::remove_reaction(app, by, &cause, message, &emoji).await
}
