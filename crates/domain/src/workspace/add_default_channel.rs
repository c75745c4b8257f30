//! An admin lets newcomers join a channel by themselves.

use events::{ConversationId, WorkspaceEvent};

use super::{Refusal, State, Workspace};
use crate::Command;
use crate::account::Actor;
use crate::conversation::DefaultChannel;

/// Most default channels besides the general one: every registration joins them all.
const MOST: usize = 20;

/// Make a channel a default one. The general channel is one already.
#[derive(Debug, Clone, Copy)]
pub struct AddDefaultChannel {
    /// Who does it.
    pub by: Actor,
    /// Which channel.
    pub channel: DefaultChannel,
}

impl Command for AddDefaultChannel {
    type On = Workspace;

    fn decide(&self, state: &State) -> Result<Vec<WorkspaceEvent>, Refusal> {
        let channel = self.channel.conversation();
        if !self.by.is_admin() {
            return Err(Refusal::AdminsOnly);
        }
        if channel == ConversationId::general() || state.default_channels.contains(&channel) {
            return Ok(vec![]);
        }
        if state.default_channels.len() >= MOST {
            return Err(Refusal::TooManyDefaultChannels);
        }
        Ok(vec![WorkspaceEvent::DefaultChannelAdded { channel }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversation;
    use crate::conversation::samples::{CHANNEL, admin, created, member};
    use crate::spec::{ANN, given};
    use uuid::Uuid;

    fn add(by: Actor, channel: ConversationId) -> AddDefaultChannel {
        let state = given::<Conversation>(&channel, [created("news")]).state();
        AddDefaultChannel { by, channel: state.default_channel(by).unwrap() }
    }

    fn added(channel: ConversationId) -> WorkspaceEvent {
        WorkspaceEvent::DefaultChannelAdded { channel }
    }

    #[test]
    fn an_admin_makes_a_channel_a_default_one_once() {
        given::<Workspace>(&(), []).when(&add(admin(ANN), CHANNEL)).then([added(CHANNEL)]);
        given::<Workspace>(&(), [added(CHANNEL)]).when(&add(admin(ANN), CHANNEL)).nothing();
        given::<Workspace>(&(), []).when(&add(admin(ANN), ConversationId::general())).nothing();
    }

    #[test]
    fn members_do_not() {
        given::<Workspace>(&(), []).when(&add(member(ANN), CHANNEL)).refused(Refusal::AdminsOnly);
    }

    #[test]
    fn there_are_twenty_at_most() {
        let many = (0..20).map(|n| added(ConversationId::new(Uuid::from_u128(n))));
        given::<Workspace>(&(), many).when(&add(admin(ANN), CHANNEL)).refused(Refusal::TooManyDefaultChannels);
    }
}
