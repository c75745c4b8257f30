//! A name that only one may have: an e-mail address, a phone number, a channel's name.

mod claim_identifier;
mod release_identifier;
mod renew_identifier;

use events::{IdentifierEvent, Recorded, StreamName};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Aggregate;
use crate::account::{Email, Phone};
use crate::conversation::ChannelName;

pub use claim_identifier::ClaimIdentifier;
pub use release_identifier::ReleaseIdentifier;
pub use renew_identifier::RenewIdentifier;

/// The aggregate of `email-{digest}`, `phone-{digest}` and `channelname-{digest}`.
#[derive(Debug)]
pub struct Identifier;

/// A name, in its normal form, that only one may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A person's e-mail address.
    Email(Email),
    /// A person's phone number.
    Phone(Phone),
    /// A channel's name.
    Channel(ChannelName),
}

/// What the rules remember of a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// Nobody has it.
    #[default]
    Free,
    /// Somebody has it.
    Owned {
        /// The user or conversation that has it.
        owner: Uuid,
    },
}

/// Why a name says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else has it.
    #[error("the name is taken")]
    Taken {
        /// Who has it.
        owner: Uuid,
    },
}

impl Aggregate for Identifier {
    type Id = Name;
    type State = State;
    type Event = IdentifierEvent;
    type Refusal = Refusal;

    fn stream(id: &Name) -> StreamName {
        match id {
            Name::Email(email) => StreamName::email(&digest(email.as_str())),
            Name::Phone(phone) => StreamName::phone(&digest(phone.as_str())),
            Name::Channel(name) => StreamName::channel_name(&digest(name.as_str())),
        }
    }

    fn evolve(_: State, fact: &Recorded<IdentifierEvent>) -> State {
        match fact.event {
            IdentifierEvent::IdentifierClaimed { owner } => State::Owned { owner },
            IdentifierEvent::IdentifierReleased {} => State::Free,
        }
    }
}

fn digest(normal: &str) -> String {
    hex::encode(Sha256::digest(normal.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_under_its_digest_and_never_readable_in_the_stream_name() {
        let stream = Identifier::stream(&Name::Email(Email::parse("Ann@example.org").unwrap()));
        assert_eq!(stream, StreamName::email(&digest("ann@example.org")));
        assert!(!stream.as_str().contains("ann"));
    }

    #[test]
    fn each_kind_of_name_has_its_own_streams() {
        let phone = Identifier::stream(&Name::Phone(Phone::parse("+31612345678").unwrap()));
        assert!(phone.as_str().starts_with("phone-"));
        let channel = Identifier::stream(&Name::Channel(ChannelName::parse("general").unwrap()));
        assert!(channel.as_str().starts_with("channelname-"));
    }
}
