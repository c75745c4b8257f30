//! Somebody says something. Saying the same under the same id again changes nothing, saying something else is refused.

use events::MessageEvent;

use super::{Content, Message, MessageText, Original, Posted, Refusal, State, Thread};
use crate::Command;
use crate::conversation::Poster;

/// Post a message.
#[derive(Debug, Clone)]
pub struct PostMessage {
    /// Who may post where.
    pub by: Poster,
    /// What she says.
    pub text: MessageText,
    /// The thread it belongs to.
    pub thread: Option<Thread>,
    /// Whether an answer stands in the channel too; what answers nothing stands there anyway.
    pub in_channel: bool,
    /// The message that it passes on.
    pub forwards: Option<Original>,
}

impl PostMessage {
    /// What makes this send the same as another.
    #[must_use]
    pub fn content(&self) -> Content {
        Content {
            conversation: self.by.conversation(),
            author: self.by.user(),
            text: self.text.as_str().to_owned(),
            thread: self.thread.map(|thread| thread.root),
            files: Vec::new(),
            in_channel: self.in_channel && self.thread.is_some(),
            forwards: self.forwards.map(Original::message),
        }
    }
}

impl Command for PostMessage {
    type On = Message;

    fn decide(&self, state: &State) -> Result<Vec<MessageEvent>, Refusal> {
        if self.thread.is_some_and(|thread| thread.conversation != self.by.conversation()) {
            return Err(Refusal::NoSuchThread);
        }
        let content = self.content();
        match state {
            State::Missing => {
                let Content { conversation, author, text, thread, files, in_channel, forwards } = content;
                let answers = self.thread.map(|thread| thread.author);
                let posted = MessageEvent::MessagePosted {
                    conversation,
                    author,
                    text,
                    thread,
                    files,
                    in_channel,
                    answers,
                    forwards,
                };
                Ok(vec![posted])
            }
            State::Posted(Posted { first, .. }) if *first == content => Ok(vec![]),
            State::Posted(_) => Err(Refusal::IdTaken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Actor;
    use crate::conversation::Conversation;
    use crate::conversation::samples::{CHANNEL, created, joined};
    use crate::message::samples::{ANSWER, HELLO, answered, deleted, edited, forwarded, posted};
    use crate::spec::{ANN, BOB, given};
    use events::{ConversationId, Role, UserId};
    use uuid::Uuid;

    const ELSEWHERE: ConversationId = ConversationId::new(Uuid::from_u128(0xC1));

    fn poster(user: UserId, conversation: ConversationId) -> Poster {
        let facts = [created("cooking"), joined(ANN), joined(BOB)];
        given::<Conversation>(&conversation, facts).state().poster(Actor { user, role: Role::Member }).unwrap()
    }

    fn post(user: UserId, text: &str) -> PostMessage {
        let (by, text) = (poster(user, CHANNEL), MessageText::parse(text.into()).unwrap());
        PostMessage { by, text, thread: None, in_channel: false, forwards: None }
    }

    #[test]
    fn d08_a_member_says_something() {
        given::<Message>(&HELLO, []).when(&post(ANN, "hello")).then([posted("hello")]);
    }

    #[test]
    fn the_same_send_again_changes_nothing_even_after_edits_and_deletion() {
        let facts = [posted("hello"), edited("hi"), deleted()];
        for n in 1..=3 {
            given::<Message>(&HELLO, facts[..n].to_vec()).when(&post(ANN, "hello")).nothing();
        }
    }

    #[test]
    fn a_message_knows_what_it_was_posted_as_whatever_happens_to_it() {
        let state = given::<Message>(&HELLO, [posted("hello"), edited("hi"), deleted()]).state();
        let (same, other) = (post(ANN, "hello").content(), post(ANN, "hi").content());
        assert!(state.posted_as(&same).is_some() && state.posted_as(&other).is_none());
        assert_eq!(State::Missing.posted_as(&same), None);
    }

    #[test]
    fn another_text_author_or_place_under_the_same_id_is_refused() {
        let facts = || [posted("hello")];
        given::<Message>(&HELLO, facts()).when(&post(ANN, "other")).refused(Refusal::IdTaken);
        given::<Message>(&HELLO, facts()).when(&post(BOB, "hello")).refused(Refusal::IdTaken);
        let elsewhere = PostMessage { by: poster(ANN, ELSEWHERE), ..post(ANN, "hello") };
        given::<Message>(&HELLO, facts()).when(&elsewhere).refused(Refusal::IdTaken);
    }

    #[test]
    fn an_answer_stands_in_the_thread_of_its_root() {
        let root = given::<Message>(&HELLO, [posted("hello")]).state();
        let thread = root.thread(HELLO, CHANNEL).ok();
        let answer = PostMessage { thread, ..post(ANN, "hi") };
        given::<Message>(&ANSWER, []).when(&answer).then([answered("hi", false)]);
    }

    #[test]
    fn an_answer_may_stand_in_the_channel_too_and_nothing_else_says_so() {
        let thread = given::<Message>(&HELLO, [posted("hello")]).state().thread(HELLO, CHANNEL).ok();
        let answer = PostMessage { thread, in_channel: true, ..post(ANN, "hi") };
        given::<Message>(&ANSWER, []).when(&answer).then([answered("hi", true)]);
        given::<Message>(&ANSWER, [answered("hi", false)]).when(&answer).refused(Refusal::IdTaken);
        let plain = PostMessage { in_channel: true, ..post(ANN, "hello") };
        given::<Message>(&HELLO, []).when(&plain).then([posted("hello")]);
    }

    #[test]
    fn only_a_living_message_of_the_same_place_carries_a_thread() {
        let root = given::<Message>(&HELLO, [posted("hello")]).state();
        assert_eq!(root.thread(HELLO, ELSEWHERE), Err(Refusal::NoSuchThread));
        assert_eq!(State::Missing.thread(HELLO, CHANNEL), Err(Refusal::NoSuchThread));
        let answer = given::<Message>(&ANSWER, [answered("hi", false)]).state();
        assert_eq!(answer.thread(ANSWER, CHANNEL), Err(Refusal::NoSuchThread));
        let gone = [posted("hello"), deleted()];
        assert_eq!(given::<Message>(&HELLO, gone).state().thread(HELLO, CHANNEL), Err(Refusal::NoSuchThread));
        let smuggled =
            PostMessage { thread: root.thread(HELLO, CHANNEL).ok(), by: poster(ANN, ELSEWHERE), ..post(ANN, "x") };
        given::<Message>(&ANSWER, []).when(&smuggled).refused(Refusal::NoSuchThread);
    }

    #[test]
    fn what_is_no_answer_is_the_head_of_its_thread_even_when_it_is_gone() {
        let state = |facts: Vec<MessageEvent>| given::<Message>(&HELLO, facts).state();
        let head = state(vec![posted("hello"), deleted()]).head(HELLO).unwrap();
        assert_eq!((head.message(), head.conversation()), (HELLO, CHANNEL));
        assert_eq!(state(vec![answered("hi", false)]).head(HELLO), Err(Refusal::NoSuchThread));
        assert_eq!(State::Missing.head(HELLO), Err(Refusal::NoSuchThread));
    }

    #[test]
    fn a_message_passes_another_one_on_and_is_then_another_message() {
        let viewer = given::<Conversation>(&CHANNEL, [created("cooking")]).state().viewer(ANN).unwrap();
        let original = given::<Message>(&HELLO, [posted("hello")]).state().original(HELLO, viewer).unwrap();
        let forward = PostMessage { forwards: Some(original), ..post(ANN, "see") };
        given::<Message>(&ANSWER, []).when(&forward).then([forwarded("see")]);
        given::<Message>(&ANSWER, [forwarded("see")]).when(&forward).nothing();
        given::<Message>(&ANSWER, [forwarded("see")]).when(&post(ANN, "see")).refused(Refusal::IdTaken);
    }

    #[test]
    fn only_an_original_that_is_there_and_can_be_seen_is_passed_on() {
        let viewer = |place| given::<Conversation>(&place, [created("cooking")]).state().viewer(ANN).unwrap();
        let state = |facts: Vec<MessageEvent>| given::<Message>(&HELLO, facts).state();
        let (here, elsewhere) = (viewer(CHANNEL), viewer(ELSEWHERE));
        assert_eq!(state(vec![posted("hello")]).original(HELLO, elsewhere), Err(Refusal::Missing));
        assert_eq!(state(vec![posted("hello"), deleted()]).original(HELLO, here), Err(Refusal::Deleted));
        assert_eq!(state(vec![forwarded("see")]).original(HELLO, here), Err(Refusal::Missing));
        assert_eq!(state(vec![forwarded("see")]).forwards(), Some(HELLO));
        assert_eq!(State::Missing.original(HELLO, here), Err(Refusal::Missing));
        assert_eq!((State::Missing.forwards(), state(vec![posted("hello")]).forwards()), (None, None));
    }

    #[test]
    fn the_first_position_is_remembered() {
        let state = given::<Message>(&HELLO, [posted("hello"), edited("hi")]).state();
        assert!(matches!(state, State::Posted(Posted { position: events::Position(0), deleted: false, .. })));
    }
}
