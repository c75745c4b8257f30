//! Somebody has written so far, in a conversation that she belongs to. The newest text counts, from whichever device.

use events::{DraftEvent, DraftPlace};

use super::{Draft, Refusal};
use crate::Command;
use crate::conversation::Reader;
use crate::message::{MessageText, Thread};

/// Save a draft.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    /// Who belongs to the conversation.
    pub by: Reader,
    /// The thread it would answer in.
    pub thread: Option<Thread>,
    /// The text so far.
    pub text: MessageText,
}

impl SaveDraft {
    /// Where it would be sent.
    #[must_use]
    pub fn place(&self) -> DraftPlace {
        DraftPlace { conversation: self.by.conversation(), thread: self.thread.map(Thread::root) }
    }
}

impl Command for SaveDraft {
    type On = Draft;

    fn decide(&self, known: &String) -> Result<Vec<DraftEvent>, Refusal> {
        if self.thread.is_some_and(|thread| thread.conversation() != self.by.conversation()) {
            return Err(Refusal::Elsewhere);
        }
        let text = self.text.as_str();
        if known == text {
            return Ok(vec![]);
        }
        let DraftPlace { conversation, thread } = self.place();
        Ok(vec![DraftEvent::DraftSaved { conversation, thread, text: text.to_owned() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::samples::{HERE, THREAD, drafted};
    use crate::follow::samples::{elsewhere, reader};
    use crate::message::Message;
    use crate::message::samples::{HELLO, posted};
    use crate::spec::{BOB, given};

    fn save(text: &str) -> SaveDraft {
        SaveDraft { by: reader(BOB), thread: None, text: MessageText::parse(text.into()).unwrap() }
    }

    fn in_thread(text: &str) -> SaveDraft {
        let thread = given::<Message>(&HELLO, [posted("hello")]).state().thread(HELLO, HERE.conversation).ok();
        SaveDraft { thread, ..save(text) }
    }

    #[test]
    fn the_newest_text_counts_and_the_same_changes_nothing() {
        given::<Draft>(&(HERE, BOB), []).when(&save("so")).then([drafted(HERE, "so")]);
        given::<Draft>(&(HERE, BOB), [drafted(HERE, "so")]).when(&save("so")).nothing();
        given::<Draft>(&(HERE, BOB), [drafted(HERE, "so")]).when(&save("soup")).then([drafted(HERE, "soup")]);
        given::<Draft>(&(HERE, BOB), [drafted(HERE, "so"), drafted(HERE, "")])
            .when(&save("so"))
            .then([drafted(HERE, "so")]);
    }

    #[test]
    fn a_thread_has_a_draft_of_its_own() {
        given::<Draft>(&(THREAD, BOB), []).when(&in_thread("yes")).then([drafted(THREAD, "yes")]);
        let smuggled = SaveDraft { by: elsewhere(BOB), ..in_thread("yes") };
        given::<Draft>(&(THREAD, BOB), []).when(&smuggled).refused(Refusal::Elsewhere);
    }
}
