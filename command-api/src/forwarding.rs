//! Passing messages on. Whoever does must see what she passes on; what passes another message on stands for that one.

use domain::message::{Original, State};
use events::MessageId;
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::messages::{hidden, state};
use crate::problems::Answer;

/// The message that is passed on, and the proof that this person may see it.
pub(crate) async fn original(
    app: &App,
    by: Principal,
    message: Option<MessageId>,
) -> Result<Option<Original>, Problem> {
    let Some(message) = message else { return Ok(None) };
    let named = seen(app, by, message).await?;
    let Some(original) = named.forwards() else { return Ok(Some(proof(app, by, message, &named).await?)) };
    named.living(message).map_err(Answer::problem)?;
    proof(app, by, original, &seen(app, by, original).await?).await.map(Some)
}

async fn proof(app: &App, by: Principal, message: MessageId, state: &State) -> Result<Original, Problem> {
    let place = state.conversation().map_err(Answer::problem)?;
    let viewer = app.conversations.viewer(place, by.user).await.map_err(hidden)?;
    state.original(message, viewer).map_err(Answer::problem)
}

/// A message, if this person may see it.
async fn seen(app: &App, by: Principal, message: MessageId) -> Result<State, Problem> {
    let state = state(app, message).await?;
    let place = state.conversation().map_err(Answer::problem)?;
    app.conversations.viewer(place, by.user).await.map_err(hidden)?;
    Ok(state)
}
