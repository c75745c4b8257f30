//! Somebody reacts to a message with an emoji. Reacting the same way again changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use events::{MessageEvent, UserId};

use super::{Emoji, Message, Refusal, State};
use crate::Command;
use crate::conversation::Participant;

/// How many different emoji one message may carry.
pub const MOST_REACTIONS: usize = 50;
/// How many reactions it may carry, everybody's together: they all travel with it.
pub const MOST_REACTIONS_IN_ALL: usize = 1_000;

/// React to a message.
#[derive(Debug, Clone)]
pub struct AddReaction {
    /// Who may take part where it stands.
    pub by: Participant,
    /// With what.
    pub emoji: Emoji,
}

impl Command for AddReaction {
    type On = Message;

    fn decide(&self, state: &State) -> Result<Vec<MessageEvent>, Refusal> {
        let posted = state.within_reach_of(self.by)?;
        if posted.deleted {
            return Err(Refusal::Deleted);
        }
        match posted.reactions.get(self.emoji.as_str()) {
            Some(users) if users.contains(&self.by.user()) => return Ok(vec![]),
            None if posted.reactions.len() >= MOST_REACTIONS => return Err(Refusal::TooManyReactions),
            Some(_) | None if in_all(&posted.reactions) >= MOST_REACTIONS_IN_ALL => {
                return Err(Refusal::TooManyReactions);
            }
            Some(_) | None => {}
        }
        let (conversation, user, emoji) = (self.by.conversation(), self.by.user(), self.emoji.as_str().to_owned());
        Ok(vec![MessageEvent::ReactionAdded { conversation, user, emoji, author: Some(posted.first.author) }])
    }
}

fn in_all(reactions: &BTreeMap<String, BTreeSet<UserId>>) -> usize {
    reactions.values().map(BTreeSet::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::samples::{HELLO, deleted, elsewhere, member, posted, reacted, unreacted};
    use crate::spec::{ANN, BOB, given};

    fn react(by: Participant, emoji: &str) -> AddReaction {
        AddReaction { by, emoji: Emoji::parse(emoji).unwrap() }
    }

    #[test]
    fn members_react_each_once_with_the_same_emoji() {
        given::<Message>(&HELLO, [posted("hello")]).when(&react(member(BOB).into(), "👍")).then([reacted(BOB, "👍")]);
        let facts = || [posted("hello"), reacted(BOB, "👍")];
        given::<Message>(&HELLO, facts()).when(&react(member(BOB).into(), "👍")).nothing();
        given::<Message>(&HELLO, facts()).when(&react(member(ANN).into(), "👍")).then([reacted(ANN, "👍")]);
        given::<Message>(&HELLO, facts()).when(&react(member(BOB).into(), "🎉")).then([reacted(BOB, "🎉")]);
        let again = [posted("hello"), reacted(BOB, "👍"), unreacted(BOB, "👍")];
        given::<Message>(&HELLO, again).when(&react(member(BOB).into(), "👍")).then([reacted(BOB, "👍")]);
    }

    #[test]
    fn nobody_reacts_to_what_is_gone_or_not_there() {
        let gone = [posted("hello"), deleted()];
        given::<Message>(&HELLO, gone).when(&react(member(BOB).into(), "👍")).refused(Refusal::Deleted);
        given::<Message>(&HELLO, []).when(&react(member(BOB).into(), "👍")).refused(Refusal::Missing);
        given::<Message>(&HELLO, [posted("hello")]).when(&react(elsewhere(BOB).into(), "👍")).refused(Refusal::Missing);
    }

    #[test]
    fn a_message_carries_so_many_different_emoji_and_no_more() {
        let faces = (0x1F600..).filter_map(char::from_u32).take(MOST_REACTIONS);
        let facts =
            || std::iter::once(posted("hello")).chain(faces.clone().map(|face| reacted(ANN, &face.to_string())));
        given::<Message>(&HELLO, facts()).when(&react(member(BOB).into(), "👍")).refused(Refusal::TooManyReactions);
        given::<Message>(&HELLO, facts()).when(&react(member(BOB).into(), "😀")).then([reacted(BOB, "😀")]);
        given::<Message>(&HELLO, facts().take(MOST_REACTIONS))
            .when(&react(member(BOB).into(), "👍"))
            .then([reacted(BOB, "👍")]);
    }

    #[test]
    fn and_so_many_reactions_in_all() {
        let crowd = (100..).map(|n| UserId::new(uuid::Uuid::from_u128(n))).take(MOST_REACTIONS_IN_ALL);
        let facts = || std::iter::once(posted("hello")).chain(crowd.clone().map(|user| reacted(user, "👍")));
        given::<Message>(&HELLO, facts()).when(&react(member(BOB).into(), "👍")).refused(Refusal::TooManyReactions);
        given::<Message>(&HELLO, facts()).when(&react(member(BOB).into(), "🎉")).refused(Refusal::TooManyReactions);
        let (first, rest) = (facts().take(MOST_REACTIONS_IN_ALL), react(member(BOB).into(), "👍"));
        given::<Message>(&HELLO, first).when(&rest).then([reacted(BOB, "👍")]);
    }
}
