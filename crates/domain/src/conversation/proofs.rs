//! What a conversation vouches for: that somebody may post in it or belongs to it, that newcomers may join it.
//! A proof is as old as the read it came from.

use events::public::ConversationKind;
use events::{ConversationId, PostingPolicy, UserId, Visibility};

use super::{Open, Refusal, State};
use crate::account::Actor;

/// Proof that somebody may post. Only a conversation's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poster {
    user: UserId,
    conversation: ConversationId,
}

impl Poster {
    /// Who may post.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }

    /// Where.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

/// Proof that somebody may take part in what others said: react to it, or take away what she said herself. Only a
/// conversation's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participant {
    user: UserId,
    conversation: ConversationId,
}

impl Participant {
    /// Who may take part.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }

    /// Where.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

impl From<Poster> for Participant {
    fn from(Poster { user, conversation }: Poster) -> Self {
        Self { user, conversation }
    }
}

/// Proof that somebody belongs to a conversation. Only a conversation's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    user: UserId,
    conversation: ConversationId,
    tells: bool,
}

impl Reader {
    /// Who belongs to it.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }

    /// To which.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }

    /// Whether its members are told of each other's receipts.
    #[must_use]
    pub const fn tells(self) -> bool {
        self.tells
    }
}

/// Proof that somebody may see a conversation and what stands in it: public ones are everybody's, the rest is for its
/// members. Only a conversation's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    user: UserId,
    conversation: ConversationId,
}

impl Viewer {
    /// Who may see it.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }

    /// Which.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

/// Proof that a channel is public and open. Only a conversation's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultChannel {
    conversation: ConversationId,
}

impl DefaultChannel {
    /// Which channel.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

impl State {
    /// Proves that `by` may post: she is a member, it is not archived, and its policy lets her.
    ///
    /// # Errors
    /// When she may not; a stranger learns nothing about archiving or policies.
    pub fn poster(&self, by: Actor) -> Result<Poster, Refusal> {
        let open = self.joined_by(by.user)?;
        match open.posting {
            _ if open.archived => Err(Refusal::Archived),
            PostingPolicy::Admins if !open.is_managed_by(by) => Err(Refusal::PostingRestricted),
            PostingPolicy::Everyone | PostingPolicy::Admins => Ok(Poster { user: by.user, conversation: open.id }),
        }
    }

    /// Proves that `user` may take part: she is a member, and it is not archived. Who may post is another question.
    ///
    /// # Errors
    /// When she may not; a stranger learns nothing about archiving.
    pub fn participant(&self, user: UserId) -> Result<Participant, Refusal> {
        let open = self.joined_by(user)?;
        if open.archived { Err(Refusal::Archived) } else { Ok(Participant { user, conversation: open.id }) }
    }

    /// Proves to `by` that newcomers may join by themselves.
    ///
    /// # Errors
    /// When it is not a public channel, or archived.
    pub fn default_channel(&self, by: Actor) -> Result<DefaultChannel, Refusal> {
        let open = self.seen_by(by.user)?;
        if open.kind != ConversationKind::Channel {
            return Err(Refusal::NotAChannel);
        }
        match open.visibility {
            Visibility::Private => Err(Refusal::NotPublic),
            Visibility::Public if open.archived => Err(Refusal::Archived),
            Visibility::Public => Ok(DefaultChannel { conversation: open.id }),
        }
    }

    /// Proves that `user` belongs to the conversation.
    ///
    /// # Errors
    /// When it does not exist or she does not belong to it.
    pub fn reader(&self, user: UserId) -> Result<Reader, Refusal> {
        self.joined_by(user).map(|open| Reader { user, conversation: open.id, tells: open.tells_of_receipts() })
    }

    /// Proves that `user` may see the conversation.
    ///
    /// # Errors
    /// When it does not exist, or is private and she does not belong to it.
    pub fn viewer(&self, user: UserId) -> Result<Viewer, Refusal> {
        self.seen_by(user).map(|open| Viewer { user, conversation: open.id })
    }

