//! The sections of a sidebar. Refuses names that nobody can read, and a conversation in two places.

use std::collections::BTreeSet;

use events::ConversationId;

use crate::visible::{deceives, is_visible};

/// Most sections of one sidebar.
const MOST: usize = 50;
/// Most conversations in all of them together.
const MOST_CONVERSATIONS: usize = 1_000;
/// Most characters of a name.
const LONGEST: usize = 80;

/// Sections with names of 1 to 80 characters, each conversation in one of them at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sections(Vec<(String, Vec<ConversationId>)>);

/// Why these are no sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSections {
    /// More than 50.
    #[error("a sidebar has at most 50 sections")]
    TooMany,
    /// More than 1,000 conversations.
    #[error("the sections of a sidebar hold at most 1,000 conversations")]
    TooManyConversations,
    /// The n-th has no usable name.
    #[error("a section's name has 1 to 80 characters, some of them visible, and no control characters")]
    Name(usize),
    /// The n-th is named as one before it.
    #[error("two sections have the same name")]
    SameName(usize),
    /// The n-th holds a conversation that stands in one before it, or twice in it.
    #[error("a conversation stands in two places")]
    Twice(usize),
}

impl Sections {
    /// Reads sections, their names trimmed.
    ///
    /// # Errors
    /// When they are too many, or one of them is not well-formed.
    pub fn parse(sections: Vec<(String, Vec<ConversationId>)>) -> Result<Self, InvalidSections> {
        if sections.len() > MOST {
            return Err(InvalidSections::TooMany);
        }
        if sections.iter().map(|(_, conversations)| conversations.len()).sum::<usize>() > MOST_CONVERSATIONS {
            return Err(InvalidSections::TooManyConversations);
        }
        let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut read = Vec::with_capacity(sections.len());
        for (n, (name, conversations)) in sections.into_iter().enumerate() {
            let name = name.trim().to_owned();
            if !is_visible(&name) || name.chars().count() > LONGEST || name.chars().any(deceives) {
                return Err(InvalidSections::Name(n));
            }
            if !names.insert(name.clone()) {
                return Err(InvalidSections::SameName(n));
            }
            if !conversations.iter().all(|conversation| seen.insert(*conversation)) {
                return Err(InvalidSections::Twice(n));
            }
            read.push((name, conversations));
        }
        Ok(Self(read))
    }

    pub(super) fn as_slice(&self) -> &[(String, Vec<ConversationId>)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::preference::samples::others;

    fn named(names: &[&str]) -> Vec<(String, Vec<ConversationId>)> {
        names.iter().map(|name| ((*name).to_owned(), vec![])).collect()
    }

    #[test]
    fn names_are_trimmed_and_the_order_is_kept() {
        let sections = Sections::parse(named(&[" Work ", "日本", "a"])).unwrap();
        assert_eq!(sections.as_slice(), named(&["Work", "日本", "a"]));
    }

    #[test]
    fn names_that_nobody_can_read_are_refused() {
        let long = "x".repeat(81);
        for name in ["", "  ", "\u{200B}", "a\nb", "a\u{202E}b", long.as_str()] {
            assert_eq!(Sections::parse(named(&["ok", name])), Err(InvalidSections::Name(1)), "{name:?}");
        }
        assert_eq!(Sections::parse(named(&["a", "b", " a"])), Err(InvalidSections::SameName(2)));
    }

    #[test]
    fn a_conversation_stands_in_one_place() {
        let twice = vec![("a".to_owned(), vec![CHANNEL]), ("b".to_owned(), vec![CHANNEL])];
        assert_eq!(Sections::parse(twice), Err(InvalidSections::Twice(1)));
        assert_eq!(Sections::parse(vec![("a".to_owned(), vec![CHANNEL, CHANNEL])]), Err(InvalidSections::Twice(0)));
    }

    #[test]
    fn there_are_only_so_many() {
        let names: Vec<String> = (0..51).map(|n| n.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(Sections::parse(named(&names)), Err(InvalidSections::TooMany));
        assert!(Sections::parse(named(&names[..50])).is_ok());
        let full = |count| Sections::parse(vec![("a".to_owned(), others(count).collect())]);
        assert_eq!(full(1_001), Err(InvalidSections::TooManyConversations));
        assert!(full(1_000).is_ok());
    }
}
