//! Who does not let others see how far she has read, and when that was so. Facts may come twice, and in any order.

use std::collections::HashMap;

use events::public::PublicEvent;
use events::{InboxEvent, Position, UserId};

/// What people have said about it. Nearly everybody says nothing, and is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Discretion {
    said: HashMap<UserId, Vec<(Position, bool)>>,
}

impl Discretion {
    /// Takes a fact of an inbox. Where only the newest is left, it may be one that says this by the way.
    pub(super) fn learn(&mut self, user: UserId, at: Position, event: &InboxEvent) {
        match *event {
            InboxEvent::ReadReceiptsSet { read_receipts, .. } => self.say(user, at, read_receipts),
            InboxEvent::AllReadUpTo { read_receipts: false, .. } => {
                // Since when is not known where it is all that is left; so she was never open, as far as anybody knows.
                self.say(user, Position::START, false);
                self.say(user, at, false);
            }
            InboxEvent::AllReadUpTo { read_receipts: true, .. } => {}
        }
    }

    /// Takes the public form of a fact.
    pub(super) fn learn_public(&mut self, at: Position, event: &PublicEvent) {
        if let PublicEvent::ReadReceiptsSet { user, read_receipts } = event {
            self.say(*user, at, *read_receipts);
        }
    }

    /// She is open from here on, or no longer.
    fn say(&mut self, user: UserId, at: Position, open: bool) {
        let said = self.said.entry(user).or_default();
        if let Err(place) = said.binary_search_by_key(&at, |(known, _)| *known) {
            said.insert(place, (at, open));
        }
    }

    /// Whether she was open. Nobody says what is so already: before the first word that is known it was the other way.
    pub(super) fn is_open_at(&self, user: UserId, position: Position) -> bool {
        let Some(said) = self.said.get(&user) else { return true };
        match said.partition_point(|(at, _)| *at <= position) {
            0 => said.first().is_none_or(|(_, open)| !open),
            after => said[after - 1].1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ANN: UserId = UserId::new(Uuid::from_u128(1));

    fn set(read_receipts: bool) -> InboxEvent {
        InboxEvent::ReadReceiptsSet { read_receipts, read: Position(0) }
    }

    fn open(discretion: &Discretion, positions: &[u64]) -> Vec<bool> {
        positions.iter().map(|position| discretion.is_open_at(ANN, Position(*position))).collect()
    }

    #[test]
    fn what_counts_is_what_she_had_said_by_then_in_whatever_order_it_is_learned() {
        let (mut forwards, mut backwards) = (Discretion::default(), Discretion::default());
        let said = [(10, false), (20, true), (30, false)];
        said.iter().for_each(|(at, open)| forwards.learn(ANN, Position(*at), &set(*open)));
        said.iter().rev().chain(&said).for_each(|(at, open)| backwards.learn(ANN, Position(*at), &set(*open)));
        assert_eq!(forwards, backwards);
        assert_eq!(open(&forwards, &[9, 10, 19, 20, 29, 30, 99]), [true, false, false, true, true, false, false]);
        assert!(forwards.is_open_at(UserId::new(Uuid::from_u128(2)), Position(99)));
    }

    #[test]
    fn what_is_forgotten_is_inferred_from_what_is_left() {
        let mut discretion = Discretion::default();
        discretion.learn(ANN, Position(20), &set(true));
        assert_eq!(open(&discretion, &[19, 20]), [false, true]);
    }

    #[test]
    fn reading_everything_says_it_by_the_way() {
        let mut discretion = Discretion::default();
        let all_read = |read_receipts| InboxEvent::AllReadUpTo { read_receipts, read: Position(5) };
        discretion.learn(ANN, Position(10), &all_read(true));
        assert_eq!(open(&discretion, &[5, 10]), [true, true]);
        discretion.learn(ANN, Position(20), &all_read(false));
        assert_eq!(open(&discretion, &[15, 20]), [false, false], "how long she was not is not known");
    }
}
