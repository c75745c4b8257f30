//! Somebody takes a reaction back. What is not there, or went with its message, needs no taking back.

use events::MessageEvent;

use super::{Emoji, Message, Refusal, State};
use crate::Command;
use crate::conversation::Participant;

/// Take a reaction back.
#[derive(Debug, Clone)]
pub struct RemoveReaction {
    /// Who may take part where the message stands.
    pub by: Participant,
    /// Which one.
    pub emoji: Emoji,
}

impl Command for RemoveReaction {
    type On = Message;

    fn decide(&self, state: &State) -> Result<Vec<MessageEvent>, Refusal> {
        let posted = state.within_reach_of(self.by)?;
        let reacted = posted.reactions.get(self.emoji.as_str());
        if !reacted.is_some_and(|users| users.contains(&self.by.user())) {
            return Ok(vec![]);
        }
        let (conversation, user, emoji) = (self.by.conversation(), self.by.user(), self.emoji.as_str().to_owned());
        Ok(vec![MessageEvent::ReactionRemoved { conversation, user, emoji }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::samples::{HELLO, deleted, elsewhere, member, posted, reacted, unreacted};
    use crate::spec::{ANN, BOB, given};

    fn unreact(by: Participant, emoji: &str) -> RemoveReaction {
        RemoveReaction { by, emoji: Emoji::parse(emoji).unwrap() }
    }

    #[test]
    fn a_reaction_is_taken_back_once_and_only_ones_own() {
        let facts = || vec![posted("hello"), reacted(BOB, "👍"), reacted(ANN, "👍")];
        given::<Message>(&HELLO, facts()).when(&unreact(member(BOB).into(), "👍")).then([unreacted(BOB, "👍")]);
        let after = [facts(), vec![unreacted(BOB, "👍")]].concat();
        given::<Message>(&HELLO, after).when(&unreact(member(BOB).into(), "👍")).nothing();
        given::<Message>(&HELLO, [posted("hello"), reacted(ANN, "👍")])
            .when(&unreact(member(BOB).into(), "👍"))
            .nothing();
    }

    #[test]
    fn an_emoji_that_is_gone_changes_nothing() {
        given::<Message>(&HELLO, [posted("hello")]).when(&unreact(member(BOB).into(), "👍")).nothing();
        let gone = [posted("hello"), reacted(BOB, "👍"), deleted()];
        given::<Message>(&HELLO, gone).when(&unreact(member(BOB).into(), "👍")).nothing();
    }

    #[test]
    fn nothing_is_taken_from_a_message_that_is_not_there() {
        given::<Message>(&HELLO, []).when(&unreact(member(BOB).into(), "👍")).refused(Refusal::Missing);
        given::<Message>(&HELLO, [posted("hello")])
            .when(&unreact(elsewhere(BOB).into(), "👍"))
            .refused(Refusal::Missing);
    }
}
