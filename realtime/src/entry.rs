//! A fact as it is delivered: its frame, and which message it speaks of. What a message said is not repeated once the
//! message is deleted: who comes back afterwards hears that there was one, and that it is gone.

use std::collections::HashSet;

use axum::extract::ws::Utf8Bytes;
use events::public::{Audience, PublicEvent, PublicFact, form};
use events::{Fact, MessageEvent, MessageId, Position, Recorded};
use serde::Deserialize;

use crate::protocol::{ServerFrame, write};

/// What an entry costs besides its frame and its list of people, bytes.
const OVERHEAD: usize = 96;

/// A delivered fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) position: Position,
    pub(crate) audience: Audience,
    pub(crate) about: About,
    /// The frame, ready to send.
    pub(crate) frame: Utf8Bytes,
}

/// What a fact has to do with the words of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// It repeats them.
    Words(MessageId),
    /// It takes them away.
    Deletion(MessageId),
    /// Nothing.
    Else,
}

impl Entry {
    /// A stored fact as it is delivered; `None` for what is nobody's, and for presence, which travels by itself. The
    /// words of messages that are `gone` are left out.
    pub(crate) fn of(fact: &Recorded<Fact>, gone: &HashSet<MessageId>) -> Option<Self> {
        let (audience, mut public) = form(fact)?;
        if let Audience::Watchers(_) = audience {
            return None;
        }
        let about = About::fact(&public.event);
        if matches!(about, About::Words(message) if gone.contains(&message)) {
            hush(&mut public.event);
        }
        Some(Self { position: fact.position, audience, about, frame: frame(public) })
    }

    /// How many bytes it takes to keep it.
    pub(crate) fn cost(&self) -> usize {
        let users = match &self.audience {
            Audience::Members { users, .. } => size_of_val(users.as_slice()),
            Audience::Conversation(_)
            | Audience::Receipts { .. }
            | Audience::User(_)
            | Audience::Everyone
            | Audience::Watchers(_) => 0,
        };
        OVERHEAD + self.frame.len() + users
    }

    /// Leaves the words out.
    pub(crate) fn hush(&mut self) {
        // Frames come from `write`, so this one can be read.
        if let Ok(EventFrame { event: mut public }) = serde_json::from_str(&self.frame) {
            hush(&mut public.event);
            self.frame = frame(public);
        }
    }
}

impl About {
    fn fact(event: &PublicEvent) -> Self {
        match event {
            PublicEvent::MessagePosted { message } => Self::Words(message.id),
            PublicEvent::MessageEdited { id, .. } => Self::Words(*id),
            PublicEvent::MessageDeleted { id, .. } => Self::Deletion(*id),
            _ => Self::Else,
        }
    }
}

/// The messages that these facts delete.
pub(crate) fn deleted(facts: &[Recorded<Fact>]) -> HashSet<MessageId> {
    let deletion = |fact: &Recorded<Fact>| match fact.event {
        Fact::Message { message, event: MessageEvent::MessageDeleted { .. } } => Some(message),
        _ => None,
    };
    facts.iter().filter_map(deletion).collect()
}

fn hush(event: &mut PublicEvent) {
    match event {
        PublicEvent::MessagePosted { message } => {
            message.text.clear();
            message.content.clear();
            message.files.clear();
            message.forwards = None;
            message.deleted = true;
        }
        PublicEvent::MessageEdited { text, content, .. } => {
            text.clear();
            content.clear();
        }
        _ => {}
    }
}

fn frame(public: PublicFact) -> Utf8Bytes {
    write(&ServerFrame::Event { cursor: public.position, event: public }).into()
}

/// An event frame as the relay sends it.
#[derive(Deserialize)]
pub(crate) struct EventFrame {
    pub(crate) event: PublicFact,
}

/// What is read of every relayed frame, and nothing more.
#[derive(Default, Deserialize)]
pub(crate) struct Glance<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: Option<&'a str>,
    #[serde(borrow)]
    message: Option<Named<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    id: &'a str,
}