    fn joined_by(&self, user: UserId) -> Result<&Open, Refusal> {
        match self {
            Self::Missing => Err(Refusal::Missing),
            Self::Open(open) if open.members.contains(&user) => Ok(open),
            Self::Open(_) => Err(Refusal::NotAMember),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversation;
    use crate::conversation::samples::{CHANNEL, admin, created, direct, group, joined, member, private};
    use crate::spec::{ANN, BOB, CID, given};
    use events::ConversationEvent;

    #[test]
    fn members_may_post_and_strangers_may_not() {
        let state = given::<Conversation>(&CHANNEL, [created("cooking"), joined(ANN)]).state();
        let poster = state.poster(member(ANN)).unwrap();
        assert_eq!((poster.user(), poster.conversation()), (ANN, CHANNEL));
        let reader = state.reader(ANN).unwrap();
        assert_eq!((reader.user(), reader.conversation()), (ANN, CHANNEL));
        assert_eq!(state.poster(member(BOB)), Err(Refusal::NotAMember));
        assert_eq!(state.reader(BOB), Err(Refusal::NotAMember));
        assert_eq!(State::Missing.poster(member(ANN)), Err(Refusal::Missing));
    }

    #[test]
    fn an_archived_conversation_is_read_and_not_written() {
        let facts = [created("cooking"), joined(ANN), ConversationEvent::Archived {}];
        let state = given::<Conversation>(&CHANNEL, facts).state();
        assert_eq!(state.poster(member(ANN)), Err(Refusal::Archived));
        assert!(state.reader(ANN).is_ok());
        assert_eq!(state.participant(ANN), Err(Refusal::Archived));
        let stranger = state.poster(member(BOB));
        assert_eq!(stranger, Err(Refusal::NotAMember), "a stranger does not learn that it is archived");
    }

    #[test]
    fn where_only_admins_post_its_maker_and_admins_do_and_everybody_reads() {
        let policy = PostingPolicy::Admins;
        let facts = [created("news"), joined(ANN), joined(BOB), ConversationEvent::PostingPolicySet { policy }];
        let state = given::<Conversation>(&CHANNEL, facts).state();
        assert_eq!(state.poster(member(BOB)), Err(Refusal::PostingRestricted));
        assert!(state.poster(member(ANN)).is_ok() && state.poster(admin(BOB)).is_ok() && state.reader(BOB).is_ok());
        assert_eq!(state.participant(BOB).map(|bob| (bob.user(), bob.conversation())), Ok((BOB, CHANNEL)));
        assert_eq!(state.participant(CID), Err(Refusal::NotAMember));
        assert_eq!(state.poster(admin(CID)), Err(Refusal::NotAMember), "an admin joins before she posts");
    }

    #[test]
    fn e05_receipts_are_told_everywhere_but_in_channels_unless_a_small_one_wants_it() {
        let tells = |facts: Vec<ConversationEvent>| {
            given::<Conversation>(&CHANNEL, facts).state().reader(ANN).map(Reader::tells)
        };
        let wanted = |receipts| ConversationEvent::ReceiptsSet { receipts };
        assert_eq!(tells(vec![direct(&[ANN, BOB])]), Ok(true));
        assert_eq!(tells(vec![group(&[ANN, BOB, CID])]), Ok(true));
        let converted = ConversationEvent::ConvertedToChannel { name: "cooking".into() };
        assert_eq!(tells(vec![group(&[ANN, BOB, CID]), converted]), Ok(false));
        let cooking = || vec![created("cooking"), joined(ANN)];
        assert_eq!(tells(cooking()), Ok(false));
        assert_eq!(tells([cooking(), vec![wanted(true)]].concat()), Ok(true));
        assert_eq!(tells([cooking(), vec![wanted(true), wanted(false)]].concat()), Ok(false));
        let crowd = |size: u128| (1..size).map(|n| joined(UserId::new(uuid::Uuid::from_u128(n << 8)))).collect();
        assert_eq!(tells([cooking(), vec![wanted(true)], crowd(50)].concat()), Ok(true));
        assert_eq!(tells([cooking(), vec![wanted(true)], crowd(51)].concat()), Ok(false));
    }

    #[test]
    fn a_default_channel_is_public_and_open() {
        let asked = |facts: Vec<ConversationEvent>| {
            given::<Conversation>(&CHANNEL, facts).state().default_channel(admin(ANN)).map(DefaultChannel::conversation)
        };
        assert_eq!(asked(vec![created("news")]), Ok(CHANNEL));
        assert_eq!(asked(vec![created("news"), ConversationEvent::Archived {}]), Err(Refusal::Archived));
        assert_eq!(asked(vec![private("news"), joined(ANN)]), Err(Refusal::NotPublic));
        assert_eq!(asked(vec![private("news")]), Err(Refusal::Private));
        assert_eq!(asked(vec![direct(&[ANN, BOB])]), Err(Refusal::NotAChannel));
        assert_eq!(asked(vec![]), Err(Refusal::Missing));
    }
}
