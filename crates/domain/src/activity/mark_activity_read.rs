//! Somebody has looked through her activity up to an entry. The pointer only moves forward, and never beyond what exists.

use events::{ActivityEvent, Position};

use super::{Activity, Refusal};
use crate::Command;

/// Mark one's activity as read up to a position.
#[derive(Debug, Clone, Copy)]
pub struct MarkActivityRead {
    /// Position of the newest entry she has seen.
    pub up_to: Position,
    /// Position of the newest fact there is.
    pub newest: Position,
}

impl Command for MarkActivityRead {
    type On = Activity;

    fn decide(&self, read: &Position) -> Result<Vec<ActivityEvent>, Refusal> {
        if self.up_to > self.newest {
            return Err(Refusal::BeyondTheNewest);
        }
        if self.up_to <= *read {
            return Ok(vec![]);
        }
        Ok(vec![ActivityEvent::ActivityReadUpTo { read: self.up_to }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    fn command(up_to: u64) -> MarkActivityRead {
        MarkActivityRead { up_to: Position(up_to), newest: Position(100) }
    }

    fn read(up_to: u64) -> ActivityEvent {
        ActivityEvent::ActivityReadUpTo { read: Position(up_to) }
    }

    #[test]
    fn the_pointer_moves_forward_only() {
        given::<Activity>(&ANN, []).when(&command(7)).then([read(7)]);
        given::<Activity>(&ANN, [read(7)]).when(&command(9)).then([read(9)]);
        for up_to in [0, 6, 7] {
            given::<Activity>(&ANN, [read(7)]).when(&command(up_to)).nothing();
        }
    }

    #[test]
    fn nobody_reads_what_does_not_exist() {
        given::<Activity>(&ANN, []).when(&command(101)).refused(Refusal::BeyondTheNewest);
    }
}
