//! A person has no status any more; clearing none changes nothing.

use events::ProfileEvent;

use super::{Profile, Refusal, State};
use crate::Command;

/// Clear a status.
#[derive(Debug, Clone, Copy)]
pub struct ClearStatus {}

impl Command for ClearStatus {
    type On = Profile;

    fn decide(&self, state: &State) -> Result<Vec<ProfileEvent>, Refusal> {
        match state {
            State::Missing => Err(Refusal::Missing),
            State::Created { status: None, .. } => Ok(vec![]),
            State::Created { .. } => Ok(vec![ProfileEvent::StatusCleared {}]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    #[test]
    fn a_status_is_cleared_once() {
        let created = || ProfileEvent::ProfileCreated { name: "Ann".into() };
        let set = ProfileEvent::StatusSet { emoji: "🌴".into(), text: String::new(), until: None };
        given::<Profile>(&ANN, [created(), set]).when(&ClearStatus {}).then([ProfileEvent::StatusCleared {}]);
        given::<Profile>(&ANN, [created()]).when(&ClearStatus {}).nothing();
        given::<Profile>(&ANN, []).when(&ClearStatus {}).refused(Refusal::Missing);
    }
}
