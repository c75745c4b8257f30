//! Time zones: which there are, and what their clocks show. Their rules come with the program, so every node knows the
//! same ones.

use domain::preference::LocalTime;
use events::{TimeOfDay, Timestamp, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Whether there is a time zone of this name.
pub(crate) fn is_zone(name: &str) -> bool {
    zone(name).is_some()
}

/// What the clocks of a zone show at a moment; `None` where there is no such zone.
pub(crate) fn local_time(name: &str, at: Timestamp) -> Option<LocalTime> {
    let local = jiff::Timestamp::from_millisecond(at.unix_ms()).ok()?.to_zoned(zone(name)?);
    let minutes = u16::try_from(local.hour()).ok()? * 60 + u16::try_from(local.minute()).ok()?;
    Some(LocalTime { day: weekday(local.weekday()), time: TimeOfDay::from_minutes(minutes)? })
}

fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

const fn weekday(day: jiff::civil::Weekday) -> Weekday {
    match day {
        jiff::civil::Weekday::Monday => Weekday::Monday,
        jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
        jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
        jiff::civil::Weekday::Thursday => Weekday::Thursday,
        jiff::civil::Weekday::Friday => Weekday::Friday,
        jiff::civil::Weekday::Saturday => Weekday::Saturday,
        jiff::civil::Weekday::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(zone: &str, at: &str) -> (Weekday, String) {
        let at: Timestamp = serde_json::from_value(at.into()).unwrap();
        let local = local_time(zone, at).unwrap();
        (local.day, local.time.to_string())
    }

    #[test]
    fn clocks_follow_their_zones_through_the_year() {
        assert_eq!(shown("Europe/Berlin", "2026-01-11T23:30:00Z"), (Weekday::Monday, "00:30".to_owned()));
        assert_eq!(shown("Europe/Berlin", "2026-07-12T21:30:00Z"), (Weekday::Sunday, "23:30".to_owned()));
        assert_eq!(shown("America/New_York", "2026-01-01T04:59:59Z"), (Weekday::Wednesday, "23:59".to_owned()));
        assert_eq!(shown("Asia/Kathmandu", "2026-01-01T00:00:00Z"), (Weekday::Thursday, "05:45".to_owned()));
    }

    #[test]
    fn only_zones_of_the_database_are_zones() {
        assert!(is_zone("Europe/Berlin") && is_zone("UTC") && is_zone("Asia/Kolkata"));
        for name in ["", "Berlin", "Europe/Atlantis", "../../etc/passwd", "+02:00", "CEST-2"] {
            assert!(!is_zone(name), "{name:?}");
        }
        assert_eq!(local_time("Europe/Atlantis", Timestamp::default()), None);
    }
}
