//! Somebody has no draft in a place any more. Said after the draft itself is gone.

use events::{DraftEvent, DraftPlace};

use super::{Places, Refusal, changed};
use crate::{Command, StateOf};

/// End a draft.
#[derive(Debug, Clone, Copy)]
pub struct CloseDraft {
    /// Where.
    pub place: DraftPlace,
}

impl Command for CloseDraft {
    type On = Places;

    fn decide(&self, known: &StateOf<Self>) -> Result<Vec<DraftEvent>, Refusal> {
        let mut places = known.clone();
        if places.remove(&self.place) { Ok(changed(places)) } else { Ok(vec![]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::samples::{HERE, THREAD, places};
    use crate::spec::{ANN, given};

    #[test]
    fn a_place_is_closed_once() {
        let close = CloseDraft { place: HERE };
        given::<Places>(&ANN, [places([HERE, THREAD])]).when(&close).then([places([THREAD])]);
        given::<Places>(&ANN, [places([THREAD])]).when(&close).nothing();
        given::<Places>(&ANN, []).when(&close).nothing();
    }
}
