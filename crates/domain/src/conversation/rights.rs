//! Who may do what to a conversation. Whoever may not know of it learns nothing else.

use events::public::ConversationKind;
use events::{MOST_WITH_RECEIPTS, UserId, Visibility};

use super::{Open, Refusal, State};
use crate::account::Actor;

impl State {
    /// The conversation, if `user` may know of it.
    pub(super) fn seen_by(&self, user: UserId) -> Result<&Open, Refusal> {
        match self {
            Self::Missing => Err(Refusal::Missing),
            Self::Open(open) if open.visibility == Visibility::Public || open.members.contains(&user) => Ok(open),
            Self::Open(_) => Err(Refusal::Private),
        }
    }

    /// The channel, if `by` may change it: its members may, and admins may in public ones.
    pub(super) fn kept_by(&self, by: Actor) -> Result<&Open, Refusal> {
        let open = self.seen_by(by.user)?;
        if open.kind != ConversationKind::Channel {
            return Err(Refusal::NotAChannel);
        }
        if open.members.contains(&by.user) || by.is_admin() { Ok(open) } else { Err(Refusal::MembersOnly) }
    }

    /// As [`State::kept_by`], as long as the channel can be written to.
    pub(super) fn changed_by(&self, by: Actor) -> Result<&Open, Refusal> {
        let open = self.kept_by(by)?;
        if open.archived { Err(Refusal::Archived) } else { Ok(open) }
    }
}

impl Open {
    /// Whether `by` manages the channel: whoever made it does, and admins do.
    pub(super) fn is_managed_by(&self, by: Actor) -> bool {
        self.creator == by.user || by.is_admin()
    }

    /// Whether its members are told of each other's receipts: everywhere but in channels, and in those that want it as
    /// long as they are small.
    pub(super) fn tells_of_receipts(&self) -> bool {
        match self.kind {
            ConversationKind::Direct | ConversationKind::Group => true,
            ConversationKind::Channel => self.receipts && self.has_room_for_receipts(),
        }
    }

    /// Whether it is small enough for telling everybody of everybody.
    pub(super) fn has_room_for_receipts(&self) -> bool {
        self.members.len() <= MOST_WITH_RECEIPTS
    }
}
