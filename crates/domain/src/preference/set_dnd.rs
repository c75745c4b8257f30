//! Somebody wants no notifications for a while.

use events::{PreferenceEvent, Timestamp};

use super::{Preference, Refusal, State};
use crate::Command;

/// Want no notifications until a moment to come.
#[derive(Debug, Clone, Copy)]
pub struct SetDnd {
    /// Until when.
    pub until: Timestamp,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for SetDnd {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        if self.until <= self.now {
            return Err(Refusal::OverAlready);
        }
        if state.dnd_until == Some(self.until) {
            return Ok(vec![]);
        }
        Ok(vec![PreferenceEvent::DndChanged { until: Some(self.until) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    const NOON: Timestamp = Timestamp::from_unix_ms(43_200_000);

    fn until(seconds: i64) -> Timestamp {
        Timestamp::from_unix_ms(NOON.unix_ms() + seconds * 1_000)
    }

    #[test]
    fn d10_it_lasts_until_a_moment_to_come_and_can_be_changed() {
        let set = |seconds| PreferenceEvent::DndChanged { until: Some(until(seconds)) };
        let command = |seconds| SetDnd { until: until(seconds), now: NOON };
        given::<Preference>(&ANN, []).when(&command(60)).then([set(60)]);
        given::<Preference>(&ANN, [set(60)]).when(&command(60)).nothing();
        given::<Preference>(&ANN, [set(60)]).when(&command(30)).then([set(30)]);
    }

    #[test]
    fn what_is_over_cannot_be_wanted() {
        for seconds in [0, -1] {
            let command = SetDnd { until: until(seconds), now: NOON };
            given::<Preference>(&ANN, []).when(&command).refused(Refusal::OverAlready);
        }
    }
}
