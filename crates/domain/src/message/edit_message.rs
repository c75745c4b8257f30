//! An author changes what she said. What it said before stays readable as its history.

use std::time::Duration;

use events::{MessageEvent, Timestamp, UserId};

use super::{Message, MessageText, Posted, Refusal, SpokenTo, State};
use crate::Command;
use crate::conversation::Poster;

/// How often one message may be changed.
pub const MOST_EDITS: usize = 100;

/// Change a message's text.
#[derive(Debug, Clone)]
pub struct EditMessage {
    /// Who may post where it stands.
    pub by: Poster,
    /// The new text.
    pub text: MessageText,
    /// The present moment.
    pub now: Timestamp,
    /// How long after posting a message may be changed; for ever, if nothing is said.
    pub within: Option<Duration>,
}

impl EditMessage {
    /// Those whom the new text names and no text of the message named before. Nobody else hears of an edit.
    #[must_use]
    pub fn mentions(&self, posted: &Posted) -> Vec<UserId> {
        let mut named = SpokenTo::of(self.text.as_str()).users;
        named.remove(&posted.first.author);
        for before in posted.edited.iter().chain([&posted.first.text]) {
            if named.is_empty() {
                break;
            }
            SpokenTo::of(before).users.iter().for_each(|user| _ = named.remove(user));
        }
        named.into_iter().collect()
    }

    fn is_late_for(&self, posted: Timestamp) -> bool {
        let age = u64::try_from(self.now.unix_ms().saturating_sub(posted.unix_ms())).unwrap_or_default();
        self.within.is_some_and(|within| Duration::from_millis(age) > within)
    }
}

impl Command for EditMessage {
    type On = Message;

    fn decide(&self, state: &State) -> Result<Vec<MessageEvent>, Refusal> {
        let posted = state.within_reach_of(self.by.into())?;
        if posted.deleted {
            return Err(Refusal::Deleted);
        }
        if posted.first.author != self.by.user() {
            return Err(Refusal::NotTheAuthor);
        }
        if posted.text() == self.text.as_str() {
            return Ok(vec![]);
        }
        if self.is_late_for(posted.at) {
            return Err(Refusal::EditWindowClosed);
        }
        if posted.edited.len() >= MOST_EDITS {
            return Err(Refusal::TooManyEdits);
        }
        let (conversation, text) = (posted.first.conversation, self.text.as_str().to_owned());
        Ok(vec![MessageEvent::MessageEdited { conversation, text, mentions: self.mentions(posted) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::message::samples::{HELLO, deleted, edited, elsewhere, member, posted};
    use crate::spec::{ANN, BOB, CID, given};

    fn edit(by: Poster, text: &str) -> EditMessage {
        let (text, now) = (MessageText::parse(text.into()).unwrap(), Timestamp::from_unix_ms(60_000));
        EditMessage { by, text, now, within: None }
    }

    #[test]
    fn an_author_changes_what_she_said() {
        given::<Message>(&HELLO, [posted("helo")]).when(&edit(member(ANN), "hello")).then([edited("hello")]);
        let back = given::<Message>(&HELLO, [posted("helo"), edited("hello")]);
        back.when(&edit(member(ANN), "helo")).then([edited("helo")]);
    }

    #[test]
    fn whom_it_names_anew_is_told_and_nobody_twice() {
        let (bob, both) = (format!("<@{BOB}>"), format!("<@{CID}> <@{ANN}> <@{BOB}>"));
        let naming = |text: &str, mentions: &[_]| MessageEvent::MessageEdited {
            conversation: CHANNEL,
            text: text.to_owned(),
            mentions: mentions.to_vec(),
        };
        let facts = || [posted("hello"), naming(&bob, &[BOB]), naming("nobody", &[])];
        given::<Message>(&HELLO, facts()[..1].to_vec()).when(&edit(member(ANN), &bob)).then([naming(&bob, &[BOB])]);
        given::<Message>(&HELLO, facts()).when(&edit(member(ANN), &both)).then([naming(&both, &[CID])]);
        given::<Message>(&HELLO, facts()).when(&edit(member(ANN), &bob)).then([naming(&bob, &[])]);
        given::<Message>(&HELLO, [posted(&bob)]).when(&edit(member(ANN), &both)).then([naming(&both, &[CID])]);
    }

    #[test]
    fn the_text_that_stands_there_changes_nothing_however_late() {
        let facts = [posted("helo"), edited("hello")];
        let late = EditMessage { within: Some(Duration::ZERO), ..edit(member(ANN), "hello") };
        given::<Message>(&HELLO, facts).when(&late).nothing();
    }

    #[test]
    fn nobody_else_changes_it_and_nobody_what_is_gone_or_not_there() {
        given::<Message>(&HELLO, [posted("hello")]).when(&edit(member(BOB), "bye")).refused(Refusal::NotTheAuthor);
        let gone = given::<Message>(&HELLO, [posted("hello"), deleted()]);
        gone.when(&edit(member(ANN), "bye")).refused(Refusal::Deleted);
        given::<Message>(&HELLO, []).when(&edit(member(ANN), "bye")).refused(Refusal::Missing);
        given::<Message>(&HELLO, [posted("hello")]).when(&edit(elsewhere(ANN), "bye")).refused(Refusal::Missing);
    }

    #[test]
    fn the_window_is_open_to_its_last_moment() {
        let within = |seconds| EditMessage { within: Some(Duration::from_secs(seconds)), ..edit(member(ANN), "bye") };
        given::<Message>(&HELLO, [posted("hello")]).when(&within(60)).then([edited("bye")]);
        given::<Message>(&HELLO, [posted("hello")]).when(&within(59)).refused(Refusal::EditWindowClosed);
    }

    #[test]
    fn a_message_is_changed_so_often_and_no_more() {
        let changes = (0..MOST_EDITS).map(|n| edited(&format!("version {n}")));
        let facts: Vec<_> = std::iter::once(posted("hello")).chain(changes).collect();
        given::<Message>(&HELLO, facts[..MOST_EDITS].to_vec()).when(&edit(member(ANN), "bye")).then([edited("bye")]);
        given::<Message>(&HELLO, facts).when(&edit(member(ANN), "bye")).refused(Refusal::TooManyEdits);
    }
}
