//! Somebody takes a name. The stream's revision makes sure that only one does.

use events::IdentifierEvent;
use uuid::Uuid;

use super::{Identifier, Refusal, State};
use crate::Command;

/// Claim a name.
#[derive(Debug, Clone, Copy)]
pub struct ClaimIdentifier {
    /// The user or conversation that shall have it.
    pub owner: Uuid,
}

impl Command for ClaimIdentifier {
    type On = Identifier;

    fn decide(&self, state: &State) -> Result<Vec<IdentifierEvent>, Refusal> {
        match *state {
            State::Free => Ok(vec![IdentifierEvent::IdentifierClaimed { owner: self.owner }]),
            State::Owned { owner } if owner == self.owner => Ok(vec![]),
            State::Owned { owner } => Err(Refusal::Taken { owner }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Email;
    use crate::identifier::Name;
    use crate::spec::{ANN, BOB, given};

    fn name() -> Name {
        Name::Email(Email::parse("ann@example.org").unwrap())
    }

    fn claimed() -> IdentifierEvent {
        IdentifierEvent::IdentifierClaimed { owner: ANN.uuid() }
    }

    #[test]
    fn a_free_name_is_taken() {
        given::<Identifier>(&name(), []).when(&ClaimIdentifier { owner: ANN.uuid() }).then([claimed()]);
        let released = [claimed(), IdentifierEvent::IdentifierReleased {}];
        given::<Identifier>(&name(), released).when(&ClaimIdentifier { owner: ANN.uuid() }).then([claimed()]);
    }

    #[test]
    fn its_owner_may_claim_it_again_and_nobody_else() {
        given::<Identifier>(&name(), [claimed()]).when(&ClaimIdentifier { owner: ANN.uuid() }).nothing();
        given::<Identifier>(&name(), [claimed()])
            .when(&ClaimIdentifier { owner: BOB.uuid() })
            .refused(Refusal::Taken { owner: ANN.uuid() });
    }
}
