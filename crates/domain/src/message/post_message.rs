//! Somebody says something. Saying the same under the same id again changes nothing, saying something else is refused.

use events::MessageEvent;

use super::{Content, Message, MessageText, Refusal, State, Thread};
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
                let Content { conversation, author, text, thread, files } = content;
                Ok(vec![MessageEvent::MessagePosted { conversation, author, text, thread, files }])
            }
            State::Posted { first, .. } if *first == content => Ok(vec![]),
            State::Posted { .. } => Err(Refusal::IdTaken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversation;
    use crate::conversation::samples::{CHANNEL, created, joined};
    use crate::spec::{ANN, BOB, given};
    use events::{ConversationId, MessageId, UserId};
    use uuid::Uuid;

    const HELLO: MessageId = MessageId::new(Uuid::from_u128(0x1));
    const ANSWER: MessageId = MessageId::new(Uuid::from_u128(0x2));
    const ELSEWHERE: ConversationId = ConversationId::new(Uuid::from_u128(0xC1));

    fn poster(user: UserId, conversation: ConversationId) -> Poster {
        let facts = [created("cooking"), joined(ANN), joined(BOB)];
        given::<Conversation>(&conversation, facts).state().poster(user).unwrap()
    }

    fn post(user: UserId, text: &str) -> PostMessage {
        PostMessage { by: poster(user, CHANNEL), text: MessageText::parse(text.into()).unwrap(), thread: None }
    }

    fn posted(text: &str, thread: Option<MessageId>) -> MessageEvent {
        let text = text.to_owned();
        MessageEvent::MessagePosted { conversation: CHANNEL, author: ANN, text, thread, files: vec![] }
    }

    #[test]
    fn d08_a_member_says_something() {
        given::<Message>(&HELLO, []).when(&post(ANN, "hello")).then([posted("hello", None)]);
    }

    #[test]
    fn the_same_send_again_changes_nothing_even_after_edits_and_deletion() {
        let edited = MessageEvent::MessageEdited { conversation: CHANNEL, text: "hi".into() };
        let deleted = MessageEvent::MessageDeleted { conversation: CHANNEL };
        let facts = [posted("hello", None), edited, deleted];
        for n in 1..=3 {
            given::<Message>(&HELLO, facts[..n].to_vec()).when(&post(ANN, "hello")).nothing();
        }
    }

    #[test]
    fn another_text_author_or_place_under_the_same_id_is_refused() {
        let facts = || [posted("hello", None)];
        given::<Message>(&HELLO, facts()).when(&post(ANN, "other")).refused(Refusal::IdTaken);
        given::<Message>(&HELLO, facts()).when(&post(BOB, "hello")).refused(Refusal::IdTaken);
        let elsewhere = PostMessage { by: poster(ANN, ELSEWHERE), ..post(ANN, "hello") };
        given::<Message>(&HELLO, facts()).when(&elsewhere).refused(Refusal::IdTaken);
    }

    #[test]
    fn an_answer_stands_in_the_thread_of_its_root() {
        let root = given::<Message>(&HELLO, [posted("hello", None)]).state();
        let thread = root.thread(HELLO, CHANNEL).ok();
        let answer = PostMessage { thread, ..post(ANN, "hi") };
        given::<Message>(&ANSWER, []).when(&answer).then([posted("hi", Some(HELLO))]);
    }

    #[test]
    fn only_a_living_message_of_the_same_place_carries_a_thread() {
        let root = given::<Message>(&HELLO, [posted("hello", None)]).state();
        assert_eq!(root.thread(HELLO, ELSEWHERE), Err(Refusal::NoSuchThread));
        assert_eq!(State::Missing.thread(HELLO, CHANNEL), Err(Refusal::NoSuchThread));
        let answer = given::<Message>(&ANSWER, [posted("hi", Some(HELLO))]).state();
        assert_eq!(answer.thread(ANSWER, CHANNEL), Err(Refusal::NoSuchThread));
        let gone = [posted("hello", None), MessageEvent::MessageDeleted { conversation: CHANNEL }];
        assert_eq!(given::<Message>(&HELLO, gone).state().thread(HELLO, CHANNEL), Err(Refusal::NoSuchThread));
        let smuggled =
            PostMessage { thread: root.thread(HELLO, CHANNEL).ok(), by: poster(ANN, ELSEWHERE), ..post(ANN, "x") };
        given::<Message>(&ANSWER, []).when(&smuggled).refused(Refusal::NoSuchThread);
    }

    #[test]
    fn the_first_position_is_remembered() {
        let edited = MessageEvent::MessageEdited { conversation: CHANNEL, text: "hi".into() };
        let state = given::<Message>(&HELLO, [posted("hello", None), edited]).state();
        assert!(matches!(state, State::Posted { position: events::Position(0), deleted: false, .. }));
    }
}
