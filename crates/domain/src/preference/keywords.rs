//! The words that somebody wants to hear of, wherever they are said. Refuses what nobody could say.

use std::collections::BTreeSet;

use crate::visible::{deceives, is_visible};

/// Most words of one person.
const MOST: usize = 50;
/// Most characters of one.
const LONGEST: usize = 60;

/// Words and short phrases of 1 to 60 characters, each once, whether written large or small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keywords(Vec<String>);

/// Why these are no keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeywords {
    /// More than 50.
    #[error("there are at most 50 keywords")]
    TooMany,
    /// The n-th cannot be one.
    #[error("a keyword has 1 to 60 characters, some of them visible, and no control characters")]
    Word(usize),
    /// The n-th is as one before it.
    #[error("two keywords are the same")]
    Same(usize),
}

impl Keywords {
    /// Reads keywords, trimmed.
    ///
    /// # Errors
    /// When they are too many, or one of them is not well-formed.
    pub fn parse(words: Vec<String>) -> Result<Self, InvalidKeywords> {
        if words.len() > MOST {
            return Err(InvalidKeywords::TooMany);
        }
        let mut seen = BTreeSet::new();
        let mut read = Vec::with_capacity(words.len());
        for (n, word) in words.into_iter().enumerate() {
            let word = word.trim().to_owned();
            if !is_visible(&word) || word.chars().count() > LONGEST || word.chars().any(deceives) {
                return Err(InvalidKeywords::Word(n));
            }
            if !seen.insert(word.to_lowercase()) {
                return Err(InvalidKeywords::Same(n));
            }
            read.push(word);
        }
        Ok(Self(read))
    }

    pub(super) fn as_slice(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Keywords, InvalidKeywords> {
        Keywords::parse(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn keywords_are_trimmed_and_keep_their_order() {
        assert_eq!(parse(&[" Release ", "寿司", "c++"]).unwrap().as_slice(), ["Release", "寿司", "c++"]);
        assert_eq!(parse(&[]).unwrap().as_slice(), [] as [String; 0]);
    }

    #[test]
    fn what_nobody_could_say_is_refused() {
        let long = "x".repeat(61);
        for word in ["", "  ", "\u{200B}", "a\nb", "a\u{202E}b", long.as_str()] {
            assert_eq!(parse(&["ok", word]), Err(InvalidKeywords::Word(1)), "{word:?}");
        }
        assert_eq!(parse(&["Tea", "milk", " tEA"]), Err(InvalidKeywords::Same(2)));
        assert!(parse(&["é".repeat(60).as_str()]).is_ok());
    }

    #[test]
    fn there_are_only_so_many() {
        let words: Vec<String> = (0..51).map(|n| n.to_string()).collect();
        assert_eq!(Keywords::parse(words.clone()), Err(InvalidKeywords::TooMany));
        assert!(Keywords::parse(words[..50].to_vec()).is_ok());
    }
}
