//! What somebody saves for later. She saves what she may see, and takes away what she saved whether she may still see
//! it or not.

use domain::saved::SaveMessage;
use events::{MessageId, Position, Timestamp};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::messages::{done, hidden, state};
use crate::problems::Answer;

/// Saves a message.
pub(crate) async fn save(
    app: &App,
    by: Principal,
    cause: &Cause,
    message: MessageId,
    remind_at: Option<Timestamp>,
) -> Result<Position, Problem> {
    let state = state(app, message).await?;
    let conversation = state.conversation().map_err(Answer::problem)?;
    let viewer = app.conversations.viewer(conversation, by.user).await.map_err(hidden)?;
    let message = state.living(message).map_err(Answer::problem)?;
    done(app, by.user, cause, &SaveMessage { by: viewer, message, remind_at }).await
}
