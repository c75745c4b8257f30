//! What people say they are up to.

use domain::message::Emoji;
use domain::profile::{SetStatus, StatusText};
use events::{Position, Timestamp};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::fields::Faults;
use crate::messages::done;

/// The emoji of a status that names none.
const USUAL: &str = "💬";

/// Sets somebody's status.
pub(crate) async fn set(
    app: &App,
    by: Principal,
    cause: &Cause,
    emoji: Option<&str>,
    text: &str,
    until: Option<Timestamp>,
) -> Result<Position, Problem> {
    let mut faults = Faults::default();
    let parsed = faults.check("/emoji", Emoji::parse(emoji.unwrap_or(USUAL)));
    let text = faults.check("/text", StatusText::parse(text));
    faults.none()?;
    match (parsed, text) {
        (Some(emoji_of), Some(text)) if emoji.is_some() || !text.as_str().is_empty() => {
            done(app, by.user, cause, &SetStatus { emoji: emoji_of, text, until }).await
        }
        _ => Err(Problem::invalid_field("/text", "a status has an emoji, a text, or both")),
    }
}
