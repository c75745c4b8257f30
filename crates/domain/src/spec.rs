//! The words that rule specs are written in: given facts, when a command, then events, or refused.

use std::fmt::Debug;

use events::{Metadata, Position, Recorded, StreamName, Timestamp, UserId};
use uuid::Uuid;

use crate::{Aggregate, Command, EventOf, RefusalOf, StateOf, replay};

pub(crate) const ANN: UserId = UserId::new(Uuid::from_u128(0xA));
pub(crate) const BOB: UserId = UserId::new(Uuid::from_u128(0xB));
pub(crate) const CID: UserId = UserId::new(Uuid::from_u128(0xC));

/// A history that a command meets.
pub(crate) struct Given<A: Aggregate> {
    state: A::State,
}

/// What a command led to.
pub(crate) struct Outcome<C: Command>(Result<Vec<EventOf<C>>, RefusalOf<C>>);

/// An event as the store would give it back: the n-th at position n × 10, n seconds after 1970.
pub(crate) fn recorded<E>(stream: StreamName, revision: u64, event: E) -> Recorded<E> {
    let seconds = i64::try_from(revision).unwrap();
    Recorded {
        position: Position(revision * 10),
        revision,
        at: Timestamp::from_unix_ms(seconds * 1000),
        event_id: Uuid::from_u128(u128::from(revision)),
        metadata: Metadata { actor: None, session: None, correlation_id: Uuid::nil(), causation_id: Uuid::nil() },
        stream,
        event,
    }
}

/// The history of one aggregate, oldest first.
pub(crate) fn given<A: Aggregate>(id: &A::Id, events: impl IntoIterator<Item = A::Event>) -> Given<A> {
    let stream = A::stream(id);
    let history: Vec<_> = (0..).zip(events).map(|(n, event)| recorded(stream.clone(), n, event)).collect();
    Given { state: replay::<A>(&history) }
}

impl<A: Aggregate> Given<A> {
    pub(crate) fn when<C: Command<On = A>>(self, command: &C) -> Outcome<C> {
        Outcome(command.decide(&self.state))
    }

    pub(crate) fn state(self) -> A::State {
        self.state
    }
}

impl<C: Command> Outcome<C>
where
    StateOf<C>: Debug,
{
    #[track_caller]
    pub(crate) fn then(self, expected: impl IntoIterator<Item = EventOf<C>>) {
        assert_eq!(self.0.expect("not refused"), expected.into_iter().collect::<Vec<_>>());
    }

    #[track_caller]
    pub(crate) fn nothing(self) {
        self.then([]);
    }

    #[track_caller]
    pub(crate) fn refused(self, expected: RefusalOf<C>) {
        assert_eq!(self.0.expect_err("refused"), expected);
    }
}
