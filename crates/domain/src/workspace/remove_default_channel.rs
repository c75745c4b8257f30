//! An admin lets newcomers find a channel themselves again.

use events::{ConversationId, WorkspaceEvent};

use super::{Refusal, State, Workspace};
use crate::Command;
use crate::account::Actor;

/// Make a channel no default one any more. Whoever is in it stays in it.
#[derive(Debug, Clone, Copy)]
pub struct RemoveDefaultChannel {
    /// Who does it.
    pub by: Actor,
    /// Which channel.
    pub channel: ConversationId,
}

impl Command for RemoveDefaultChannel {
    type On = Workspace;

    fn decide(&self, state: &State) -> Result<Vec<WorkspaceEvent>, Refusal> {
        let channel = self.channel;
        if !self.by.is_admin() {
            return Err(Refusal::AdminsOnly);
        }
        if channel == ConversationId::general() {
            return Err(Refusal::General);
        }
        let known = state.default_channels.contains(&channel);
        Ok(if known { vec![WorkspaceEvent::DefaultChannelRemoved { channel }] } else { vec![] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, admin, member};
    use crate::spec::{ANN, given};

    #[test]
    fn an_admin_takes_a_default_channel_back_once() {
        let added = WorkspaceEvent::DefaultChannelAdded { channel: CHANNEL };
        let removed = WorkspaceEvent::DefaultChannelRemoved { channel: CHANNEL };
        let command = RemoveDefaultChannel { by: admin(ANN), channel: CHANNEL };
        given::<Workspace>(&(), [added.clone()]).when(&command).then([removed.clone()]);
        given::<Workspace>(&(), [added, removed]).when(&command).nothing();
    }

    #[test]
    fn members_do_not_and_the_general_channel_stays_one() {
        let by_member = RemoveDefaultChannel { by: member(ANN), channel: CHANNEL };
        given::<Workspace>(&(), []).when(&by_member).refused(Refusal::AdminsOnly);
        let general = RemoveDefaultChannel { by: admin(ANN), channel: ConversationId::general() };
        given::<Workspace>(&(), []).when(&general).refused(Refusal::General);
    }
}
