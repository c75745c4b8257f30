//! The `memberships` view: one document per person and conversation, with the intervals of her membership and how
//! far she has read. Intervals answer "was she a member at position p", which is what authorises.

use std::fmt;

use events::{
    Category, ConversationEvent, ConversationId, Fact, Pointers, Position, Recorded, Timestamp, Told, UserId,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Memberships;

/// The name of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MembershipKey {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
}

impl fmt::Display for MembershipKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.conversation, self.user)
    }
}

/// One stay in a conversation; both ends belong to it, because a joining or leaving person sees that happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Position of the fact that made her a member.
    pub joined: Position,
    /// Position of the fact that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Position>,
}

/// A membership as stored; former members keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipDoc {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
    /// Whether she is a member now.
    pub member: bool,
    /// When she last became one.
    pub joined_at: Timestamp,
    /// Her stays, oldest first; never empty.
    pub intervals: Vec<Interval>,
    /// Position of the newest message she has read.
    pub read: Position,
    /// Position of the newest message that a device of hers has.
    pub delivered: Position,
    /// How far others have been told that she is.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub told: Told,
    /// Position of the fact by which she last marked something unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<Position>,
}

fn is_nothing(told: &Told) -> bool {
    *told == Told::default()
}

impl MembershipDoc {
    /// Whether she was a member at a position, its ends included.
    #[must_use]
    pub fn was_member_at(&self, position: Position) -> bool {
        let covers = |stay: &Interval| stay.joined <= position && stay.left.is_none_or(|left| position <= left);
        self.intervals.iter().any(covers)
    }

    /// Where her latest stay began.
    #[must_use]
    pub fn joined(&self) -> Position {
        self.intervals.last().map_or(Position::START, |stay| stay.joined)
    }

    /// Messages after this position are new to her: she has read up to here, or was not here before.
    #[must_use]
    pub fn unread_after(&self, all_read: Position) -> Position {
        self.read_with(all_read).max(self.joined())
    }

    /// How far she has read, where everything up to `all_read` is read.
    #[must_use]
    pub fn read_with(&self, all_read: Position) -> Position {
        Pointers { read: self.read, marked: self.marked, ..Pointers::default() }.read_with(all_read)
    }
}

impl View for Memberships {
    const COLLECTION: &'static str = "memberships_v1";
    const CATEGORIES: &'static [Category] = &[Category::Conversation, Category::Receipt];
    type Key = MembershipKey;
    type Doc = MembershipDoc;

    fn keys(fact: &Fact) -> Vec<MembershipKey> {
        match fact {
            Fact::Conversation { conversation, event } => {
                touched(event).iter().map(|user| MembershipKey { conversation: *conversation, user: *user }).collect()
            }
            Fact::Receipt { conversation, user, .. } => {
                vec![MembershipKey { conversation: *conversation, user: *user }]
            }
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Message { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: MembershipKey, doc: Option<MembershipDoc>, recorded: &Recorded) -> Option<MembershipDoc> {
        match &recorded.event {
            Fact::Conversation { event, .. } => member(key, doc, recorded, event),
            Fact::Receipt { event, .. } => {
                let Pointers { delivered, read, told, marked, .. } = event.pointers_at(recorded.position);
                Some(MembershipDoc { read, delivered, told, marked, ..doc? })
            }
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Message { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => doc,
        }
    }
}

/// Whose membership a fact concerns: one person, or the founding members of something small.
fn touched(event: &ConversationEvent) -> &[UserId] {
    match event {
        ConversationEvent::GroupCreated { members, .. } | ConversationEvent::DirectOpened { members, .. } => members,
        ConversationEvent::MemberJoined { user }
        | ConversationEvent::MemberAdded { user, .. }
        | ConversationEvent::MemberLeft { user }
        | ConversationEvent::MemberRemoved { user, .. } => std::slice::from_ref(user),
        ConversationEvent::ChannelCreated { .. }
        | ConversationEvent::Renamed { .. }
        | ConversationEvent::TopicChanged { .. }
        | ConversationEvent::DescriptionChanged { .. }
        | ConversationEvent::MadePrivate {}
        | ConversationEvent::Archived {}
        | ConversationEvent::Unarchived {}
        | ConversationEvent::PostingPolicySet { .. }
        | ConversationEvent::ReceiptsSet { .. }
        | ConversationEvent::ConvertedToChannel { .. } => &[],
    }
}

fn member(
    key: MembershipKey,
    doc: Option<MembershipDoc>,
    recorded: &Recorded,
    event: &ConversationEvent,
) -> Option<MembershipDoc> {
    match event {
        ConversationEvent::GroupCreated { .. }
        | ConversationEvent::DirectOpened { .. }
        | ConversationEvent::MemberJoined { .. }
        | ConversationEvent::MemberAdded { .. } => Some(joined(key, doc, recorded)),
        ConversationEvent::MemberLeft { .. } | ConversationEvent::MemberRemoved { .. } => {
            Some(left(doc?, recorded.position))
        }
        ConversationEvent::ChannelCreated { .. }
        | ConversationEvent::Renamed { .. }
        | ConversationEvent::TopicChanged { .. }
        | ConversationEvent::DescriptionChanged { .. }
        | ConversationEvent::MadePrivate {}
        | ConversationEvent::Archived {}
        | ConversationEvent::Unarchived {}
        | ConversationEvent::PostingPolicySet { .. }
        | ConversationEvent::ReceiptsSet { .. }
        | ConversationEvent::ConvertedToChannel { .. } => doc,
    }
}

fn joined(key: MembershipKey, doc: Option<MembershipDoc>, recorded: &Recorded) -> MembershipDoc {
    let stay = Interval { joined: recorded.position, left: None };
    match doc {
        None => MembershipDoc {
            conversation: key.conversation,
            user: key.user,
            member: true,
            joined_at: recorded.at,
            intervals: vec![stay],
            read: Position::START,
            delivered: Position::START,
            told: Told::default(),
            marked: None,
        },
        Some(doc) if doc.member => doc,
        Some(mut doc) => {
            doc.intervals.push(stay);
            MembershipDoc { member: true, joined_at: recorded.at, ..doc }
        }
    }
}

fn left(mut doc: MembershipDoc, position: Position) -> MembershipDoc {
    if let Some(stay) = doc.intervals.last_mut().filter(|stay| stay.left.is_none()) {
        stay.left = Some(position);
    }
    MembershipDoc { member: false, ..doc }
}
