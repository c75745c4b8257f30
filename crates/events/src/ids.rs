//! One newtype per kind of id, so that a message's id can never stand where a person's belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to be of this kind.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId)
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// A channel, a group or a direct conversation.
    ConversationId
);
id!(
    /// A message; chosen by its sender's client, which makes a send exactly-once.
    MessageId
);
id!(
    /// A signed-in device: one family of refresh tokens.
    SessionId
);
id!(
    /// An uploaded file.
    FileId
);

/// The namespace of every UUIDv5 that Confab derives. Never changes: ids made with it are stored.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0c_6a52_2b1e_4d0f_9d5b_61f6_2a7c_e011);

impl ConversationId {
    /// The direct conversation of these people: the same people, in any order, always meet in the same one.
    #[must_use]
    pub fn direct(members: &[UserId]) -> Self {
        Self::of_people("direct", members)
    }

    /// The n-th group of these people, in any order. One that became a channel is a group no more, and leaves its place
    /// to the next.
    #[must_use]
    pub fn group(members: &[UserId], nth: u32) -> Self {
        Self::of_people(&format!("group:{nth}"), members)
    }

    fn of_people(kind: &str, members: &[UserId]) -> Self {
        let mut sorted = members.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let name: Vec<String> = sorted.iter().map(ToString::to_string).collect();
        Self(Uuid::new_v5(&NAMESPACE, format!("{kind}:{}", name.join("+")).as_bytes()))
    }

    /// The channel that everybody belongs to.
    #[must_use]
    pub fn general() -> Self {
        Self(Uuid::new_v5(&NAMESPACE, b"channel:general"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_people_always_meet_in_the_same_conversation() {
        let (ann, bob) = (UserId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        assert_eq!(ConversationId::direct(&[ann, bob]), ConversationId::direct(&[bob, ann]));
        assert_ne!(ConversationId::direct(&[ann, bob]), ConversationId::direct(&[ann]));
        assert_eq!(ConversationId::direct(&[ann, ann]), ConversationId::direct(&[ann]));
        assert_eq!(ConversationId::group(&[ann, bob], 0), ConversationId::group(&[bob, ann, bob], 0));
        assert_ne!(ConversationId::group(&[ann, bob], 0), ConversationId::group(&[ann, bob], 1));
        assert_ne!(ConversationId::group(&[ann, bob], 0), ConversationId::direct(&[ann, bob]));
    }

    #[test]
    fn an_id_is_read_back_from_its_text() {
        let id = MessageId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("../etc".parse::<MessageId>(), Err(InvalidId));
    }
}
