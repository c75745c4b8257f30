//! Time zones: which there are. Their names and rules come with the program, so every node knows the same ones.

use jiff::tz::TimeZoneDatabase;

/// Whether there is a time zone of this name.
pub(crate) fn is_zone(name: &str) -> bool {
    TimeZoneDatabase::bundled().get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zones_of_the_database_are_zones() {
        assert!(is_zone("Europe/Berlin") && is_zone("UTC") && is_zone("Asia/Kolkata"));
        for name in ["", "Berlin", "Europe/Atlantis", "../../etc/passwd", "+02:00", "CEST-2"] {
            assert!(!is_zone(name), "{name:?}");
        }
    }
}
