//! A phone number in E.164 form. Refuses national forms, whose country nobody can know.

/// A normalised phone number: `+`, a country code that does not start with 0, 7 to 15 digits in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

/// The text is not an international phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an international phone number")]
pub struct InvalidPhone;

impl Phone {
    /// Reads and normalises a number; blanks, dashes, dots and brackets between digits are dropped.
    ///
    /// # Errors
    /// When it is not an international number.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let digits = text.trim().strip_prefix('+').ok_or(InvalidPhone)?;
        let digits: String = digits.chars().filter(|c| !" -.()".contains(*c)).collect();
        let valid = (7..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0');
        if valid { Ok(Self(format!("+{digits}"))) } else { Err(InvalidPhone) }
    }

    /// The number, `+` first.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e01_a_number_has_one_normal_form() {
        assert_eq!(Phone::parse(" +31 (6) 12-34.56 78").unwrap().as_str(), "+31612345678");
    }

    #[test]
    fn national_and_broken_numbers_are_refused() {
        for text in [
            "",
            "0612345678",
            "+0612345678",
            "+123456",
            "+1234567890123456",
            "+31x612345",
            "31612345678",
            "+٣١٦١٢٣٤٥٦٧",
        ] {
            assert_eq!(Phone::parse(text), Err(InvalidPhone), "{text:?}");
        }
    }
}
