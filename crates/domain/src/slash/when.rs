//! Moments as people type them: `in 20 minutes`, `at 15:30`, `tomorrow at 9:00`, RFC 3339. A time of day is one by the
//! clock of whoever types it.

use events::Timestamp;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Nobody plans further ahead.
const FURTHEST: i64 = 366 * DAY;
/// When a day begins, if nothing is said.
const MORNING: i64 = 9 * HOUR;

/// The present moment, and how far somebody's clock is ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The present moment.
    pub now: Timestamp,
    /// How many minutes her clock is ahead of UTC; fewer than none if it is behind.
    pub ahead_minutes: i16,
}

impl Clock {
    /// The first moment of her day, so many days from now.
    fn midnight(self, days: i64) -> i64 {
        let ahead = i64::from(self.ahead_minutes) * MINUTE;
        let day = (self.now.unix_ms() + ahead).div_euclid(DAY);
        (day + days) * DAY - ahead
    }
}

/// The moment that is meant, if it is to come within a year.
pub(super) fn moment(text: &str, clock: Clock) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(duration) = text.strip_prefix("in ") {
        return after(duration, clock);
    }
    if let Some(rest) = text.strip_prefix("tomorrow") {
        return to_come(clock.midnight(1) + tomorrow(rest)?, clock);
    }
    let text = text.strip_prefix("at ").unwrap_or(text).trim();
    if let Some(time) = time_of_day(text) {
        let today = clock.midnight(0) + time;
        let next = if today > clock.now.unix_ms() { today } else { clock.midnight(1) + time };
        return to_come(next, clock);
    }
    to_come(text.parse::<Timestamp>().ok()?.unix_ms(), clock)
}

/// So long from now: `20 minutes`, `2h`.
pub(super) fn after(text: &str, clock: Clock) -> Option<Timestamp> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "m" | "min" | "minute" | "minutes" => MINUTE,
        "h" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        _ => return None,
    };
    to_come(clock.now.unix_ms() + count.parse::<i64>().ok()?.checked_mul(unit)?.min(2 * FURTHEST), clock)
}

fn tomorrow(rest: &str) -> Option<i64> {
    match rest.trim() {
        "" => Some(MORNING),
        rest => time_of_day(rest.strip_prefix("at ")?.trim()),
    }
}

/// `15:30`, `9:00`
fn time_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, lengths: std::ops::RangeInclusive<usize>| {
        let plain = lengths.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|_| plain)
    };
    let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
    (hours < 24 && minutes < 60).then_some(hours * HOUR + minutes * MINUTE)
}

fn to_come(ms: i64, clock: Clock) -> Option<Timestamp> {
    let ahead = ms.checked_sub(clock.now.unix_ms())?;
    (1..=FURTHEST).contains(&ahead).then(|| Timestamp::from_unix_ms(ms))
}
