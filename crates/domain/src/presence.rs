//! Coarse presence: in use, idle or gone.

mod set_presence;

use events::public::PresenceState;
use events::{PresenceEvent, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use set_presence::SetPresence;

/// The aggregate of `presence-{user}`.
#[derive(Debug)]
pub struct Presence;

/// Presence never says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {}

impl Aggregate for Presence {
    type Id = UserId;
    /// `None`: she never said, or so long ago that the store has let it go.
    type State = Option<PresenceState>;
    type Event = PresenceEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::presence(*id)
    }

    fn evolve(state: Self::State, fact: &Recorded<PresenceEvent>) -> Self::State {
        match fact.event {
            PresenceEvent::CameOnline {} => Some(PresenceState::Active),
            PresenceEvent::WentAway {} => Some(PresenceState::Away),
            PresenceEvent::WentOffline {} => Some(PresenceState::Offline),
            PresenceEvent::DndSet { .. } | PresenceEvent::DndCleared {} => state,
        }
    }
}
