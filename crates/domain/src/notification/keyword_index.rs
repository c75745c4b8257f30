//! Whose keywords a text has. A text is looked through once, however many people have however many keywords.

use std::collections::{BTreeSet, HashMap};

use events::UserId;
use events::mrkdwn::{Block, Element, Span, parse};

/// Keywords by their first word.
#[derive(Debug, Clone, Default)]
pub(super) struct KeywordIndex {
    by_first: HashMap<String, Vec<Entry>>,
}

/// What follows the first word, and whose keyword it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    rest: Vec<String>,
    user: UserId,
}

impl KeywordIndex {
    /// Puts other keywords in the place of somebody's former ones.
    pub(super) fn change(&mut self, user: UserId, former: &[String], keywords: &[String]) {
        for (first, entry) in former.iter().filter_map(|keyword| split(keyword, user)) {
            if let Some(entries) = self.by_first.get_mut(&first) {
                entries.retain(|known| *known != entry);
                if entries.is_empty() {
                    self.by_first.remove(&first);
                }
            }
        }
        for (first, entry) in keywords.iter().filter_map(|keyword| split(keyword, user)) {
            self.by_first.entry(first).or_default().push(entry);
        }
    }

    /// Whose keywords a message's text has.
    pub(super) fn found_in(&self, text: &str) -> BTreeSet<UserId> {
        if self.by_first.is_empty() {
            return BTreeSet::new();
        }
        passages(text).iter().flat_map(|passage| self.found_in_words(&words(passage))).collect()
    }

    fn found_in_words(&self, words: &[String]) -> Vec<UserId> {
        let mut found = Vec::new();
        for (n, word) in words.iter().enumerate() {
            let entries = self.by_first.get(word).into_iter().flatten();
            found.extend(entries.filter(|entry| words[n + 1..].starts_with(&entry.rest)).map(|entry| entry.user));
        }
        found
    }
}

fn split(keyword: &str, user: UserId) -> Option<(String, Entry)> {
    let mut words = words(keyword);
    if words.is_empty() {
        return None;
    }
    let first = words.remove(0);
    Some((first, Entry { rest: words, user }))
}

/// What can be read in a message, block by block. Whoever is spoken to by name has not said her id.
fn passages(text: &str) -> Vec<String> {
    let blocks = parse(text);
    if blocks.is_empty() {
        return vec![text.to_owned()];
    }
    let passages = blocks.iter().flat_map(|block| match block {
        Block::Section { spans } | Block::Quote { spans } => vec![read(spans)],
        Block::List { items, .. } => items.iter().map(|item| read(&item.spans)).collect(),
        Block::Preformatted { text } => vec![text.clone()],
    });
    passages.collect()
}

fn read(spans: &[Span]) -> String {
    let texts = spans.iter().map(|span| match &span.element {
        Element::Text { text } => text.clone(),
        Element::Link { url, text } => text.clone().unwrap_or_else(|| url.clone()),
        Element::Emoji { name } => format!(":{name}:"),
        // Something stands there, and it is no word.
        Element::User { .. } | Element::Channel { .. } | Element::Broadcast { .. } => "\u{FFFC}".to_owned(),
    });
    texts.collect()
}

/// The words of a text in lower case. What is neither letter nor digit stands by itself, and so does each letter of a
/// script that is written without blanks: every word begins and ends at such a place.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() && !is_written_without_blanks(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if !c.is_whitespace() {
            words.push(c.to_string());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Thai, Lao, Burmese, Khmer, kana and ideographs.
const fn is_written_without_blanks(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, BOB};

    fn of(keywords: &[(UserId, &[&str])]) -> KeywordIndex {
        let mut index = KeywordIndex::default();
        keywords.iter().for_each(|(user, words)| index.change(*user, &[], &owned(words)));
        index
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn has(keyword: &str, text: &str) -> bool {
        !of(&[(ANN, &[keyword])]).found_in(text).is_empty()
    }

    #[test]
    fn d10_a_keyword_is_found_as_a_word_large_or_small() {
        for text in
            ["release", "The RELEASE.", "is it (release)?", "pre-release!", "*release* now", "`release`", "a\nrelease"]
        {
            assert!(has("Release", text), "{text:?}");
        }
        for text in ["", "released", "prerelease", "re lease", "rélease"] {
            assert!(!has("release", text), "{text:?}");
        }
    }

    #[test]
    fn a_phrase_is_found_whatever_is_between_its_words_and_its_signs_count() {
        assert!(has("on call", "who is on  call?") && has("on call", "On\ncall") && has("on call", "who is *on* call"));
        assert!(!has("on call", "on the call") && !has("on call", "on-call") && !has("on call", "- on\n- call"));
        assert!(has("c++", "I like C++.") && !has("c++", "I like C.") && has("don't", "Don't!"));
        assert!(has("👍", "ok 👍"));
    }

    #[test]
    fn scripts_without_blanks_are_searched_letter_by_letter() {
        assert!(has("寿司", "今日は寿司だ") && !has("寿司", "寿と司") && has("กาแฟ", "ฉันชอบกาแฟมาก"));
    }

    #[test]
    fn an_id_is_not_something_that_was_said() {
        let spoken_to = "<@018f0000-0000-7000-8000-00000000beef> look";
        assert!(!has("018f0000", spoken_to) && !has("beef", spoken_to) && has("look", spoken_to));
    }

    #[test]
    fn everybody_is_found_by_her_own_keywords_and_by_the_newest_only() {
        let mut index = of(&[(ANN, &["tea", "green tea"]), (BOB, &["tea"])]);
        assert_eq!(index.found_in("green tea"), BTreeSet::from([ANN, BOB]));
        index.change(ANN, &owned(&["tea", "green tea"]), &owned(&["milk"]));
        assert_eq!(index.found_in("green tea"), BTreeSet::from([BOB]));
        index.change(BOB, &owned(&["tea"]), &[]);
        index.change(ANN, &owned(&["milk"]), &[]);
        assert!(index.by_first.is_empty(), "nothing is left behind");
    }
}
