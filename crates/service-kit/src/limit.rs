//! Rate limits: token buckets by key.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::Problem;

/// The key was used too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts")]
pub struct TooMany {
    /// How long until the next attempt may succeed.
    pub wait: Duration,
}

impl From<TooMany> for Problem {
    fn from(too_many: TooMany) -> Self {
        Self::new(429, "too_many_requests", "Too many attempts: wait a moment and try again.")
            .retry_after(too_many.wait)
    }
}

/// So many attempts per minute and key, all at once or spread.
pub struct Limit<K: Hash + Eq + Clone> {
    buckets: DefaultKeyedRateLimiter<K>,
    /// How many buckets there may be before the full ones are thrown away.
    roof: AtomicUsize,
}

/// The least number of buckets that are worth throwing any away.
const LEAST_ROOF: usize = 10_000;

impl<K: Hash + Eq + Clone> Limit<K> {
    /// A limit of this many attempts per minute.
    #[must_use]
    pub fn per_minute(attempts: NonZeroU32) -> Self {
        Self { buckets: RateLimiter::keyed(Quota::per_minute(attempts)), roof: LEAST_ROOF.into() }
    }

    /// Takes one attempt.
    ///
    /// # Errors
    /// When the key has none left.
    pub fn check(&self, key: &K) -> Result<(), TooMany> {
        // Old buckets are thrown away whenever their number has doubled, so that strangers cannot grow the map for ever.
        if self.buckets.len() > self.roof.load(Ordering::Relaxed) {
            self.buckets.retain_recent();
            self.roof.store(LEAST_ROOF.max(2 * self.buckets.len()), Ordering::Relaxed);
        }
        self.buckets
            .check_key(key)
            .map_err(|until| TooMany { wait: until.wait_time_from(DefaultClock::default().now()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_runs_dry_and_others_do_not() {
        let limit = Limit::per_minute(NonZeroU32::new(2).unwrap());
        assert!(limit.check(&"ann").is_ok() && limit.check(&"ann").is_ok());
        assert!(limit.check(&"ann").unwrap_err().wait > Duration::from_secs(20));
        assert!(limit.check(&"bob").is_ok());
    }
}
