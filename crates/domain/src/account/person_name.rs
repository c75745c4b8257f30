//! What a person is called. Refuses names that nobody could see or that could pass for something else.

use crate::visible::{deceives, is_visible};

/// A person's full name: trimmed, 1 to 80 characters on one line, something of it visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPersonName {
    /// Nothing of it can be seen.
    #[error("a name must show something")]
    Blank,
    /// More than 80 characters.
    #[error("a name has at most 80 characters")]
    TooLong,
    /// Control characters, line breaks or direction overrides.
    #[error("a name has no control characters")]
    ControlCharacter,
}

impl PersonName {
    /// Reads a name, without the blanks around it.
    ///
    /// # Errors
    /// When it is no name.
    pub fn parse(text: &str) -> Result<Self, InvalidPersonName> {
        let text = text.trim();
        if text.chars().count() > 80 {
            return Err(InvalidPersonName::TooLong);
        }
        if text.chars().any(deceives) {
            return Err(InvalidPersonName::ControlCharacter);
        }
        if is_visible(text) { Ok(Self(text.to_owned())) } else { Err(InvalidPersonName::Blank) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_kept() {
        assert_eq!(PersonName::parse("  Ann  Lee ").unwrap().as_str(), "Ann  Lee");
        assert!(PersonName::parse(&"é".repeat(80)).is_ok());
    }

    #[test]
    fn names_that_show_nothing_or_deceive_are_refused() {
        assert_eq!(PersonName::parse("  "), Err(InvalidPersonName::Blank));
        assert_eq!(PersonName::parse("\u{200B}"), Err(InvalidPersonName::Blank));
        assert_eq!(PersonName::parse(&"x".repeat(81)), Err(InvalidPersonName::TooLong));
        assert_eq!(PersonName::parse("Ann\nLee"), Err(InvalidPersonName::ControlCharacter));
        assert_eq!(PersonName::parse("Ann\u{202E}eeL"), Err(InvalidPersonName::ControlCharacter));
    }
}
