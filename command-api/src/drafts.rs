//! What somebody has begun to write. Where she has begun is said first, and that she has no more is said last: whatever
//! fails in between, a place may count that has no draft, and never the other way round.

use domain::draft::{CloseDraft, OpenDraft, RemoveDraft, SaveDraft};
use domain::message::{InvalidText, MessageText};
use events::{DraftPlace, Position};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::messages::{done, state};
use crate::problems::Answer;

/// Saves a draft; one in which nothing can be seen is gone.
pub(crate) async fn save(
    app: &App,
    by: Principal,
    cause: &Cause,
    place: DraftPlace,
    text: String,
) -> Result<Position, Problem> {
    let text = match MessageText::parse(text) {
        Ok(text) => text,
        Err(InvalidText::Blank) => return remove(app, by, cause, place).await,
        Err(error) => return Err(Problem::invalid_field("/text", &error.to_string())),
    };
    let reader = app.conversations.reader(place.conversation, by.user).await?;
    let thread = match place.thread {
        Some(root) => Some(state(app, root).await?.thread(root, place.conversation).map_err(Answer::problem)?),
        None => None,
    };
    let command = SaveDraft { by: reader, thread, text };
    let opened = done(app, by.user, cause, &OpenDraft { place }).await?;
    let saved = done(app, (place, by.user), cause, &command).await?;
    // Another device may have put an end to the draft in between, and to the place with it.
    done(app, by.user, cause, &OpenDraft { place }).await.map(|again| again.max(saved).max(opened))
}

async fn remove(app: &App, by: Principal, cause: &Cause, place: DraftPlace) -> Result<Position, Problem> {
    let removed = done(app, (place, by.user), cause, &RemoveDraft { place }).await?;
    let closed = done(app, by.user, cause, &CloseDraft { place }).await?;
    Ok(removed.max(closed))
}
