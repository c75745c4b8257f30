//! Whom a text speaks to.

use std::collections::BTreeSet;

use events::UserId;
use events::mrkdwn::{Element, Range, parse, spans};

/// Whom a text speaks to. Code speaks to nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpokenTo {
    /// Those it names.
    pub users: BTreeSet<UserId>,
    /// Whether it speaks to every member.
    pub channel: bool,
    /// Whether it speaks to the active ones.
    pub here: bool,
}

impl SpokenTo {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut spoken_to = Self::default();
        for span in spans(&parse(text)) {
            match &span.element {
                Element::User { user } => _ = spoken_to.users.insert(*user),
                Element::Broadcast { range: Range::Channel } => spoken_to.channel = true,
                Element::Broadcast { range: Range::Here } => spoken_to.here = true,
                Element::Text { .. } | Element::Link { .. } | Element::Channel { .. } | Element::Emoji { .. } => {}
            }
        }
        spoken_to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, BOB};

    #[test]
    fn people_are_named_once_and_code_names_nobody() {
        let text = format!("<@{ANN}> and <@{BOB}>, <@{ANN}> `<@{BOB}> @here` @channel");
        assert_eq!(SpokenTo::of(&text), SpokenTo { users: BTreeSet::from([ANN, BOB]), channel: true, here: false });
        assert_eq!(SpokenTo::of("hello"), SpokenTo::default());
    }
}
