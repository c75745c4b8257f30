//! A person comes, falls idle or goes; saying so twice changes nothing.

use events::PresenceEvent;
use events::public::PresenceState;

use super::{Presence, Refusal};
use crate::Command;

/// Set somebody's presence.
#[derive(Debug, Clone, Copy)]
pub struct SetPresence {
    /// How she is now.
    pub state: PresenceState,
}

impl Command for SetPresence {
    type On = Presence;

    fn decide(&self, state: &Option<PresenceState>) -> Result<Vec<PresenceEvent>, Refusal> {
        if *state == Some(self.state) {
            return Ok(vec![]);
        }
        Ok(vec![match self.state {
            PresenceState::Active => PresenceEvent::CameOnline {},
            PresenceState::Away => PresenceEvent::WentAway {},
            PresenceState::Offline => PresenceEvent::WentOffline {},
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};
    use events::Timestamp;

    #[test]
    fn b03_a_person_comes_falls_idle_and_goes() {
        let set = |state| SetPresence { state };
        given::<Presence>(&ANN, []).when(&set(PresenceState::Active)).then([PresenceEvent::CameOnline {}]);
        given::<Presence>(&ANN, [PresenceEvent::CameOnline {}])
            .when(&set(PresenceState::Away))
            .then([PresenceEvent::WentAway {}]);
        given::<Presence>(&ANN, [PresenceEvent::WentAway {}])
            .when(&set(PresenceState::Offline))
            .then([PresenceEvent::WentOffline {}]);
    }

    #[test]
    fn saying_it_twice_changes_nothing() {
        let offline = SetPresence { state: PresenceState::Offline };
        given::<Presence>(&ANN, [PresenceEvent::WentOffline {}]).when(&offline).nothing();
        let active = SetPresence { state: PresenceState::Active };
        given::<Presence>(&ANN, [PresenceEvent::CameOnline {}]).when(&active).nothing();
    }

    #[test]
    fn what_was_said_too_long_ago_is_said_again() {
        let offline = SetPresence { state: PresenceState::Offline };
        given::<Presence>(&ANN, []).when(&offline).then([PresenceEvent::WentOffline {}]);
    }

    #[test]
    fn wanting_no_notifications_is_not_being_away() {
        let until = Timestamp::from_unix_ms(1);
        let facts = [PresenceEvent::CameOnline {}, PresenceEvent::DndSet { until }, PresenceEvent::DndCleared {}];
        assert_eq!(given::<Presence>(&ANN, facts).state(), Some(PresenceState::Active));
    }
}
