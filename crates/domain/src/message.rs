//! A message and all that happens to it. Its id is chosen by its sender, so a send happens once for ever.

mod add_reaction;
mod delete_message;
mod edit_message;
mod emoji;
mod post_message;
mod remove_reaction;
mod spoken_to;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use events::{ConversationId, FileId, MessageEvent, MessageId, Position, Recorded, StreamName, Timestamp, UserId};

use crate::Aggregate;
use crate::conversation::{Participant, Viewer};

pub use add_reaction::{AddReaction, MOST_REACTIONS, MOST_REACTIONS_IN_ALL};
pub use delete_message::DeleteMessage;
pub use edit_message::{EditMessage, MOST_EDITS};
pub use emoji::{Emoji, InvalidEmoji};
pub use post_message::PostMessage;
pub use remove_reaction::RemoveReaction;
pub use spoken_to::SpokenTo;
pub use text::{InvalidText, MessageText};

/// The aggregate of `message-{id}`.
#[derive(Debug)]
pub struct Message;

/// What the rules remember of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// Nobody has posted under this id.
    #[default]
    Missing,
    /// Somebody has.
    Posted(Posted),
}

/// A message that was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What was posted, as it was first.
    pub first: Content,
    /// Where the first fact stands in the order of everything: the answer to every repeat.
    pub position: Position,
    /// When it was posted.
    pub at: Timestamp,
    /// What it was changed to say, oldest first.
    pub edited: Vec<String>,
    /// Who reacted with what.
    pub reactions: BTreeMap<String, BTreeSet<UserId>>,
    /// Whether it is gone.
    pub deleted: bool,
}

/// What makes two sends the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub author: UserId,
    /// What.
    pub text: String,
    /// In which thread.
    pub thread: Option<MessageId>,
    /// With which files.
    pub files: Vec<FileId>,
    /// Whether an answer stands in the channel too.
    pub in_channel: bool,
    /// Which message it passes on.
    pub forwards: Option<MessageId>,
}

/// Why a message says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id belongs to another message.
    #[error("the message id is taken")]
    IdTaken,
    /// There is no such message to answer, or not here.
    #[error("there is no such thread")]
    NoSuchThread,
    /// Nobody has posted it, or not here.
    #[error("there is no such message")]
    Missing,
    /// It is gone.
    #[error("the message was deleted")]
    Deleted,
    /// Only its author may.
    #[error("not the author of the message")]
    NotTheAuthor,
    /// It is too old to be changed.
    #[error("the message is too old to be edited")]
    EditWindowClosed,
    /// It was changed often enough.
    #[error("the message was edited too often")]
    TooManyEdits,
    /// It carries as many different emoji as it can.
    #[error("the message has too many different reactions")]
    TooManyReactions,
}

/// Proof that a message can be answered in a thread. Only a message's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    root: MessageId,
    conversation: ConversationId,
    author: UserId,
}

impl Thread {
    /// The message at its head.
    #[must_use]
    pub const fn root(self) -> MessageId {
        self.root
    }

    /// Where it stands.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

/// Proof that a message stands at the head of a thread, or could; it may be gone. Only a message's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    message: MessageId,
    conversation: ConversationId,
}

impl Head {
    /// Which message.
    #[must_use]
    pub const fn message(self) -> MessageId {
        self.message
    }

    /// Where it stands.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

/// Proof that a message stands in a conversation and is not gone. Only a message's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Living {
    message: MessageId,
    conversation: ConversationId,
}

impl Living {
    /// Which message.
    #[must_use]
    pub const fn message(self) -> MessageId {
        self.message
    }

    /// Where it stands.
    #[must_use]
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

/// Proof that somebody may pass a message on: she may see it, and it is not gone. Only a message's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Original {
    message: MessageId,
}

impl Original {
    /// Which message.
    #[must_use]
    pub const fn message(self) -> MessageId {
        self.message
    }
}

impl Posted {
    /// What it says now.
    #[must_use]
    pub fn text(&self) -> &str {
        self.edited.last().unwrap_or(&self.first.text)
    }
}

impl State {
    /// Where it stands, if it was posted as just this: the answer to a repeat, whatever has happened to it since.
    #[must_use]
    pub fn posted_as(&self, content: &Content) -> Option<Position> {
        match self {
            Self::Missing => None,
            Self::Posted(posted) => (posted.first == *content).then_some(posted.position),
        }
    }

    /// The message that this one passes on, if it does.
    #[must_use]
    pub const fn forwards(&self) -> Option<MessageId> {
        match self {
            Self::Missing => None,
            Self::Posted(posted) => posted.first.forwards,
        }
    }

