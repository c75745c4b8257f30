//! Time as a session sees it: how fast a client may talk and how long it may be silent. No clock: moments come in.

/// Milliseconds since some start that all moments of a process share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl Moment {
    /// So many milliseconds later.
    #[must_use]
    pub const fn after(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from an earlier moment to this one; 0 when that one is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// How many frames a client may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// At once.
    pub burst: u32,
    /// In the long run.
    pub per_second: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { burst: 200, per_second: 50 }
    }
}

/// A token bucket, counted in thousandths of a frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    pace: Pace,
    filled: Moment,
    thousandths: u64,
}

impl Bucket {
    pub(crate) fn full(now: Moment, pace: Pace) -> Self {
        Self { pace, filled: now, thousandths: u64::from(pace.burst) * 1_000 }
    }

    /// Takes so many frames out; false, and nothing is taken, when there are not enough.
    pub(crate) fn take(&mut self, now: Moment, frames: u64) -> bool {
        // One frame per second is one thousandth of a frame per millisecond.
        let gained = now.since(self.filled).saturating_mul(u64::from(self.pace.per_second));
        self.filled = self.filled.max(now);
        self.thousandths = self.thousandths.saturating_add(gained).min(u64::from(self.pace.burst) * 1_000);
        let left = self.thousandths.checked_sub(frames * 1_000);
        self.thousandths = left.unwrap_or(self.thousandths);
        left.is_some()
    }
}

/// Silence after which the client is asked whether it is there, ms.
const ASK_AFTER: u64 = 25_000;
/// Silence after which it is taken for gone, ms.
const GONE_AFTER: u64 = 60_000;

/// When the client was last heard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hearing {
    last: Moment,
    asked: bool,
}

/// What silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    Short,
    Ask,
    Gone,
}

impl Hearing {
    pub(crate) fn at(now: Moment) -> Self {
        Self { last: now, asked: false }
    }

    pub(crate) fn heard(&mut self, now: Moment) {
        *self = Self::at(now);
    }

    pub(crate) fn deadline(self) -> Moment {
        self.last.after(if self.asked { GONE_AFTER } else { ASK_AFTER })
    }

    pub(crate) fn tick(&mut self, now: Moment) -> Silence {
        match now.since(self.last) {
            silence if silence >= GONE_AFTER => Silence::Gone,
            silence if silence >= ASK_AFTER && !self.asked => {
                self.asked = true;
                Silence::Ask
            }
            _ => Silence::Short,
        }
    }
}
