//! The presence index: how everybody is right now, folded from `presence-` facts. Pure; the newest position wins, so
//! facts may come twice and in any order.

use std::collections::HashMap;

use events::public::PresenceState;
use events::{Fact, Position, PresenceEvent, Recorded, UserId};

/// How everybody is. Whoever was never seen, or whose facts have aged away, is offline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PresenceIndex {
    states: HashMap<UserId, (Position, PresenceState)>,
}

impl PresenceIndex {
    /// Takes a fact of any kind. Returns who changed and how; nothing for facts that are old or no news.
    pub fn fold(&mut self, fact: &Recorded<Fact>) -> Option<(UserId, PresenceState)> {
        let Fact::Presence { user, event } = &fact.event else { return None };
        let state = match event {
            PresenceEvent::CameOnline {} => PresenceState::Active,
            PresenceEvent::WentAway {} => PresenceState::Away,
            PresenceEvent::WentOffline {} => PresenceState::Offline,
            PresenceEvent::DndSet { .. } | PresenceEvent::DndCleared {} => return None,
        };
        let known = self.states.entry(*user).or_default();
        if known.0 >= fact.position {
            return None;
        }
        let changed = known.1 != state;
        *known = (fact.position, state);
        changed.then_some((*user, state))
    }

    /// How she is.
    #[must_use]
    pub fn state(&self, user: UserId) -> PresenceState {
        self.states.get(&user).map(|(_, state)| *state).unwrap_or_default()
    }

    /// Everybody who is not offline, in no order.
    pub fn present(&self) -> impl Iterator<Item = (UserId, PresenceState)> {
        let present = self.states.iter().filter(|(_, (_, state))| *state != PresenceState::Offline);
        present.map(|(user, (_, state))| (*user, *state))
    }
}

#[cfg(test)]
mod tests {
    use events::{Metadata, StreamName, Timestamp};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const ANN: UserId = UserId::new(Uuid::from_u128(1));

    fn at(position: u64, event: PresenceEvent) -> Recorded<Fact> {
        let nobody = Metadata { actor: None, session: None, correlation_id: Uuid::nil(), causation_id: Uuid::nil() };
        Recorded {
            position: Position(position),
            revision: 0,
            at: Timestamp::default(),
            event_id: Uuid::nil(),
            metadata: nobody,
            stream: StreamName::presence(ANN),
            event: Fact::Presence { user: ANN, event },
        }
    }

    #[test]
    fn the_newest_fact_wins_and_only_news_is_reported() {
        let mut index = PresenceIndex::default();
        assert_eq!(index.state(ANN), PresenceState::Offline);
        assert_eq!(index.fold(&at(5, PresenceEvent::CameOnline {})), Some((ANN, PresenceState::Active)));
        assert_eq!(index.fold(&at(6, PresenceEvent::CameOnline {})), None);
        assert_eq!(index.fold(&at(4, PresenceEvent::WentOffline {})), None);
        assert_eq!(index.present().collect::<Vec<_>>(), [(ANN, PresenceState::Active)]);
    }

    #[test]
    fn do_not_disturb_is_nobody_elses_business() {
        let mut index = PresenceIndex::default();
        assert_eq!(index.fold(&at(5, PresenceEvent::DndSet { until: Timestamp::default() })), None);
        assert_eq!(index.present().count(), 0);
    }

    proptest! {
        #[test]
        fn any_order_and_repetition_leads_to_the_same_state(order in Just((1..8_u64).collect::<Vec<_>>()).prop_shuffle()) {
            let fact = |position: u64| match position % 3 {
                0 => at(position, PresenceEvent::CameOnline {}),
                1 => at(position, PresenceEvent::WentAway {}),
                _ => at(position, PresenceEvent::WentOffline {}),
            };
            let (mut sorted, mut shuffled) = (PresenceIndex::default(), PresenceIndex::default());
            (1..8).for_each(|position| _ = sorted.fold(&fact(position)));
            order.iter().chain(&order).for_each(|position| _ = shuffled.fold(&fact(*position)));
            prop_assert_eq!(sorted, shuffled);
        }
    }
}
