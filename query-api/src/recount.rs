//! A recount as it is answered: what the facts come to, what is shown, and where the two differ.

use std::collections::{BTreeMap, BTreeSet};

use events::{ConversationId, MessageId, Position};
use read_model::{Slice, Tally};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many differences are named at most.
const MOST: usize = 100;

/// A conversation as you see it, counted again from the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Recount {
    /// Which.
    conversation: ConversationId,
    /// Messages up to here were left out.
    begins_after: Position,
    /// Both sides are as things stood here.
    position: Position,
    /// What the facts come to.
    counted: Sums,
    /// What you are shown.
    shown: Sums,
    /// Where the two differ, 100 places at most; empty when all is as it should be.
    pub(crate) differing: Vec<Difference>,
}

/// What a recount comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Sums {
    /// Whether you are in it.
    is_member: bool,
    /// Position of the newest message that you have read.
    read_position: Position,
    /// How many messages of others are new to you, counted to 100 at most.
    unread_count: usize,
    /// How many messages speak to you, by name or as one of many.
    mention_count: usize,
    /// How many messages there are that were not deleted, those in threads among them.
    message_count: usize,
    /// How many of the messages answer another one.
    reply_count: usize,
    /// How many reactions the messages carry.
    reaction_count: usize,
    /// How many threads you follow.
    thread_count: usize,
    /// How many answers of others in them are new to you; in each, counted to 100 at most.
    thread_unread_count: usize,
}

/// Something that is not shown as the facts have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Difference {
    /// What.
    pub(crate) what: Figure,
    /// Of which message; absent where it is the conversation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<MessageId>,
    /// By the facts; absent where they know of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted: Option<u64>,
    /// As shown; absent where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<u64>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Figure {
    /// 1: you are in the conversation.
    IsMember,
    /// How far you have read it.
    ReadPosition,
    /// How much of it is new to you.
    UnreadCount,
    /// How much of it speaks to you.
    MentionCount,
    /// 1: a message stands, 0: it was deleted.
    Message,
    /// How many answers a message has.
    ReplyCount,
    /// How many reactions a message carries.
    ReactionCount,
    /// How many answers in a thread that you follow are new to you.
    ThreadUnreadCount,
}

impl Figure {
    /// Its word, as on the wire.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::IsMember => "is_member",
            Self::ReadPosition => "read_position",
            Self::UnreadCount => "unread_count",
            Self::MentionCount => "mention_count",
            Self::Message => "message",
            Self::ReplyCount => "reply_count",
            Self::ReactionCount => "reaction_count",
            Self::ThreadUnreadCount => "thread_unread_count",
        }
    }
}

impl Recount {
    /// What is counted and what is shown of a slice, both at one position.
    pub(crate) fn of(slice: Slice, position: Position, counted: &Tally, shown: &Tally) -> Self {
        let Slice { conversation, after: begins_after, .. } = slice;
        let differing = differing(&figures(counted), &figures(shown));
        let (counted, shown) = (Sums::of(counted), Sums::of(shown));
        Self { conversation, begins_after, position, counted, shown, differing }
    }
}

impl Sums {
    fn of(tally: &Tally) -> Self {
        let messages = || tally.messages.values();
        Self {
            is_member: tally.is_member,
            read_position: tally.read_position,
            unread_count: tally.unread,
            mention_count: tally.mentions,
            message_count: messages().filter(|message| message.stands).count(),
            reply_count: messages().map(|message| message.replies).sum(),
            reaction_count: messages().map(|message| message.reactions).sum(),
            thread_count: tally.threads.len(),
            thread_unread_count: tally.threads.values().sum(),
        }
    }
}

type Figures = BTreeMap<(Figure, Option<MessageId>), u64>;

