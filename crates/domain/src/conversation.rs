//! A conversation: what it is, who belongs to it, whether it can be written to.
//! It alone makes the proofs that posting and reading ask for.

mod channel_name;
mod create_channel;
mod join_channel;
mod leave_channel;
mod open_direct;
mod proofs;
mod purpose;

use std::collections::BTreeSet;

use events::public::ConversationKind;
use events::{ConversationEvent, ConversationId, Recorded, StreamName, UserId, Visibility};

use crate::Aggregate;

pub use channel_name::{ChannelName, InvalidChannelName};
pub use create_channel::CreateChannel;
pub use join_channel::JoinChannel;
pub use leave_channel::LeaveChannel;
pub use open_direct::OpenDirect;
pub use proofs::{Poster, Reader};
pub use purpose::{InvalidPurpose, Purpose};

/// The aggregate of `conversation-{id}`.
#[derive(Debug)]
pub struct Conversation;

/// What the rules remember of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// It does not exist.
    #[default]
    Missing,
    /// It exists.
    Open(Open),
}

/// A conversation that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Its id.
    pub id: ConversationId,
    /// Its kind.
    pub kind: ConversationKind,
    /// A channel's name.
    pub name: Option<String>,
    /// Who may find it.
    pub visibility: Visibility,
    /// Who made it.
    pub creator: UserId,
    /// Who belongs to it.
    pub members: BTreeSet<UserId>,
    /// Whether it is read-only.
    pub archived: bool,
}

/// Why a conversation says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not exist.
    #[error("there is no such conversation")]
    Missing,
    /// It exists already, as something else.
    #[error("the conversation exists already")]
    AlreadyExists,
    /// Only its members may.
    #[error("not a member of the conversation")]
    NotAMember,
    /// Nobody joins or leaves groups and direct conversations.
    #[error("the conversation is not a channel")]
    NotAChannel,
    /// A private channel is not joined but shown.
    #[error("the channel is private")]
    Private,
    /// It is read-only.
    #[error("the conversation is archived")]
    Archived,
    /// Everybody belongs to the general channel.
    #[error("nobody leaves the general channel")]
    General,
}

impl Aggregate for Conversation {
    type Id = ConversationId;
    type State = State;
    type Event = ConversationEvent;
    type Refusal = Refusal;

    fn stream(id: &ConversationId) -> StreamName {
        StreamName::conversation(*id)
    }

    fn evolve(state: State, fact: &Recorded<ConversationEvent>) -> State {
        match state {
            // A conversation's stream is named after its id, so this only fails for streams that are not ours.
            State::Missing => match fact.stream.id().parse() {
                Ok(id) => opened(id, &fact.event).map_or(State::Missing, State::Open),
                Err(_) => State::Missing,
            },
            State::Open(open) => State::Open(changed(open, &fact.event)),
        }
    }
}

fn opened(id: ConversationId, event: &ConversationEvent) -> Option<Open> {
    let (kind, name, visibility, creator, members) = match event {
        ConversationEvent::ChannelCreated { name, visibility, creator, .. } => {
            (ConversationKind::Channel, Some(name.clone()), *visibility, *creator, BTreeSet::new())
        }
        ConversationEvent::GroupCreated { members, creator } => {
            (ConversationKind::Group, None, Visibility::Private, *creator, members.iter().copied().collect())
        }
        ConversationEvent::DirectOpened { members, creator } => {
            (ConversationKind::Direct, None, Visibility::Private, *creator, members.iter().copied().collect())
        }
        ConversationEvent::MemberJoined { .. }
        | ConversationEvent::MemberAdded { .. }
        | ConversationEvent::MemberLeft { .. }
        | ConversationEvent::MemberRemoved { .. }
        | ConversationEvent::Renamed { .. }
        | ConversationEvent::TopicChanged { .. }
        | ConversationEvent::DescriptionChanged { .. }
        | ConversationEvent::MadePrivate {}
        | ConversationEvent::Archived {}
        | ConversationEvent::Unarchived {} => return None,
    };
    Some(Open { id, kind, name, visibility, creator, members, archived: false })
}

fn changed(mut open: Open, event: &ConversationEvent) -> Open {
    match event {
        ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. } => {
            open.members.insert(*user);
        }
        ConversationEvent::MemberLeft { user } | ConversationEvent::MemberRemoved { user, .. } => {
            open.members.remove(user);
        }
        ConversationEvent::Renamed { name } => open.name = Some(name.clone()),
        ConversationEvent::MadePrivate {} => open.visibility = Visibility::Private,
        ConversationEvent::Archived {} => open.archived = true,
        ConversationEvent::Unarchived {} => open.archived = false,
        ConversationEvent::ChannelCreated { .. }
        | ConversationEvent::GroupCreated { .. }
        | ConversationEvent::DirectOpened { .. }
        | ConversationEvent::TopicChanged { .. }
        | ConversationEvent::DescriptionChanged { .. } => {}
    }
    open
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod tests {
    use super::samples::{CHANNEL, created, group, joined, open};
    use super::*;
    use crate::spec::{ANN, BOB, CID, given};

    #[test]
    fn a_conversation_follows_its_facts() {
        let facts = [
            created("cooking"),
            joined(ANN),
            ConversationEvent::MemberAdded { user: BOB, by: ANN },
            ConversationEvent::MemberAdded { user: CID, by: ANN },
            ConversationEvent::MemberLeft { user: BOB },
            ConversationEvent::MemberRemoved { user: CID, by: ANN },
            ConversationEvent::Renamed { name: "baking".into() },
            ConversationEvent::TopicChanged { topic: None },
            ConversationEvent::DescriptionChanged { description: None },
            ConversationEvent::MadePrivate {},
            ConversationEvent::Archived {},
        ];
        let open = open(given::<Conversation>(&CHANNEL, facts).state());
        assert_eq!((open.id, open.kind, open.creator), (CHANNEL, ConversationKind::Channel, ANN));
        assert_eq!((open.name.as_deref(), open.visibility, open.archived), (Some("baking"), Visibility::Private, true));
        assert_eq!(open.members, BTreeSet::from([ANN]));
    }

    #[test]
    fn a_group_has_its_members_from_the_start_and_can_be_written_to_again() {
        let facts = [group(&[ANN, BOB]), ConversationEvent::Archived {}, ConversationEvent::Unarchived {}];
        let open = open(given::<Conversation>(&CHANNEL, facts).state());
        assert_eq!((open.kind, open.archived), (ConversationKind::Group, false));
        assert_eq!(open.members, BTreeSet::from([ANN, BOB]));
    }

    #[test]
    fn what_happens_before_it_exists_changes_nothing() {
        assert_eq!(given::<Conversation>(&CHANNEL, [joined(ANN)]).state(), State::Missing);
    }
}
