//! What people prefer of the conversations that they are in, and of their sidebar.

use domain::conversation::Reader;
use domain::preference::{ClearDnd, Preference, SetDnd};
use domain::{Command, preference};
use events::{ConversationId, Position, Timestamp};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::{Cause, execute};
use crate::sessions::now;

/// Carries out what somebody prefers of a conversation; only who belongs to it may prefer anything.
pub(crate) async fn prefer<C: Command<On = Preference>>(
    app: &App,
    by: Principal,
    cause: &Cause,
    conversation: ConversationId,
    command: impl FnOnce(Reader) -> C,
) -> Result<Position, Problem> {
    let reader = app.conversations.reader(conversation, by.user).await?;
    settle(app, by, cause, &command(reader)).await
}

/// Carries out a command about somebody's own settings.
pub(crate) async fn settle<C: Command<On = Preference>>(
    app: &App,
    by: Principal,
    cause: &Cause,
    command: &C,
) -> Result<Position, Problem> {
    let decided = execute(&app.log, &by.user, cause, command).await?;
    app.saw(decided.position);
    Ok(decided.position)
}

/// Wants no notifications until a moment to come.
pub(crate) async fn set_dnd(app: &App, by: Principal, cause: &Cause, until: Timestamp) -> Result<Position, Problem> {
    settle(app, by, cause, &SetDnd { until, now: now() }).await
}

/// Wants notifications again.
pub(crate) async fn clear_dnd(app: &App, by: Principal, cause: &Cause) -> Result<Position, Problem> {
    settle(app, by, cause, &ClearDnd).await
}

/// What is wrong with sections: a cap has a code of its own, everything else its place.
pub(crate) fn invalid_sections(error: preference::InvalidSections) -> Problem {
    use preference::InvalidSections::{Name, SameName, TooMany, TooManyConversations, Twice};
    let pointer = match error {
        TooMany => return Problem::new(409, "too_many_sections", "A sidebar has at most 50 sections."),
        TooManyConversations => {
            return Problem::new(409, "too_many_in_sections", "The sections hold at most 1,000 conversations.");
        }
        Name(n) | SameName(n) => format!("/sections/{n}/name"),
        Twice(n) => format!("/sections/{n}/conversations"),
    };
    Problem::invalid_field(&pointer, &error.to_string())
}

/// What is wrong with keywords, likewise.
pub(crate) fn invalid_keywords(error: preference::InvalidKeywords) -> Problem {
    use preference::InvalidKeywords::{Same, TooMany, Word};
    match error {
        TooMany => Problem::new(409, "too_many_keywords", "There are at most 50 keywords."),
        Word(n) | Same(n) => Problem::invalid_field(&format!("/keywords/{n}"), &error.to_string()),
    }
}

/// What is wrong with quiet hours, likewise.
pub(crate) fn invalid_quiet_hours(error: preference::InvalidQuietHours) -> Problem {
    use preference::InvalidQuietHours::{NoDay, TimeZone, TooMany};
    let pointer = match error {
        TooMany => return Problem::new(409, "too_many_quiet_hours", "There are at most 21 ranges of quiet hours."),
        NoDay(n) => format!("/quiet_hours/ranges/{n}/days"),
        TimeZone => "/quiet_hours/time_zone".to_owned(),
    };
    Problem::invalid_field(&pointer, &error.to_string())
}
