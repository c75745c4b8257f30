//! A person says what she is up to, perhaps until a moment: when that is over is for its readers to see.

use events::public::Status;
use events::{ProfileEvent, Timestamp};

use super::{Profile, Refusal, State, StatusText};
use crate::Command;
use crate::message::Emoji;

/// Set a status.
#[derive(Debug, Clone)]
pub struct SetStatus {
    /// Its emoji.
    pub emoji: Emoji,
    /// Its text.
    pub text: StatusText,
    /// When it clears by itself.
    pub until: Option<Timestamp>,
}

impl Command for SetStatus {
    type On = Profile;

    fn decide(&self, state: &State) -> Result<Vec<ProfileEvent>, Refusal> {
        let State::Created { status, .. } = state else { return Err(Refusal::Missing) };
        let (emoji, text, until) = (self.emoji.as_str().to_owned(), self.text.as_str().to_owned(), self.until);
        let wanted = Status { emoji, text, until };
        if status.as_ref() == Some(&wanted) {
            return Ok(vec![]);
        }
        let Status { emoji, text, until } = wanted;
        Ok(vec![ProfileEvent::StatusSet { emoji, text, until }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    fn created() -> ProfileEvent {
        ProfileEvent::ProfileCreated { name: "Ann".into() }
    }

    fn set(text: &str, until: Option<Timestamp>) -> ProfileEvent {
        ProfileEvent::StatusSet { emoji: "🌴".into(), text: text.into(), until }
    }

    fn command(text: &str, until: Option<Timestamp>) -> SetStatus {
        SetStatus { emoji: Emoji::parse("🌴").unwrap(), text: StatusText::parse(text).unwrap(), until }
    }

    #[test]
    fn a_status_is_set_once_until_it_is_another() {
        let later = Some(Timestamp::from_unix_ms(5));
        given::<Profile>(&ANN, [created()]).when(&command("away", None)).then([set("away", None)]);
        given::<Profile>(&ANN, [created(), set("away", None)]).when(&command("away", None)).nothing();
        given::<Profile>(&ANN, [created(), set("away", None)]).when(&command("away", later)).then([set("away", later)]);
        given::<Profile>(&ANN, [created(), set("away", None), ProfileEvent::StatusCleared {}])
            .when(&command("away", None))
            .then([set("away", None)]);
    }

    #[test]
    fn nobody_has_a_status_without_a_name() {
        given::<Profile>(&ANN, []).when(&command("away", None)).refused(Refusal::Missing);
    }
}
