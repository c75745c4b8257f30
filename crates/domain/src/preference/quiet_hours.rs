//! The hours of the week in which somebody wants no notifications. Refuses hours of no day. Which time it is where she
//! is arrives from outside: no zone's rules are known here, so whoever reads a zone's name vouches that there is one.

use events::{QuietHours, QuietRange, TimeOfDay, Weekday};

/// Most ranges of one week: three a day.
const MOST: usize = 21;
/// Most characters of a zone's name.
const LONGEST_ZONE: usize = 64;

/// Hours of the week in which nothing notifies, if there are any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietSchedule(Option<QuietHours>);

/// Why these are no hours of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuietHours {
    /// More than 21 ranges.
    #[error("there are at most 21 ranges of quiet hours")]
    TooMany,
    /// The n-th is on no day.
    #[error("name at least one day")]
    NoDay(usize),
    /// That is no zone's name.
    #[error("not the name of a time zone, such as Europe/Berlin")]
    TimeZone,
}

/// A moment as a clock on somebody's wall shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// The day.
    pub day: Weekday,
    /// The time.
    pub time: TimeOfDay,
}

impl QuietSchedule {
    /// Reads a schedule; `is_zone` knows which time zones there are. Days are put in order, each once.
    ///
    /// # Errors
    /// When it is not well-formed.
    pub fn parse(hours: QuietHours, is_zone: impl FnOnce(&str) -> bool) -> Result<Self, InvalidQuietHours> {
        if hours.ranges.len() > MOST {
            return Err(InvalidQuietHours::TooMany);
        }
        if hours.time_zone.chars().count() > LONGEST_ZONE || !is_zone(&hours.time_zone) {
            return Err(InvalidQuietHours::TimeZone);
        }
        let mut ranges = hours.ranges;
        for (n, range) in ranges.iter_mut().enumerate() {
            range.days.sort_unstable();
            range.days.dedup();
            if range.days.is_empty() {
                return Err(InvalidQuietHours::NoDay(n));
            }
        }
        Ok(Self((!ranges.is_empty()).then_some(QuietHours { ranges, ..hours })))
    }

    pub(super) fn as_ref(&self) -> Option<&QuietHours> {
        self.0.as_ref()
    }
}

/// Whether a moment lies within the hours.
#[must_use]
pub fn is_quiet(hours: &QuietHours, now: LocalTime) -> bool {
    hours.ranges.iter().any(|range| covers(range, now))
}

/// A range that does not end later than it begins runs over midnight; its days are those on which it begins.
fn covers(QuietRange { days, from, to }: &QuietRange, LocalTime { day, time }: LocalTime) -> bool {
    if from < to {
        days.contains(&day) && *from <= time && time < *to
    } else {
        (days.contains(&day) && *from <= time) || (days.contains(&day.before()) && time < *to)
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// A range of hours.
    pub(crate) fn range(days: &[Weekday], from: &str, to: &str) -> QuietRange {
        QuietRange { days: days.to_vec(), from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    /// Hours by the clocks of Berlin.
    pub(crate) fn hours(ranges: &[QuietRange]) -> QuietHours {
        QuietHours { time_zone: "Europe/Berlin".to_owned(), ranges: ranges.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{hours, range};
    use super::*;
    use Weekday::{Friday, Monday, Saturday, Sunday, Tuesday};

    fn quiet(range: &QuietRange, day: Weekday, time: &str) -> bool {
        is_quiet(&hours(std::slice::from_ref(range)), LocalTime { day, time: time.parse().unwrap() })
    }

    fn parse(hours: QuietHours) -> Result<QuietSchedule, InvalidQuietHours> {
        QuietSchedule::parse(hours, |zone| zone == "Europe/Berlin")
    }

    #[test]
    fn hours_of_one_day_begin_with_their_first_minute_and_end_before_their_last() {
        let lunch = range(&[Monday, Tuesday], "12:00", "13:30");
        assert!(quiet(&lunch, Monday, "12:00") && quiet(&lunch, Tuesday, "13:29"));
        assert!(!quiet(&lunch, Monday, "11:59") && !quiet(&lunch, Monday, "13:30") && !quiet(&lunch, Sunday, "12:30"));
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_on_which_they_begin() {
        let night = range(&[Friday], "22:00", "07:00");
        assert!(quiet(&night, Friday, "22:00") && quiet(&night, Friday, "23:59"));
        assert!(quiet(&night, Saturday, "00:00") && quiet(&night, Saturday, "06:59"));
        assert!(!quiet(&night, Friday, "06:00") && !quiet(&night, Saturday, "07:00"));
        assert!(!quiet(&night, Saturday, "22:00"));
        let whole = range(&[Sunday], "00:00", "00:00");
        assert!(quiet(&whole, Sunday, "00:00") && quiet(&whole, Sunday, "23:59") && !quiet(&whole, Monday, "00:00"));
    }

    #[test]
    fn days_are_put_in_order_and_no_ranges_are_no_quiet_hours() {
        let parsed = parse(hours(&[range(&[Sunday, Monday, Sunday], "22:00", "07:00")])).unwrap();
        assert_eq!(parsed.as_ref(), Some(&hours(&[range(&[Monday, Sunday], "22:00", "07:00")])));
        assert_eq!(parse(hours(&[])).unwrap().as_ref(), None);
    }

    #[test]
    fn hours_of_no_day_or_no_zone_are_refused() {
        let ok = range(&[Monday], "22:00", "07:00");
        assert_eq!(parse(hours(&[ok.clone(), range(&[], "22:00", "07:00")])), Err(InvalidQuietHours::NoDay(1)));
        for zone in ["", "Berlin", "Europe/Berlin ", "../etc/passwd"] {
            let elsewhere = QuietHours { time_zone: zone.to_owned(), ranges: vec![ok.clone()] };
            assert_eq!(parse(elsewhere), Err(InvalidQuietHours::TimeZone), "{zone:?}");
        }
        let long = QuietHours { time_zone: "x".repeat(65), ranges: vec![ok.clone()] };
        assert_eq!(QuietSchedule::parse(long, |_| true), Err(InvalidQuietHours::TimeZone));
        assert_eq!(parse(hours(&vec![ok.clone(); 22])), Err(InvalidQuietHours::TooMany));
        assert!(parse(hours(&vec![ok; 21])).is_ok());
    }
}
