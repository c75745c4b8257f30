//! The owner of a name gives it back.

use events::IdentifierEvent;
use uuid::Uuid;

use super::{Identifier, Refusal, State};
use crate::Command;

/// Release a name.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseIdentifier {
    /// The user or conversation that has it.
    pub owner: Uuid,
}

impl Command for ReleaseIdentifier {
    type On = Identifier;

    fn decide(&self, state: &State) -> Result<Vec<IdentifierEvent>, Refusal> {
        match *state {
            State::Free => Ok(vec![]),
            State::Owned { owner } if owner == self.owner => Ok(vec![IdentifierEvent::IdentifierReleased {}]),
            State::Owned { owner } => Err(Refusal::Taken { owner }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::ChannelName;
    use crate::identifier::Name;
    use crate::spec::{ANN, BOB, given};

    #[test]
    fn only_its_owner_releases_a_name_and_only_once() {
        let name = Name::Channel(ChannelName::parse("cooking").unwrap());
        let claimed = IdentifierEvent::IdentifierClaimed { owner: ANN.uuid() };
        let (ann, bob) = (ReleaseIdentifier { owner: ANN.uuid() }, ReleaseIdentifier { owner: BOB.uuid() });
        given::<Identifier>(&name, [claimed.clone()]).when(&ann).then([IdentifierEvent::IdentifierReleased {}]);
        given::<Identifier>(&name, [claimed.clone()]).when(&bob).refused(Refusal::Taken { owner: ANN.uuid() });
        given::<Identifier>(&name, [claimed, IdentifierEvent::IdentifierReleased {}]).when(&ann).nothing();
    }
}
