//! A channel's topic or description: one short text. Refuses control characters and novels.

/// A topic or description: trimmed, 1 to 250 characters; a blank one counts as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose(String);

/// Why a text is no topic or description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPurpose {
    /// More than 250 characters.
    #[error("at most 250 characters")]
    TooLong,
    /// Control characters other than a line break.
    #[error("no control characters")]
    ControlCharacter,
}

impl Purpose {
    /// Reads a topic or description; `None` for a blank one.
    ///
    /// # Errors
    /// When it is too long or has control characters.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidPurpose> {
        let text = text.trim();
        if text.chars().count() > 250 {
            return Err(InvalidPurpose::TooLong);
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(InvalidPurpose::ControlCharacter);
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_short_and_clean() {
        assert_eq!(Purpose::parse(" bread \n").unwrap().unwrap().as_str(), "bread");
        assert_eq!(Purpose::parse("  "), Ok(None));
        assert_eq!(Purpose::parse(&"x".repeat(251)), Err(InvalidPurpose::TooLong));
        assert_eq!(Purpose::parse("a\u{7}b"), Err(InvalidPurpose::ControlCharacter));
    }
}
