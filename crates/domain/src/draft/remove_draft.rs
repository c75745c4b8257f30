//! Somebody has sent what she began to write, or thought better of it; she may have left the conversation meanwhile.

use events::{DraftEvent, DraftPlace};

use super::{Draft, Refusal};
use crate::Command;

/// Remove a draft.
#[derive(Debug, Clone, Copy)]
pub struct RemoveDraft {
    /// From where.
    pub place: DraftPlace,
}

impl Command for RemoveDraft {
    type On = Draft;

    fn decide(&self, known: &String) -> Result<Vec<DraftEvent>, Refusal> {
        if known.is_empty() {
            return Ok(vec![]);
        }
        let DraftPlace { conversation, thread } = self.place;
        Ok(vec![DraftEvent::DraftSaved { conversation, thread, text: String::new() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::samples::{THREAD, drafted};
    use crate::spec::{BOB, given};

    #[test]
    fn a_draft_is_removed_once() {
        let remove = RemoveDraft { place: THREAD };
        given::<Draft>(&(THREAD, BOB), []).when(&remove).nothing();
        given::<Draft>(&(THREAD, BOB), [drafted(THREAD, "so")]).when(&remove).then([drafted(THREAD, "")]);
        given::<Draft>(&(THREAD, BOB), [drafted(THREAD, "so"), drafted(THREAD, "")]).when(&remove).nothing();
    }
}