    /// Proves that `by` may pass on `message`, whose state this is. What itself passes another one on is no original:
    /// whoever may see it may not see that one for this.
    ///
    /// # Errors
    /// When she may not see it, it is gone, or no original.
    pub fn original(&self, message: MessageId, by: Viewer) -> Result<Original, Refusal> {
        let living = self.living(message)?;
        if living.conversation != by.conversation() || self.forwards().is_some() {
            return Err(Refusal::Missing);
        }
        Ok(Original { message })
    }

    /// Proves that `root`, whose state this is, can carry a thread in `conversation`: it stands there, is not gone
    /// and is no answer itself.
    ///
    /// # Errors
    /// When it cannot.
    pub fn thread(&self, root: MessageId, conversation: ConversationId) -> Result<Thread, Refusal> {
        match self {
            Self::Posted(Posted { first, deleted: false, .. })
                if first.conversation == conversation && first.thread.is_none() =>
            {
                Ok(Thread { root, conversation, author: first.author })
            }
            Self::Missing | Self::Posted(_) => Err(Refusal::NoSuchThread),
        }
    }

    /// Proves that `message`, whose state this is, is at the head of its own thread: it is no answer itself.
    ///
    /// # Errors
    /// When it was never posted, or is an answer.
    pub const fn head(&self, message: MessageId) -> Result<Head, Refusal> {
        match self {
            Self::Posted(posted) if posted.first.thread.is_none() => {
                Ok(Head { message, conversation: posted.first.conversation })
            }
            Self::Missing | Self::Posted(_) => Err(Refusal::NoSuchThread),
        }
    }

    /// Where it stands, if it was ever posted.
    ///
    /// # Errors
    /// When it was not.
    pub const fn conversation(&self) -> Result<ConversationId, Refusal> {
        match self {
            Self::Missing => Err(Refusal::Missing),
            Self::Posted(posted) => Ok(posted.first.conversation),
        }
    }

    /// Proves that `message`, whose state this is, stands somewhere and is not gone.
    ///
    /// # Errors
    /// When it does not, or is.
    pub const fn living(&self, message: MessageId) -> Result<Living, Refusal> {
        match self {
            Self::Missing => Err(Refusal::Missing),
            Self::Posted(posted) if posted.deleted => Err(Refusal::Deleted),
            Self::Posted(posted) => Ok(Living { message, conversation: posted.first.conversation }),
        }
    }

    /// The message, as far as whoever takes part in its conversation may touch it.
    fn within_reach_of(&self, by: Participant) -> Result<&Posted, Refusal> {
        match self {
            Self::Posted(posted) if posted.first.conversation == by.conversation() => Ok(posted),
            Self::Missing | Self::Posted(_) => Err(Refusal::Missing),
        }
    }
}

impl Aggregate for Message {
    type Id = MessageId;
    type State = State;
    type Event = MessageEvent;
    type Refusal = Refusal;

    fn stream(id: &MessageId) -> StreamName {
        StreamName::message(*id)
    }

    fn evolve(state: State, fact: &Recorded<MessageEvent>) -> State {
        match state {
            State::Missing => posted(fact).map_or(State::Missing, State::Posted),
            State::Posted(posted) => State::Posted(changed(posted, &fact.event)),
        }
    }
}

fn posted(fact: &Recorded<MessageEvent>) -> Option<Posted> {
    let MessageEvent::MessagePosted { conversation, author, text, thread, files, in_channel, forwards, .. } =
        &fact.event
    else {
        return None;
    };
    let first = Content {
        conversation: *conversation,
        author: *author,
        text: text.clone(),
        thread: *thread,
        files: files.clone(),
        in_channel: *in_channel,
        forwards: *forwards,
    };
    let (position, at) = (fact.position, fact.at);
    Some(Posted { first, position, at, edited: Vec::new(), reactions: BTreeMap::new(), deleted: false })
}

fn changed(mut posted: Posted, event: &MessageEvent) -> Posted {
    match event {
        MessageEvent::MessageEdited { text, .. } => {
            posted.edited.push(text.clone());
        }
        MessageEvent::MessageDeleted { .. } => {
            posted.deleted = true;
            posted.reactions.clear();
        }
        MessageEvent::ReactionAdded { user, emoji, .. } => {
            posted.reactions.entry(emoji.clone()).or_default().insert(*user);
        }
        MessageEvent::ReactionRemoved { user, emoji, .. } => {
            posted.reactions.entry(emoji.clone()).or_default().remove(user);
            posted.reactions.retain(|_, users| !users.is_empty());
        }
        MessageEvent::MessagePosted { .. }
        | MessageEvent::MessagePinned { .. }
        | MessageEvent::MessageUnpinned { .. } => {}
    }
    posted
}

#[cfg(test)]
pub(crate) mod samples;
