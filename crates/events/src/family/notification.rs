//! `notification-{message}.{part}`: whom a message was to notify, and whether it did. Decided once when it was posted,
//! where many are spoken to in parts; and once for each edit that mentions people anew. Each has a stream of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Fact, Family, StreamName, UserId};

/// Why a message is for somebody, the strongest reason first: where several hold, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationReason {
    /// It speaks to her by name.
    Mention,
    /// It speaks to every member.
    ChannelMention,
    /// It speaks to every member who is active, as she was.
    HereMention,
    /// It has one of her keywords.
    Keyword,
    /// It stands in a thread that she follows.
    ThreadReply,
    /// It was said to her directly.
    DirectMessage,
    /// It was said in a group that she is in.
    GroupMessage,
    /// She wants to hear of every message there.
    AllMessages,
}

/// What kept a message from notifying somebody whom it is for; where several do, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldBackBy {
    /// She muted the conversation.
    Muted,
    /// Nothing of the conversation shall notify her.
    LevelNothing,
    /// Only mentions and keywords shall.
    LevelMentions,
    /// She wanted no notifications for a while.
    DoNotDisturb,
    /// She wanted none at this hour of the week.
    QuietHours,
}

/// Which of the decisions about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotificationPart {
    /// A part of what was decided when it was posted, numbered from 0: `0`, `1` …
    Posted(u32),
    /// What was decided about those whom an edit mentions anew, by the edit's revision in the message's stream: `e1` …
    Edited(u64),
}

impl fmt::Display for NotificationPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Posted(part) => write!(f, "{part}"),
            Self::Edited(revision) => write!(f, "e{revision}"),
        }
    }
}

impl FromStr for NotificationPart {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix('e') {
            Some(revision) => revision.parse().map(Self::Edited),
            None => text.parse().map(Self::Posted),
        }
    }
}

/// One decision for everybody for whom it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Why the message is for them.
    pub reason: NotificationReason,
    /// What kept it from notifying them; nothing, when it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back_by: Option<HeldBackBy>,
    /// Who, sorted.
    pub users: Vec<UserId>,
}

/// Facts of what a message was to notify of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum NotificationEvent {
    /// It was decided whom the message notifies.
    #[serde(rename = "NotificationsDecided.v1")]
    NotificationsDecided {
        /// Where the message stands.
        conversation: ConversationId,
        /// What was decided, for whom.
        decisions: Vec<Decision>,
    },
}

impl Family for NotificationEvent {
    fn fact(stream: &StreamName, event: Self) -> Option<Fact> {
        let (message, part) = stream.id().split_once('.')?;
        Some(Fact::Notification { message: message.parse().ok()?, part: part.parse().ok()?, event })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_as_it_is_written() {
        for (part, text) in [
            (NotificationPart::Posted(0), "0"),
            (NotificationPart::Posted(12), "12"),
            (NotificationPart::Edited(3), "e3"),
        ] {
            assert_eq!((part.to_string().as_str(), text.parse()), (text, Ok(part)));
        }
        for text in ["", "e", "x1", "-1", "ee1", "1e"] {
            assert!(text.parse::<NotificationPart>().is_err(), "{text:?}");
        }
    }
}
