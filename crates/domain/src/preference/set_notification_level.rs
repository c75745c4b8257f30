//! Somebody says which messages of a conversation notify her.

use events::{NotificationLevel, PreferenceEvent};

use super::{MOST, Preference, Refusal, State};
use crate::Command;
use crate::conversation::Reader;

/// Set which messages of a conversation notify.
#[derive(Debug, Clone, Copy)]
pub struct SetNotificationLevel {
    /// Who says so, and of which conversation.
    pub of: Reader,
    /// Which messages.
    pub level: NotificationLevel,
}

impl Command for SetNotificationLevel {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        let (conversation, level) = (self.of.conversation(), self.level);
        match state.levels.get(&conversation) {
            Some(known) if *known == level => Ok(vec![]),
            None if state.levels.len() >= MOST => Err(Refusal::TooManyLevels),
            Some(_) | None => Ok(vec![PreferenceEvent::NotificationLevelSet { conversation, level }]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::preference::samples::{others, reader};
    use crate::spec::{ANN, given};

    fn set(level: NotificationLevel) -> PreferenceEvent {
        PreferenceEvent::NotificationLevelSet { conversation: CHANNEL, level }
    }

    fn command(level: NotificationLevel) -> SetNotificationLevel {
        SetNotificationLevel { of: reader(ANN), level }
    }

    #[test]
    fn a_level_is_set_once() {
        let (all, nothing) = (NotificationLevel::All, NotificationLevel::Nothing);
        given::<Preference>(&ANN, []).when(&command(nothing)).then([set(nothing)]);
        given::<Preference>(&ANN, [set(nothing)]).when(&command(nothing)).nothing();
        given::<Preference>(&ANN, [set(nothing)]).when(&command(all)).then([set(all)]);
    }

    #[test]
    fn there_are_only_so_many() {
        let level = NotificationLevel::All;
        let many = || others(500).map(|conversation| PreferenceEvent::NotificationLevelSet { conversation, level });
        given::<Preference>(&ANN, many()).when(&command(level)).refused(Refusal::TooManyLevels);
        let known = many().skip(1).chain([set(NotificationLevel::Nothing)]);
        given::<Preference>(&ANN, known).when(&command(level)).then([set(level)]);
    }
}