/// Everything that is compared, one by one.
fn figures(tally: &Tally) -> Figures {
    let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let own = [
        (Figure::IsMember, u64::from(tally.is_member)),
        (Figure::ReadPosition, tally.read_position.0),
        (Figure::UnreadCount, size(tally.unread)),
        (Figure::MentionCount, size(tally.mentions)),
    ];
    let messages = tally.messages.iter().flat_map(|(id, message)| {
        [
            ((Figure::Message, Some(*id)), u64::from(message.stands)),
            ((Figure::ReplyCount, Some(*id)), size(message.replies)),
            ((Figure::ReactionCount, Some(*id)), size(message.reactions)),
        ]
    });
    let threads = tally.threads.iter().map(|(root, unread)| ((Figure::ThreadUnreadCount, Some(*root)), size(*unread)));
    own.into_iter().map(|(figure, value)| ((figure, None), value)).chain(messages).chain(threads).collect()
}

fn differing(counted: &Figures, shown: &Figures) -> Vec<Difference> {
    let places: BTreeSet<_> = counted.keys().chain(shown.keys()).collect();
    let compared = places.into_iter().map(|place @ (what, message)| {
        let (counted, shown) = (counted.get(place).copied(), shown.get(place).copied());
        Difference { what: *what, message: *message, counted, shown }
    });
    compared.filter(|difference| difference.counted != difference.shown).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use events::UserId;
    use read_model::MessageTally;
    use uuid::Uuid;

    use super::*;

    fn message(n: u128) -> MessageId {
        MessageId::new(Uuid::from_u128(n))
    }

    fn tally(messages: u128) -> Tally {
        let said = MessageTally { stands: true, replies: 2, reactions: 1 };
        let messages = (1..=messages).map(|n| (message(n), said)).collect();
        let threads = BTreeMap::from([(message(1), 2)]);
        Tally { is_member: true, read_position: Position(7), unread: 3, mentions: 1, messages, threads }
    }

    fn compared(shown: &Tally) -> Vec<Difference> {
        let (user, conversation) = (UserId::new(Uuid::nil()), ConversationId::new(Uuid::nil()));
        let slice = Slice { user, conversation, after: Position::START };
        Recount::of(slice, Position(99), &tally(1), shown).differing
    }

    #[test]
    fn equal_sides_differ_nowhere() {
        assert_eq!(compared(&tally(1)), []);
    }

    #[test]
    fn whatever_differs_is_named_with_both_sides() {
        let wrong = MessageTally { stands: false, replies: 3, reactions: 0 };
        let shown = Tally {
            is_member: false,
            read_position: Position(8),
            unread: 4,
            mentions: 0,
            messages: BTreeMap::from([(message(1), wrong)]),
            threads: BTreeMap::from([(message(1), 9)]),
        };
        let differs =
            |what, message, counted, shown| Difference { what, message, counted: Some(counted), shown: Some(shown) };
        let (own, one) = (None, Some(message(1)));
        let expected = [
            differs(Figure::IsMember, own, 1, 0),
            differs(Figure::ReadPosition, own, 7, 8),
            differs(Figure::UnreadCount, own, 3, 4),
            differs(Figure::MentionCount, own, 1, 0),
            differs(Figure::Message, one, 1, 0),
            differs(Figure::ReplyCount, one, 2, 3),
            differs(Figure::ReactionCount, one, 1, 0),
            differs(Figure::ThreadUnreadCount, one, 2, 9),
        ];
        assert_eq!(compared(&shown), expected);
    }

    #[test]
    fn what_only_one_side_knows_of_differs() {
        let nothing = Tally { messages: BTreeMap::new(), threads: BTreeMap::new(), ..tally(1) };
        let missing = compared(&nothing);
        assert!(missing.iter().all(|one| one.message.is_some() && one.counted.is_some() && one.shown.is_none()));
        assert_eq!(missing.len(), 4);
        assert_eq!(compared(&tally(2)).len(), 3);
        assert_eq!(compared(&tally(1_000)).len(), MOST);
    }

    #[test]
    fn figures_are_called_what_the_wire_calls_them() {
        for figure in [Figure::IsMember, Figure::Message, Figure::ThreadUnreadCount, Figure::ReadPosition] {
            assert_eq!(serde_json::to_value(figure).unwrap(), figure.word());
        }
    }
}
