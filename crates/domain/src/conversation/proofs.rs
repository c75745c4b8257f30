//! What a conversation vouches for: that somebody may post in it, or belongs to it.
//! A proof is as old as the read it came from.

use events::{ConversationId, UserId};

use super::{Open, Refusal, State};

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

/// Proof that somebody belongs to a conversation. Only a conversation's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    user: UserId,
    conversation: ConversationId,
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
}

impl State {
    /// Proves that `user` may post: she is a member, and it is not archived.
    ///
    /// # Errors
    /// When she may not; a stranger learns nothing about archiving.
    pub fn poster(&self, user: UserId) -> Result<Poster, Refusal> {
        let open = self.joined_by(user)?;
        if open.archived { Err(Refusal::Archived) } else { Ok(Poster { user, conversation: open.id }) }
    }

    /// Proves that `user` belongs to the conversation.
    ///
    /// # Errors
    /// When it does not exist or she does not belong to it.
    pub fn reader(&self, user: UserId) -> Result<Reader, Refusal> {
        self.joined_by(user).map(|open| Reader { user, conversation: open.id })
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
    use crate::conversation::samples::{CHANNEL, created, joined};
    use crate::spec::{ANN, BOB, given};
    use events::ConversationEvent;

    #[test]
    fn members_may_post_and_strangers_may_not() {
        let state = given::<Conversation>(&CHANNEL, [created("cooking"), joined(ANN)]).state();
        let poster = state.poster(ANN).unwrap();
        assert_eq!((poster.user(), poster.conversation()), (ANN, CHANNEL));
        let reader = state.reader(ANN).unwrap();
        assert_eq!((reader.user(), reader.conversation()), (ANN, CHANNEL));
        assert_eq!(state.poster(BOB), Err(Refusal::NotAMember));
        assert_eq!(state.reader(BOB), Err(Refusal::NotAMember));
        assert_eq!(State::Missing.poster(ANN), Err(Refusal::Missing));
    }

    #[test]
    fn an_archived_conversation_is_read_and_not_written() {
        let facts = [created("cooking"), joined(ANN), ConversationEvent::Archived {}];
        let state = given::<Conversation>(&CHANNEL, facts).state();
        assert_eq!(state.poster(ANN), Err(Refusal::Archived));
        assert!(state.reader(ANN).is_ok());
        assert_eq!(state.poster(BOB), Err(Refusal::NotAMember), "a stranger does not learn that it is archived");
    }
}
