//! What a person shows of herself.

mod clear_status;
mod create_profile;
mod set_status;
mod status_text;

use events::public::Status;
use events::{ProfileEvent, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use clear_status::ClearStatus;
pub use create_profile::CreateProfile;
pub use set_status::SetStatus;
pub use status_text::{InvalidStatusText, StatusText};

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
        /// What she is up to.
        status: Option<Status>,
    },
}

/// Why a profile says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person has none.
    #[error("there is no such profile")]
    Missing,
}

impl Aggregate for Profile {
    type Id = UserId;
    type State = State;
    type Event = ProfileEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::profile(*id)
    }

    fn evolve(state: State, fact: &Recorded<ProfileEvent>) -> State {
        let known = match &state {
            State::Missing => None,
            State::Created { status, .. } => status.clone(),
        };
        match (&fact.event, state) {
            (ProfileEvent::ProfileCreated { name } | ProfileEvent::ProfileChanged { name, .. }, _) => {
                State::Created { name: name.clone(), status: known }
            }
            (ProfileEvent::StatusSet { emoji, text, until }, State::Created { name, .. }) => {
                let status = Some(Status { emoji: emoji.clone(), text: text.clone(), until: *until });
                State::Created { name, status }
            }
            (ProfileEvent::StatusCleared {}, State::Created { name, .. }) => State::Created { name, status: None },
            (
                ProfileEvent::AvatarChanged { .. } | ProfileEvent::StatusSet { .. } | ProfileEvent::StatusCleared {},
                state,
            ) => state,
        }
    }
}
