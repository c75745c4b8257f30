//! One person's place in one thread: whether she said that she follows it, and how far she has read. Only the newest
//! fact is kept, so each carries both.

mod follow_thread;
mod mark_thread_read;
mod mark_thread_unread;
mod unfollow_thread;

use events::{FollowEvent, MessageId, Position, Recorded, StreamName, ThreadPlace, UserId};

use crate::Aggregate;

pub use follow_thread::FollowThread;
pub use mark_thread_read::MarkThreadRead;
pub use mark_thread_unread::MarkThreadUnread;
pub use unfollow_thread::UnfollowThread;

/// The aggregate of `follow-{message}.{user}`.
#[derive(Debug)]
pub struct Follow;

/// A person's place in a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Whether she follows, by her word or because she answered or was named; nothing, as long as being answered decides.
    pub following: Option<bool>,
    /// Position of the newest answer she has read.
    pub read: Position,
    /// Position of the fact by which she last marked the thread unread, unless she left it since.
    pub marked: Option<Position>,
}

/// Why a place in a thread says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The thread stands in another conversation.
    #[error("the thread stands elsewhere")]
    Elsewhere,
    /// Nothing has that position yet.
    #[error("the position is beyond the newest fact")]
    BeyondTheNewest,
}

impl Aggregate for Follow {
    type Id = (MessageId, UserId);
    type State = State;
    type Event = FollowEvent;
    type Refusal = Refusal;

    fn stream((root, user): &(MessageId, UserId)) -> StreamName {
        StreamName::follow(*root, *user)
    }

    fn evolve(_: State, fact: &Recorded<FollowEvent>) -> State {
        let ThreadPlace { read, following, marked, .. } = fact.event.place_at(fact.position);
        State { following, read, marked }
    }
}

#[cfg(test)]
pub(crate) mod samples;
