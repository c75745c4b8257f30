//! One emoji, as Unicode writes it. Refuses words, several at once, and what is no emoji. It knows the grammar of emoji
//! sequences (UTS #51), not their list, which grows every year; of names it knows those that GitHub gives them.

/// One emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji(String);

/// The text is not one emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one emoji")]
pub struct InvalidEmoji;

/// More than the longest emoji there is: families with skin tones have ten.
const MOST_CHARS: usize = 16;
const JOINER: char = '\u{200D}';
const PICTURE: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

impl Emoji {
    /// Reads one emoji.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidEmoji> {
        let chars: Vec<char> = text.chars().take(MOST_CHARS + 1).collect();
        if chars.len() <= MOST_CHARS && is_emoji(&chars) { Ok(Self(text.to_owned())) } else { Err(InvalidEmoji) }
    }

    /// The emoji of this name, without colons; nothing where none is called so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        emojis::get_by_shortcode(name).map(|emoji| Self(emoji.as_str().to_owned()))
    }

    /// The emoji.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_emoji(chars: &[char]) -> bool {
    match chars {
        [digit, PICTURE, KEYCAP] => matches!(digit, '0'..='9' | '#' | '*'),
        [first, second] if is_regional(*first) => is_regional(*second),
        chars => chars.split(|c| *c == JOINER).all(is_element),
    }
}

/// A picture, perhaps with its variation, a skin tone, or the tags of a regional flag.
fn is_element(chars: &[char]) -> bool {
    let Some((first, rest)) = chars.split_first() else { return false };
    is_picture(*first)
        && match rest {
            [] | [PICTURE] => true,
            [tone] => is_skin_tone(*tone),
            [tags @ .., '\u{E007F}'] => {
                *first == '\u{1F3F4}'
                    && !tags.is_empty()
                    && tags.iter().all(|c| ('\u{E0020}'..='\u{E007E}').contains(c))
            }
            _ => false,
        }
}

fn is_regional(c: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&c)
}

fn is_skin_tone(c: char) -> bool {
    ('\u{1F3FB}'..='\u{1F3FF}').contains(&c)
}

/// The blocks in which emoji stand; each also has other signs, which do no harm.
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{1F004}' | '\u{1F0CF}' | '\u{1F170}'..='\u{1F19A}' | '\u{1F200}'..='\u{1F265}'
        | '\u{1F300}'..='\u{1F64F}' | '\u{1F680}'..='\u{1F6FF}' | '\u{1F7E0}'..='\u{1F7FF}' | '\u{1F900}'..='\u{1F9FF}'
        | '\u{1FA70}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_kind_of_emoji_is_one() {
        let kinds = ["👍", "👍🏽", "❤️", "❤", "©️", "⌚", "1️⃣", "#️⃣", "🇩🇰", "👩‍🚀", "👩🏿‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🧑🏻‍❤️‍💋‍🧑🏿", "🫠"];
        for emoji in kinds {
            assert_eq!(Emoji::parse(emoji).map(|emoji| emoji.0), Ok(emoji.to_owned()), "{emoji:?}");
        }
    }

    #[test]
    fn what_has_a_name_is_an_emoji() {
        assert_eq!(Emoji::named("palm_tree").map(|emoji| emoji.0).as_deref(), Some("🌴"));
        for name in ["", ":palm_tree:", "no_such_tree", "Palm_Tree"] {
            assert_eq!(Emoji::named(name), None, "{name:?}");
        }
        let refused = emojis::iter().filter(|emoji| Emoji::parse(emoji.as_str()).is_err());
        assert_eq!(refused.map(emojis::Emoji::as_str).collect::<Vec<_>>(), [""; 0], "no list is ahead of the grammar");
    }

    #[test]
    fn anything_else_is_none() {
        let others = [
            "",
            " ",
            "a",
            "1",
            "tada",
            ":tada:",
            "👍👍",
            "👍 ",
            "🇩",
            "🇩a",
            "\u{200D}",
            "👍\u{200D}",
            "\u{200D}👍",
            "\u{FE0F}",
            "👍\u{FE0F}\u{FE0F}",
            "<b>",
            "👍<script>",
            "é",
            "你",
            "1\u{20E3}",
            "🏴\u{E007F}",
            "👍\u{E0067}\u{E007F}",
            "$",
            ".",
            "..",
            "/",
        ];
        for text in others {
            assert_eq!(Emoji::parse(text), Err(InvalidEmoji), "{text:?}");
        }
        assert_eq!(Emoji::parse(&"👩‍".repeat(1_000)), Err(InvalidEmoji));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_word_passes(text in any::<String>()) {
            if Emoji::parse(&text).is_ok() {
                prop_assert!(!text.contains(|c: char| c.is_ascii_alphabetic() || c.is_whitespace()));
                prop_assert!(text.chars().count() <= MOST_CHARS);
            }
        }
    }
}