impl<'a> Glance<'a> {
    /// At a frame; at one that is none it sees nothing.
    pub(crate) fn at(frame: &'a str) -> Self {
        #[derive(Deserialize)]
        struct Framed<'a> {
            #[serde(borrow)]
            event: Glance<'a>,
        }
        serde_json::from_str::<Framed<'_>>(frame).map(|framed| framed.event).unwrap_or_default()
    }

    /// Whether it says who is told what from now on: who belongs to a conversation, or lets others see how far she has
    /// read.
    pub(crate) fn changes_audiences(&self) -> bool {
        matches!(
            self.kind,
            "channel_created"
                | "direct_opened"
                | "group_created"
                | "member_joined"
                | "member_left"
                | "read_receipts_set"
        )
    }

    /// What it has to do with the words of a message.
    pub(crate) fn about(&self) -> About {
        let message = |id: Option<&str>| id?.parse().ok();
        match self.kind {
            "message_posted" => message(self.message.as_ref().map(|named| named.id)).map_or(About::Else, About::Words),
            "message_edited" => message(self.id).map_or(About::Else, About::Words),
            "message_deleted" => message(self.id).map_or(About::Else, About::Deletion),
            _ => About::Else,
        }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use events::public::Message;
    use events::{ConversationId, Timestamp, UserId};
    use uuid::Uuid;

    /// A conversation that samples stand in.
    pub(crate) const ROOM: ConversationId = ConversationId::new(Uuid::from_u128(1));

    fn entry(position: u64, event: PublicEvent) -> Entry {
        let (position, about) = (Position(position), About::fact(&event));
        let public = PublicFact { position, at: Timestamp::default(), actor: None, event };
        Entry { position, audience: Audience::Conversation(ROOM), about, frame: frame(public) }
    }

    /// Somebody says something.
    pub(crate) fn said(position: u64, id: MessageId, text: &str) -> Entry {
        let message = Message {
            id,
            conversation: ROOM,
            author: UserId::new(Uuid::from_u128(2)),
            position: Position(position),
            text: text.to_owned(),
            content: Vec::new(),
            posted_at: Timestamp::default(),
            edited_at: None,
            deleted: false,
            thread: None,
            in_channel: false,
            forwards: None,
            forwarded: None,
            reply_count: 0,
            last_reply_at: None,
            repliers: Vec::new(),
            reactions: Vec::new(),
            pinned: None,
            files: Vec::new(),
        };
        entry(position, PublicEvent::MessagePosted { message })
    }

    /// She says it otherwise.
    pub(crate) fn edited(position: u64, id: MessageId, text: &str) -> Entry {
        let (conversation, text) = (ROOM, text.to_owned());
        entry(position, PublicEvent::MessageEdited { id, conversation, text, content: Vec::new() })
    }

    /// She takes it away.
    pub(crate) fn unsaid(position: u64, id: MessageId) -> Entry {
        entry(position, PublicEvent::MessageDeleted { id, conversation: ROOM })
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{edited, said, unsaid};
    use super::*;
    use uuid::Uuid;

    const ID: MessageId = MessageId::new(Uuid::from_u128(7));

    #[test]
    fn a_glance_sees_what_a_fact_is_about() {
        for entry in [said(1, ID, "a \"quoted\" word"), edited(2, ID, "b"), unsaid(3, ID)] {
            assert_eq!(Glance::at(&entry.frame).about(), entry.about);
            assert_ne!(entry.about, About::Else);
        }
        let frame = |kind: &str| format!(r#"{{"type":"event","cursor":3,"event":{{"position":3,"type":"{kind}"}}}}"#);
        assert!(Glance::at(&frame("member_left")).changes_audiences());
        assert!(Glance::at(&frame("direct_opened")).changes_audiences());
        assert!(Glance::at(&frame("read_receipts_set")).changes_audiences());
        assert!(!Glance::at(&frame("message_posted")).changes_audiences());
        assert!(!Glance::at("no json").changes_audiences());
    }

    #[test]
    fn hushed_words_are_gone_and_the_rest_stays() {
        let (mut posted, mut changed, mut gone) = (said(1, ID, "secret"), edited(2, ID, "secret"), unsaid(3, ID));
        let before = gone.frame.clone();
        [&mut posted, &mut changed, &mut gone].into_iter().for_each(Entry::hush);
        assert_eq!(gone.frame, before);
        for entry in [posted, changed] {
            assert!(!entry.frame.contains("secret") && entry.frame.contains(&ID.to_string()), "{}", entry.frame);
            assert_eq!(Glance::at(&entry.frame).about(), entry.about);
        }
    }
}
