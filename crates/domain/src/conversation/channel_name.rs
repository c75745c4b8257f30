//! A channel's name. Refuses what could not stand behind a `#`.

/// A channel's name without its `#`: 1 to 80 lower-case letters, digits, dashes and underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelName(String);

/// Why a text is no channel's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidChannelName {
    /// Nothing was given.
    #[error("a channel needs a name")]
    Empty,
    /// More than 80 characters.
    #[error("a channel's name has at most 80 characters")]
    TooLong,
    /// Something else than lower-case letters, digits, dashes and underscores.
    #[error("a channel's name has only lower-case letters, digits, dashes and underscores")]
    ForbiddenCharacter,
}

impl ChannelName {
    /// Reads a name as it is. Letters of any script that are not upper-case are lower-case letters.
    ///
    /// # Errors
    /// When it is no channel's name.
    pub fn parse(text: &str) -> Result<Self, InvalidChannelName> {
        let allowed = |c: char| (c.is_alphanumeric() && c.to_lowercase().eq([c])) || c == '-' || c == '_';
        if text.is_empty() {
            return Err(InvalidChannelName::Empty);
        }
        if text.chars().count() > 80 {
            return Err(InvalidChannelName::TooLong);
        }
        if text.chars().all(allowed) { Ok(Self(text.to_owned())) } else { Err(InvalidChannelName::ForbiddenCharacter) }
    }

    /// The name of the channel that everybody belongs to.
    #[must_use]
    pub fn general() -> Self {
        Self("general".to_owned())
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
    fn names_of_letters_digits_dashes_and_underscores_are_kept() {
        let longest = "x".repeat(80);
        for text in ["general", "a", "team-7_x", "küche", "会議", longest.as_str()] {
            assert_eq!(ChannelName::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(ChannelName::parse("general"), Ok(ChannelName::general()));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(ChannelName::parse(""), Err(InvalidChannelName::Empty));
        assert_eq!(ChannelName::parse(&"x".repeat(81)), Err(InvalidChannelName::TooLong));
        for text in ["Cooking", "two words", "#general", "a.b", "a\u{200B}", "$ne", "../x", "é\u{301}"] {
            assert_eq!(ChannelName::parse(text), Err(InvalidChannelName::ForbiddenCharacter), "{text:?}");
        }
    }
}
