//! Somebody takes a name, and says so again when it is hers already. Whoever decided before that to give it back finds
//! the stream grown, and leaves it: of a rename to a name and a rename away from it, both at once, neither loses it.

use events::IdentifierEvent;
use uuid::Uuid;

use super::{Identifier, Refusal, State};
use crate::Command;

/// Claim a name with a new event in any case.
#[derive(Debug, Clone, Copy)]
pub struct RenewIdentifier {
    /// The user or conversation that shall have it.
    pub owner: Uuid,
}

impl Command for RenewIdentifier {
    type On = Identifier;

    fn decide(&self, state: &State) -> Result<Vec<IdentifierEvent>, Refusal> {
        match *state {
            State::Owned { owner } if owner != self.owner => Err(Refusal::Taken { owner }),
            State::Free | State::Owned { .. } => Ok(vec![IdentifierEvent::IdentifierClaimed { owner: self.owner }]),
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
    fn a_free_name_or_her_own_is_claimed_anew_and_no_other() {
        let name = Name::Channel(ChannelName::parse("cooking").unwrap());
        let claimed = || IdentifierEvent::IdentifierClaimed { owner: ANN.uuid() };
        let (ann, bob) = (RenewIdentifier { owner: ANN.uuid() }, RenewIdentifier { owner: BOB.uuid() });
        given::<Identifier>(&name, []).when(&ann).then([claimed()]);
        given::<Identifier>(&name, [claimed()]).when(&ann).then([claimed()]);
        given::<Identifier>(&name, [claimed()]).when(&bob).refused(Refusal::Taken { owner: ANN.uuid() });
    }
}
