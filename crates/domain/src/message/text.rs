//! What a message says. Refuses silence, control characters, heaps of marks, and books.

use unicode_segmentation::UnicodeSegmentation;

use crate::visible::is_visible;

/// A message's text, exactly as typed: 1 to 12,000 characters, something of it visible, no control characters but
/// line breaks and tabs, and no more marks upon one letter than a line has room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText(String);

/// Why a text cannot be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing of it can be seen.
    #[error("a message must say something")]
    Blank,
    /// More than 12,000 characters.
    #[error("a message has at most 12,000 characters")]
    TooLong,
    /// A control character other than a line break or a tab.
    #[error("a message has no control characters")]
    ControlCharacter,
    /// A letter under a heap of combining marks, which would be drawn over the lines around it.
    #[error("a letter bears too many marks")]
    HeapOfMarks,
}

impl MessageText {
    /// The longest text, in characters.
    pub const MAX_CHARS: usize = 12_000;

    /// The most code points that are drawn as one letter; emoji of families and flags have up to 20.
    pub const MAX_IN_ONE_LETTER: usize = 40;

    /// Takes a text as it is.
    ///
    /// # Errors
    /// When it cannot be posted.
    pub fn parse(text: String) -> Result<Self, InvalidText> {
        // A character has at most four bytes, so a text this long need not be counted.
        if text.len() > Self::MAX_CHARS * 4 || text.chars().count() > Self::MAX_CHARS {
            return Err(InvalidText::TooLong);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(InvalidText::ControlCharacter);
        }
        if !text.is_ascii() && text.graphemes(true).any(|seen| seen.chars().nth(Self::MAX_IN_ONE_LETTER).is_some()) {
            return Err(InvalidText::HeapOfMarks);
        }
        if is_visible(&text) { Ok(Self(text)) } else { Err(InvalidText::Blank) }
    }

    /// Takes a text that stands beside something else that can be seen, so that it may say nothing itself.
    ///
    /// # Errors
    /// When it cannot be posted.
    pub fn beside(text: String) -> Result<Self, InvalidText> {
        match Self::parse(text) {
            Err(InvalidText::Blank) => Ok(Self(String::new())),
            parsed => parsed,
        }
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
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<MessageText, InvalidText> {
        MessageText::parse(text.to_owned())
    }

    #[test]
    fn a_text_is_kept_exactly_as_typed() {
        for text in ["a", "  two\n\tlines  ", "👩\u{200D}🚀", "<b>$ne {{x}}</b>", "e\u{301}\u{301}"] {
            assert_eq!(parse(text).unwrap().as_str(), text);
        }
        assert!(parse(&"é".repeat(12_000)).is_ok());
        assert!(parse(&"🚀".repeat(12_000)).is_ok());
    }

    #[test]
    fn silence_control_characters_and_books_are_refused() {
        for text in ["", " ", "\n\t\n", "\u{200B}\u{200D}", "\u{FEFF}"] {
            assert_eq!(parse(text), Err(InvalidText::Blank), "{text:?}");
        }
        for text in ["a\0", "\u{1b}[31m", "a\r\nb", "\u{7f}", "a\u{85}b"] {
            assert_eq!(parse(text), Err(InvalidText::ControlCharacter), "{text:?}");
        }
        assert_eq!(parse(&"x".repeat(12_001)), Err(InvalidText::TooLong));
        assert_eq!(parse(&"🚀".repeat(12_001)), Err(InvalidText::TooLong));
        assert_eq!(parse(&"x".repeat(1_000_000)), Err(InvalidText::TooLong));
    }

    #[test]
    fn a_letter_under_a_heap_of_marks_is_refused() {
        let marked = |marks| format!("before a{} after", "\u{301}".repeat(marks));
        assert!(parse(&marked(39)).is_ok());
        assert_eq!(parse(&marked(40)), Err(InvalidText::HeapOfMarks));
        assert_eq!(parse(&marked(10_000)), Err(InvalidText::HeapOfMarks));
        assert!(parse(&"🏴󠁧󠁢󠁳󠁣󠁴󠁿👨‍👩‍👧‍👦".repeat(100)).is_ok());
    }

    #[test]
    fn beside_something_else_a_text_may_say_nothing() {
        let beside = |text: &str| MessageText::beside(text.to_owned());
        for text in ["", " \n", "\u{200B}"] {
            assert_eq!(beside(text).unwrap().as_str(), "");
        }
        assert_eq!(beside("see").unwrap().as_str(), "see");
        assert_eq!(beside("a\0"), Err(InvalidText::ControlCharacter));
        assert_eq!(beside(&"x".repeat(12_001)), Err(InvalidText::TooLong));
    }

    proptest! {
        #[test]
        fn any_text_is_kept_or_refused_and_never_changed(text in any::<String>()) {
            if let Ok(kept) = parse(&text) {
                prop_assert_eq!(kept.as_str(), text);
            }
        }
    }
}
