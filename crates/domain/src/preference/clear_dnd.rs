//! Somebody wants notifications again.

use events::PreferenceEvent;

use super::{Preference, Refusal, State};
use crate::Command;

/// Want notifications again.
#[derive(Debug, Clone, Copy)]
pub struct ClearDnd;

impl Command for ClearDnd {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        if state.dnd_until.is_none() {
            return Ok(vec![]);
        }
        Ok(vec![PreferenceEvent::DndChanged { until: None }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};
    use events::Timestamp;

    #[test]
    fn d10_it_ends_once() {
        let set = PreferenceEvent::DndChanged { until: Some(Timestamp::from_unix_ms(1)) };
        let cleared = PreferenceEvent::DndChanged { until: None };
        given::<Preference>(&ANN, [set.clone()]).when(&ClearDnd).then([cleared.clone()]);
        given::<Preference>(&ANN, [set, cleared]).when(&ClearDnd).nothing();
        given::<Preference>(&ANN, []).when(&ClearDnd).nothing();
    }
}
