//! A message and all that happens to it. Its id is chosen by its sender, so a send happens once for ever.

mod post_message;
mod text;

use events::{ConversationId, FileId, MessageEvent, MessageId, Position, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use post_message::PostMessage;
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
    Posted {
        /// What was posted, as it was first.
        first: Content,
        /// Where the first fact stands in the order of everything: the answer to every repeat.
        position: Position,
        /// Whether it is gone.
        deleted: bool,
    },
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
}

/// Proof that a message can be answered in a thread. Only a message's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    root: MessageId,
    conversation: ConversationId,
}

impl State {
    /// Proves that `root`, whose state this is, can carry a thread in `conversation`: it stands there, is not gone
    /// and is no answer itself.
    ///
    /// # Errors
    /// When it cannot.
    pub fn thread(&self, root: MessageId, conversation: ConversationId) -> Result<Thread, Refusal> {
        match self {
            Self::Posted { first, deleted: false, .. }
                if first.conversation == conversation && first.thread.is_none() =>
            {
                Ok(Thread { root, conversation })
            }
            Self::Missing | Self::Posted { .. } => Err(Refusal::NoSuchThread),
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
        match (state, &fact.event) {
            (State::Missing, MessageEvent::MessagePosted { conversation, author, text, thread, files }) => {
                let first = Content {
                    conversation: *conversation,
                    author: *author,
                    text: text.clone(),
                    thread: *thread,
                    files: files.clone(),
                };
                State::Posted { first, position: fact.position, deleted: false }
            }
            (State::Posted { first, position, .. }, MessageEvent::MessageDeleted { .. }) => {
                State::Posted { first, position, deleted: true }
            }
            (state, _) => state,
        }
    }
}
