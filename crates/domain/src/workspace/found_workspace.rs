//! The first person founds the workspace; everybody after her finds it founded.

use events::{UserId, WorkspaceEvent};

use super::{Refusal, State, Workspace};
use crate::Command;

/// Found the workspace.
#[derive(Debug, Clone, Copy)]
pub struct FoundWorkspace {
    /// Who would own it.
    pub by: UserId,
}

impl Command for FoundWorkspace {
    type On = Workspace;

    fn decide(&self, state: &State) -> Result<Vec<WorkspaceEvent>, Refusal> {
        match state.owner {
            None => Ok(vec![WorkspaceEvent::WorkspaceFounded { owner: self.by }]),
            Some(owner) if owner == self.by => Ok(vec![]),
            Some(_) => Err(Refusal::AlreadyFounded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, BOB, given};

    #[test]
    fn the_first_person_founds_it() {
        given::<Workspace>(&(), [])
            .when(&FoundWorkspace { by: ANN })
            .then([WorkspaceEvent::WorkspaceFounded { owner: ANN }]);
    }

    #[test]
    fn the_founder_may_ask_again_and_nobody_else() {
        let founded = || [WorkspaceEvent::WorkspaceFounded { owner: ANN }];
        given::<Workspace>(&(), founded()).when(&FoundWorkspace { by: ANN }).nothing();
        given::<Workspace>(&(), founded()).when(&FoundWorkspace { by: BOB }).refused(Refusal::AlreadyFounded);
    }
}
