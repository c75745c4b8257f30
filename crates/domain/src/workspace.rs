//! The workspace: whoever registers first founds it and owns it; its default channels are joined by all who come.

mod add_default_channel;
mod found_workspace;
mod remove_default_channel;

use std::collections::BTreeSet;

use events::{ConversationId, Recorded, StreamName, UserId, WorkspaceEvent};

use crate::Aggregate;

pub use add_default_channel::AddDefaultChannel;
pub use found_workspace::FoundWorkspace;
pub use remove_default_channel::RemoveDefaultChannel;

/// The aggregate of `workspace-main`.
#[derive(Debug)]
pub struct Workspace;

/// What the rules remember of the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Whoever was first; nobody before anybody has registered.
    pub owner: Option<UserId>,
    /// Channels that newcomers join besides the general one.
    pub default_channels: BTreeSet<ConversationId>,
}

/// Why the workspace says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else was first.
    #[error("the workspace is founded already")]
    AlreadyFounded,
    /// Only admins may.
    #[error("only admins may")]
    AdminsOnly,
    /// The general channel is a default one for ever.
    #[error("everybody joins the general channel")]
    General,
    /// There are as many default channels as there may be.
    #[error("too many default channels")]
    TooManyDefaultChannels,
}

impl Aggregate for Workspace {
    type Id = ();
    type State = State;
    type Event = WorkspaceEvent;
    type Refusal = Refusal;

    fn stream((): &()) -> StreamName {
        StreamName::workspace()
    }

    fn evolve(mut state: State, fact: &Recorded<WorkspaceEvent>) -> State {
        match &fact.event {
            WorkspaceEvent::WorkspaceFounded { owner } => state.owner = Some(*owner),
            WorkspaceEvent::DefaultChannelAdded { channel } => {
                state.default_channels.insert(*channel);
            }
            WorkspaceEvent::DefaultChannelRemoved { channel } => {
                state.default_channels.remove(channel);
            }
        }
        state
    }
}
