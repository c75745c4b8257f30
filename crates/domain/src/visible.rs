//! What a reader would see of a text: texts of nothing but blanks and invisible characters say nothing.

/// Whether a character draws nothing at all: blanks, joiners, fillers, direction marks, variation selectors, tags.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether anything of the text can be seen.
pub(crate) fn is_visible(text: &str) -> bool {
    !text.chars().all(is_blank)
}

/// Whether a character could make one line pass for another: controls, line breaks, direction overrides.
pub(crate) fn deceives(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_joiners_alone_are_not_visible() {
        for text in ["", " \n\t", "\u{200B}", "\u{FEFF}\u{2060}", "\u{3164}", "\u{E0020}", "\u{200D}\u{FE0F}"] {
            assert!(!is_visible(text), "{text:?}");
        }
        for text in ["a", "👩\u{200D}🚀", ".", "e\u{301}"] {
            assert!(is_visible(text), "{text:?}");
        }
    }
}
