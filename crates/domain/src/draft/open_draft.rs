//! Somebody begins to write in a place. Said before the draft itself is saved, so that there are never too many.

use events::{DraftEvent, DraftPlace};

use super::{Places, Refusal, changed};
use crate::{Command, StateOf};

/// In how many places one person has drafts.
pub const MOST_DRAFTS: usize = 100;

/// Begin a draft.
#[derive(Debug, Clone, Copy)]
pub struct OpenDraft {
    /// Where.
    pub place: DraftPlace,
}

impl Command for OpenDraft {
    type On = Places;

    fn decide(&self, known: &StateOf<Self>) -> Result<Vec<DraftEvent>, Refusal> {
        if known.contains(&self.place) {
            return Ok(vec![]);
        }
        if known.len() >= MOST_DRAFTS {
            return Err(Refusal::TooMany);
        }
        let mut places = known.clone();
        places.insert(self.place);
        Ok(changed(places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::samples::{HERE, THREAD, others, places};
    use crate::spec::{ANN, given};

    #[test]
    fn a_place_is_opened_once() {
        let open = OpenDraft { place: HERE };
        given::<Places>(&ANN, []).when(&open).then([places([HERE])]);
        given::<Places>(&ANN, [places([THREAD])]).when(&open).then([places([HERE, THREAD])]);
        given::<Places>(&ANN, [places([HERE])]).when(&open).nothing();
    }

    #[test]
    fn there_are_so_many_drafts_and_no_more() {
        let open = OpenDraft { place: HERE };
        let full = || places(others(100));
        given::<Places>(&ANN, [full()]).when(&open).refused(Refusal::TooMany);
        given::<Places>(&ANN, [places(others(99).chain([HERE]))]).when(&open).nothing();
        given::<Places>(&ANN, [full(), places(others(99))])
            .when(&open)
            .then([places([HERE].into_iter().chain(others(99)))]);
    }
}
