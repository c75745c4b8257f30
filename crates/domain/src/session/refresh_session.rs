//! A refresh token is exchanged for the next one. An old one coming back means that it was stolen, from one side or
//! the other: the whole family ends. Only the one just exchanged is forgiven for ten seconds.

use events::{SessionEvent, Timestamp};

use super::{GRACE_MS, LIFE_MS, Live, RefreshHash, Refusal, Session, State};
use crate::Command;

/// The reason that stands in `SessionRevoked` when an old token came back.
pub const REUSED: &str = "refresh_reused";

/// Exchange a refresh token. Leads to `SessionRefreshed`, or to `SessionRevoked` when an old token came back.
#[derive(Debug, Clone)]
pub struct RefreshSession {
    /// The token that was presented, hashed.
    pub presented: RefreshHash,
    /// The token that takes its place, hashed.
    pub next: RefreshHash,
    /// Now, by the clock of whoever asks.
    pub now: Timestamp,
}

impl Command for RefreshSession {
    type On = Session;

    fn decide(&self, state: &State) -> Result<Vec<SessionEvent>, Refusal> {
        match state {
            State::Missing => Err(Refusal::Missing),
            State::Revoked { .. } => Err(Refusal::Revoked),
            State::Live(live) => self.exchange(live),
        }
    }
}

impl RefreshSession {
    fn exchange(&self, live: &Live) -> Result<Vec<SessionEvent>, Refusal> {
        if self.now.unix_ms() - live.started_at.unix_ms() >= LIFE_MS {
            return Err(Refusal::Expired);
        }
        if self.presented == live.current {
            return Ok(vec![SessionEvent::SessionRefreshed { refresh_hash: self.next.0.clone() }]);
        }
        let in_grace = self.now.unix_ms() - live.rotated_at.unix_ms() < GRACE_MS;
        if in_grace && live.used.last() == Some(&self.presented) {
            return Err(Refusal::Superseded);
        }
        if live.used.contains(&self.presented) {
            return Ok(vec![SessionEvent::SessionRevoked { reason: REUSED.to_owned() }]);
        }
        // Knowing a session's id must not be enough to end it.
        Err(Refusal::UnknownToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::samples::{SESSION, hash, refreshed, revoked, started};
    use crate::spec::{ANN, given};
    use proptest::prelude::*;

    /// The n-th fact of a spec is recorded n seconds after 1970.
    fn refresh(presented: &str, now_ms: i64) -> RefreshSession {
        RefreshSession { presented: hash(presented), next: hash("next"), now: Timestamp::from_unix_ms(now_ms) }
    }

    #[test]
    fn a16_the_newest_token_is_exchanged() {
        given::<Session>(&SESSION, [started(ANN, "one")]).when(&refresh("one", 5_000)).then([refreshed("next")]);
        let twice = [started(ANN, "one"), refreshed("two")];
        given::<Session>(&SESSION, twice).when(&refresh("two", 5_000)).then([refreshed("next")]);
    }

    #[test]
    fn the_token_just_exchanged_is_forgiven_for_ten_seconds() {
        let facts = || [started(ANN, "one"), refreshed("two")];
        given::<Session>(&SESSION, facts()).when(&refresh("one", 10_999)).refused(Refusal::Superseded);
        given::<Session>(&SESSION, facts()).when(&refresh("one", 11_000)).then([revoked(REUSED)]);
    }

    #[test]
    fn a_clock_that_runs_behind_the_store_forgives_too() {
        let facts = [started(ANN, "one"), refreshed("two")];
        given::<Session>(&SESSION, facts).when(&refresh("one", -60_000)).refused(Refusal::Superseded);
    }

    #[test]
    fn an_older_token_ends_the_family_at_once() {
        let facts = [started(ANN, "one"), refreshed("two"), refreshed("three")];
        given::<Session>(&SESSION, facts).when(&refresh("one", 2_001)).then([revoked(REUSED)]);
    }

    #[test]
    fn a_token_of_nobody_ends_nothing() {
        given::<Session>(&SESSION, [started(ANN, "one")]).when(&refresh("zero", 1)).refused(Refusal::UnknownToken);
    }

    #[test]
    fn a_session_lives_thirty_days_however_often_it_is_refreshed() {
        let facts = || [started(ANN, "one"), refreshed("two")];
        given::<Session>(&SESSION, facts()).when(&refresh("two", LIFE_MS - 1)).then([refreshed("next")]);
        given::<Session>(&SESSION, facts()).when(&refresh("two", LIFE_MS)).refused(Refusal::Expired);
    }

    #[test]
    fn a_session_that_is_over_or_never_was_is_not_refreshed() {
        given::<Session>(&SESSION, []).when(&refresh("one", 1)).refused(Refusal::Missing);
        let over = [started(ANN, "one"), revoked("signed_out")];
        given::<Session>(&SESSION, over).when(&refresh("one", 1)).refused(Refusal::Revoked);
    }

    proptest! {
        /// However often a session was refreshed: the newest token works, any older one ends it, a foreign one does nothing.
        #[test]
        fn exactly_one_token_of_a_family_is_good(rotations in 0_usize..20, presented in 0_usize..25) {
            let later = (1..=rotations).map(|n| refreshed(&n.to_string()));
            let state = given::<Session>(&SESSION, [started(ANN, "0")].into_iter().chain(later)).state();
            let decided = refresh(&presented.to_string(), 1_000_000).decide(&state);
            match presented.cmp(&rotations) {
                std::cmp::Ordering::Equal => prop_assert_eq!(decided, Ok(vec![refreshed("next")])),
                std::cmp::Ordering::Less => prop_assert_eq!(decided, Ok(vec![revoked(REUSED)])),
                std::cmp::Ordering::Greater => prop_assert_eq!(decided, Err(Refusal::UnknownToken)),
            }
        }
    }
}
