//! A conversation: what it is, who belongs to it, whether it can be written to.
//! It alone makes the proofs that posting and reading ask for.

mod add_members;
mod archive_channel;
mod change_channel;
mod channel_name;
mod convert_to_channel;
mod create_channel;
mod join_channel;
mod leave_channel;
mod open_direct;
mod open_group;
mod proofs;
mod purpose;
mod remove_member;
mod rights;
mod unarchive_channel;

use std::collections::BTreeSet;

use events::public::ConversationKind;
use events::{ConversationEvent, ConversationId, PostingPolicy, Recorded, StreamName, UserId, Visibility};

use crate::Aggregate;

pub use add_members::AddMembers;
pub use archive_channel::ArchiveChannel;
pub use change_channel::ChangeChannel;
pub use channel_name::{ChannelName, InvalidChannelName};
pub use convert_to_channel::ConvertToChannel;
pub use create_channel::CreateChannel;
pub use join_channel::JoinChannel;
pub use leave_channel::LeaveChannel;
pub use open_direct::OpenDirect;
pub use open_group::OpenGroup;
pub use proofs::{DefaultChannel, Participant, Poster, Reader, Viewer};
pub use purpose::{InvalidPurpose, Purpose};
pub use remove_member::RemoveMember;
pub use unarchive_channel::UnarchiveChannel;

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
    /// What it is about right now.
    pub topic: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Who may find it.
    pub visibility: Visibility,
    /// Who made it.
    pub creator: UserId,
    /// Who belongs to it.
    pub members: BTreeSet<UserId>,
    /// Whether it is read-only.
    pub archived: bool,
    /// Who of its members may post.
    pub posting: PostingPolicy,
    /// Whether a channel's members are to be told of each other's receipts.
    pub receipts: bool,
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
    /// She may know of the channel, but only its members may change it.
    #[error("only members change the channel")]
    MembersOnly,
    /// Only whoever made the channel and admins may.
    #[error("only managers of the channel may")]
    ManagersOnly,
    /// Only admins and whoever made the channel post here.
    #[error("not everybody may post")]
    PostingRestricted,
    /// The people and the settings of groups and direct conversations stay as they are.
    #[error("the conversation is not a channel")]
    NotAChannel,
    /// Only a group becomes a channel.
    #[error("the conversation is not a group")]
    NotAGroup,
    /// It is private, and she is not in it.
    #[error("the conversation is private")]
    Private,
    /// What is private stays private.
    #[error("the channel stays private")]
    StaysPrivate,
    /// Only a public channel can be a default one.
    #[error("the channel is not public")]
    NotPublic,
    /// Receipts are not told among so many.
    #[error("the channel has too many members for receipts")]
    TooManyForReceipts,
    /// It is read-only.
    #[error("the conversation is archived")]
    Archived,
    /// Everybody belongs to the general channel.
    #[error("the general channel is everybody's")]
    General,
    /// Fewer than three people are no group.
    #[error("a group has at least three people")]
    TooFewMembers,
    /// More people than a group has.
    #[error("a group has at most nine people")]
    TooManyMembers,
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
    let blank = |kind, visibility, creator| Open {
        id,
        kind,
        name: None,
        topic: None,
        description: None,
        visibility,
        creator,
        members: BTreeSet::new(),
        archived: false,
        posting: PostingPolicy::Everyone,
        receipts: false,
    };
    let private = |kind, creator: &UserId, members: &[UserId]| {
        Some(Open { members: members.iter().copied().collect(), ..blank(kind, Visibility::Private, *creator) })
    };
    match event {
        ConversationEvent::ChannelCreated { name, visibility, topic, description, creator } => {
            let (name, topic, description) = (Some(name.clone()), topic.clone(), description.clone());
            Some(Open { name, topic, description, ..blank(ConversationKind::Channel, *visibility, *creator) })
        }
        ConversationEvent::GroupCreated { members, creator } => private(ConversationKind::Group, creator, members),
        ConversationEvent::DirectOpened { members, creator } => private(ConversationKind::Direct, creator, members),
        ConversationEvent::MemberJoined { .. }
        | ConversationEvent::MemberAdded { .. }
        | ConversationEvent::MemberLeft { .. }
        | ConversationEvent::MemberRemoved { .. }
        | ConversationEvent::Renamed { .. }
        | ConversationEvent::TopicChanged { .. }
        | ConversationEvent::DescriptionChanged { .. }
        | ConversationEvent::MadePrivate {}
        | ConversationEvent::Archived {}
        | ConversationEvent::Unarchived {}
        | ConversationEvent::PostingPolicySet { .. }
        | ConversationEvent::ReceiptsSet { .. }
        | ConversationEvent::ConvertedToChannel { .. } => None,
    }
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
        ConversationEvent::TopicChanged { topic } => open.topic.clone_from(topic),
        ConversationEvent::DescriptionChanged { description } => open.description.clone_from(description),
        ConversationEvent::PostingPolicySet { policy } => open.posting = *policy,
        ConversationEvent::ReceiptsSet { receipts } => open.receipts = *receipts,
        ConversationEvent::ConvertedToChannel { name } => {
            open.kind = ConversationKind::Channel;
            open.name = Some(name.clone());
        }
        ConversationEvent::MadePrivate {} => open.visibility = Visibility::Private,
        ConversationEvent::Archived {} => open.archived = true,
        ConversationEvent::Unarchived {} => open.archived = false,
        ConversationEvent::ChannelCreated { .. }
        | ConversationEvent::GroupCreated { .. }
        | ConversationEvent::DirectOpened { .. } => {}
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
            ConversationEvent::TopicChanged { topic: Some("rye".into()) },
            ConversationEvent::DescriptionChanged { description: Some("bread".into()) },
            ConversationEvent::PostingPolicySet { policy: PostingPolicy::Admins },
            ConversationEvent::MadePrivate {},
            ConversationEvent::Archived {},
        ];
        let open = open(given::<Conversation>(&CHANNEL, facts).state());
        assert_eq!((open.id, open.kind, open.creator), (CHANNEL, ConversationKind::Channel, ANN));
        assert_eq!((open.name.as_deref(), open.visibility, open.archived), (Some("baking"), Visibility::Private, true));
        assert_eq!((open.topic.as_deref(), open.description.as_deref()), (Some("rye"), Some("bread")));
        assert_eq!((open.members, open.posting), (BTreeSet::from([ANN]), PostingPolicy::Admins));
    }

    #[test]
    fn a_group_that_was_converted_is_a_private_channel_of_the_same_people() {
        let facts = [group(&[ANN, BOB, CID]), ConversationEvent::ConvertedToChannel { name: "cooking".into() }];
        let open = open(given::<Conversation>(&CHANNEL, facts).state());
        assert_eq!((open.kind, open.visibility), (ConversationKind::Channel, Visibility::Private));
        assert_eq!((open.name.as_deref(), open.members.len()), (Some("cooking"), 3));
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
