//! What a status says: one short line. Refuses control characters and stories.

use crate::visible::deceives;

/// A status's text: trimmed, at most 100 characters, one line; it may be empty beside an emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusText(String);

/// Why a text is no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStatusText {
    /// More than 100 characters.
    #[error("at most 100 characters")]
    TooLong,
    /// Control characters, line breaks, or what turns a line around.
    #[error("one line, without control characters")]
    Deceives,
}

impl StatusText {
    /// Reads a status's text.
    ///
    /// # Errors
    /// When it is too long or not one line.
    pub fn parse(text: &str) -> Result<Self, InvalidStatusText> {
        let text = text.trim();
        if text.chars().count() > 100 {
            return Err(InvalidStatusText::TooLong);
        }
        if text.chars().any(deceives) { Err(InvalidStatusText::Deceives) } else { Ok(Self(text.to_owned())) }
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
    fn a_status_is_one_short_line() {
        assert_eq!(StatusText::parse(" at lunch ").unwrap().as_str(), "at lunch");
        assert_eq!(StatusText::parse("").unwrap().as_str(), "");
        assert!(StatusText::parse(&"é".repeat(100)).is_ok());
        assert_eq!(StatusText::parse(&"é".repeat(101)), Err(InvalidStatusText::TooLong));
        for text in ["a\nb", "a\u{7}b", "a\u{202E}b"] {
            assert_eq!(StatusText::parse(text), Err(InvalidStatusText::Deceives), "{text:?}");
        }
    }
}
