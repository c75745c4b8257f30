//! Somebody saves a message for later. Saving what is saved sets its reminder, and puts it back among what is to be done.

use events::{SavedEvent, SavedState, Timestamp};

use super::{Place, Refusal, Saved, State};
use crate::Command;
use crate::conversation::Viewer;
use crate::message::Living;

/// How much one person saves.
pub const MOST_SAVED: usize = 1_000;

/// Save a message.
#[derive(Debug, Clone, Copy)]
pub struct SaveMessage {
    /// Who may see the conversation.
    pub by: Viewer,
    /// That the message is there.
    pub message: Living,
    /// When she wants to be reminded of it.
    pub remind_at: Option<Timestamp>,
}

impl Command for SaveMessage {
    type On = Saved;

    fn decide(&self, known: &State) -> Result<Vec<SavedEvent>, Refusal> {
        if self.message.conversation() != self.by.conversation() {
            return Err(Refusal::Elsewhere);
        }
        let message = self.message.message();
        let conversation = Some(self.by.conversation());
        let place = Place { conversation, state: SavedState::InProgress, remind_at: self.remind_at };
        match known.messages.get(&message) {
            Some(present) if *present == place => Ok(vec![]),
            None if known.messages.len() >= MOST_SAVED => Err(Refusal::TooMany),
            Some(_) | None => Ok(vec![place.of(message)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::{CHANNEL, created, joined, private};
    use crate::conversation::{self, Conversation};
    use crate::message::Message;
    use crate::message::samples::{HELLO, posted};
    use crate::saved::samples::{saved, unsaved};
    use crate::spec::{ANN, BOB, CID, given};
    use events::{ConversationId, MessageId};
    use uuid::Uuid;

    const AT: Option<Timestamp> = Some(Timestamp::from_unix_ms(5));

    fn viewer(conversation: ConversationId) -> Viewer {
        given::<Conversation>(&conversation, [created("cooking")]).state().viewer(BOB).unwrap()
    }

    fn save(remind_at: Option<Timestamp>) -> SaveMessage {
        let message = given::<Message>(&HELLO, [posted("hello")]).state().living(HELLO).unwrap();
        SaveMessage { by: viewer(CHANNEL), message, remind_at }
    }

    #[test]
    fn a_message_is_saved_once_until_it_is_saved_anew() {
        let (to_do, done) = (saved(HELLO, SavedState::InProgress, None), saved(HELLO, SavedState::Completed, None));
        given::<Saved>(&BOB, []).when(&save(None)).then([to_do.clone()]);
        given::<Saved>(&BOB, [to_do.clone()]).when(&save(None)).nothing();
        given::<Saved>(&BOB, [to_do.clone(), unsaved(HELLO)]).when(&save(None)).then([to_do.clone()]);
        given::<Saved>(&BOB, [to_do.clone(), done]).when(&save(None)).then([to_do]);
    }

    #[test]
    fn saving_again_sets_the_reminder_and_takes_it_away() {
        let reminding = saved(HELLO, SavedState::InProgress, AT);
        given::<Saved>(&BOB, [saved(HELLO, SavedState::InProgress, None)]).when(&save(AT)).then([reminding.clone()]);
        given::<Saved>(&BOB, [reminding.clone()]).when(&save(AT)).nothing();
        given::<Saved>(&BOB, [reminding]).when(&save(None)).then([saved(HELLO, SavedState::InProgress, None)]);
    }

    #[test]
    fn so_much_is_saved_and_no_more() {
        let full =
            || (100..).take(MOST_SAVED).map(|n| saved(MessageId::new(Uuid::from_u128(n)), SavedState::Completed, None));
        given::<Saved>(&BOB, full()).when(&save(None)).refused(Refusal::TooMany);
        let one = saved(HELLO, SavedState::InProgress, AT);
        given::<Saved>(&BOB, full().skip(1)).when(&save(AT)).then([one.clone()]);
        given::<Saved>(&BOB, full().skip(1).chain([one])).when(&save(None)).then([saved(
            HELLO,
            SavedState::InProgress,
            None,
        )]);
    }

    #[test]
    fn a_message_is_saved_from_where_it_stands_by_who_may_see_it() {
        let smuggled = SaveMessage { by: viewer(ConversationId::new(Uuid::from_u128(0xC1))), ..save(None) };
        given::<Saved>(&BOB, []).when(&smuggled).refused(Refusal::Elsewhere);
        let secret = given::<Conversation>(&CHANNEL, [private("cooking"), joined(ANN)]).state();
        assert_eq!(secret.viewer(CID), Err(conversation::Refusal::Private));
        assert!(secret.viewer(ANN).is_ok());
        assert_eq!(conversation::State::Missing.viewer(ANN), Err(conversation::Refusal::Missing));
    }
}
