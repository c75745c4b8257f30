//! The workspace: whoever registers first founds it and owns it.

mod found_workspace;

use events::{Recorded, StreamName, UserId, WorkspaceEvent};

use crate::Aggregate;

pub use found_workspace::FoundWorkspace;

/// The aggregate of `workspace-main`.
#[derive(Debug)]
pub struct Workspace;

/// What the rules remember of the workspace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// Nobody has registered yet.
    #[default]
    Missing,
    /// Somebody was first.
    Founded {
        /// Who.
        owner: UserId,
    },
}

/// Why the workspace says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else was first.
    #[error("the workspace is founded already")]
    AlreadyFounded,
}

impl Aggregate for Workspace {
    type Id = ();
    type State = State;
    type Event = WorkspaceEvent;
    type Refusal = Refusal;

    fn stream((): &()) -> StreamName {
        StreamName::workspace()
    }

    fn evolve(_: State, fact: &Recorded<WorkspaceEvent>) -> State {
        match &fact.event {
            WorkspaceEvent::WorkspaceFounded { owner } => State::Founded { owner: *owner },
        }
    }
}
