//! Slash commands.

use events::public::CommandAnswer;
use events::{ConversationId, MessageId};
use garde::Validate;
use serde::Deserialize;
use service_kit::Problem;

use super::Given;
use crate::app::App;
use crate::commands::{self, Typed};

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct RunCommand {
    conversation: ConversationId,
    text: String,
    thread: Option<MessageId>,
    /// The id of the message that it posts, if it posts one.
    message: Option<MessageId>,
    #[serde(default)]
    #[garde(range(min = -1440, max = 1440))]
    utc_offset_minutes: i16,
}

pub(super) async fn run_command(app: &App, given: &Given<'_>) -> Result<CommandAnswer, Problem> {
    let (by, cause, body) = given.read(app)?;
    let RunCommand { conversation, text, thread, message, utc_offset_minutes } = body;
    let typed = Typed { id: message, conversation, thread, text, ahead_minutes: utc_offset_minutes };
    commands::run(app, by, &cause, typed).await
}
