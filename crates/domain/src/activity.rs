//! How far a person has looked through what concerned her. Only the newest fact is kept.

mod mark_activity_read;

use events::{ActivityEvent, Position, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use mark_activity_read::MarkActivityRead;

/// The aggregate of `activity-{user}`.
#[derive(Debug)]
pub struct Activity;

/// Why activity says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing has that position yet.
    #[error("the position is beyond the newest fact")]
    BeyondTheNewest,
}

impl Aggregate for Activity {
    type Id = UserId;
    /// Position of the newest entry she has seen.
    type State = Position;
    type Event = ActivityEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::activity(*id)
    }

    fn evolve(_: Position, fact: &Recorded<ActivityEvent>) -> Position {
        let ActivityEvent::ActivityReadUpTo { read } = fact.event;
        read
    }
}
