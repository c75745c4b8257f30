//! What a person shows of herself.

mod create_profile;

use events::{ProfileEvent, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use create_profile::CreateProfile;

/// The aggregate of `profile-{user}`.
#[derive(Debug)]
pub struct Profile;

/// What the rules remember of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// The person has none yet.
    #[default]
    Missing,
    /// She has one.
    Created {
        /// Her full name.
        name: String,
    },
}

/// A profile never says no so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {}

impl Aggregate for Profile {
    type Id = UserId;
    type State = State;
    type Event = ProfileEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::profile(*id)
    }

    fn evolve(state: State, fact: &Recorded<ProfileEvent>) -> State {
        match &fact.event {
            ProfileEvent::ProfileCreated { name } | ProfileEvent::ProfileChanged { name, .. } => {
                State::Created { name: name.clone() }
            }
            ProfileEvent::AvatarChanged { .. } | ProfileEvent::StatusSet { .. } | ProfileEvent::StatusCleared {} => {
                state
            }
        }
    }
}
