//! The two traits of the write side: one for memory, one for intention. Both are synchronous on purpose.

use std::fmt;

use events::{Family, Recorded, StreamName};

/// Something with a history of its own: one stream of events and the state folded from it.
pub trait Aggregate {
    /// What its stream is named after.
    type Id;
    /// What the rules need to remember.
    type State: Default + Clone + fmt::Debug;
    /// What happens to it.
    type Event: Family + PartialEq + fmt::Debug;
    /// Why a command may be refused. A refusal says what is so.
    type Refusal: std::error::Error + PartialEq + Send + Sync + 'static;

    /// The stream that holds its history.
    fn stream(id: &Self::Id) -> StreamName;

    /// The state after one more fact. Total: every fact of the family is understood or deliberately passed over.
    fn evolve(state: Self::State, fact: &Recorded<Self::Event>) -> Self::State;
}

/// One intention. No clock, no randomness, no I/O: whatever it needs, it carries.
pub trait Command {
    /// Whom it is addressed to.
    type On: Aggregate;

    /// What happens; nothing, when things are so already.
    ///
    /// # Errors
    /// When the rules say no.
    fn decide(&self, state: &StateOf<Self>) -> Result<Vec<EventOf<Self>>, RefusalOf<Self>>;
}

/// The id of a command's aggregate.
pub type IdOf<C> = <<C as Command>::On as Aggregate>::Id;
/// The state of a command's aggregate.
pub type StateOf<C> = <<C as Command>::On as Aggregate>::State;
/// The event of a command's aggregate.
pub type EventOf<C> = <<C as Command>::On as Aggregate>::Event;
/// The refusal of a command's aggregate.
pub type RefusalOf<C> = <<C as Command>::On as Aggregate>::Refusal;

/// The state that a history leads to.
#[must_use]
pub fn replay<A: Aggregate>(history: &[Recorded<A::Event>]) -> A::State {
    history.iter().fold(A::State::default(), A::evolve)
}
