//! Why a message notified somebody, or did not: the decision about herself, in words.

use events::{HeldBackBy, MessageId, NotificationLevel, NotificationReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a message for you.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotificationOutcome {
    /// It notified you.
    Notified,
    /// It was for you, and something kept it from notifying you.
    HeldBack,
    /// It was not for you in particular.
    NotAddressed,
    /// You said it yourself.
    OwnMessage,
}

/// Whether a message notified you, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct MyNotification {
    /// The message.
    message: MessageId,
    /// What became of it for you.
    outcome: NotificationOutcome,
    /// Why it was for you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<NotificationReason>,
    /// What kept it from notifying you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held_back_by: Option<HeldBackBy>,
    /// Where it was not for you: what you wanted to hear of there when it was posted; absent for what is usual, and where
    /// that is not known any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<NotificationLevel>,
    /// The same in words.
    text: String,
}

impl MyNotification {
    /// A message of her own.
    pub(crate) fn own(message: MessageId) -> Self {
        let text = "You were not notified because it is your own message.".to_owned();
        let outcome = NotificationOutcome::OwnMessage;
        Self { message, outcome, reason: None, held_back_by: None, level: None, text }
    }

    /// A message that was for her.
    pub(crate) fn decided(message: MessageId, reason: NotificationReason, held_back_by: Option<HeldBackBy>) -> Self {
        let (outcome, text) = match held_back_by {
            None => (NotificationOutcome::Notified, format!("You were notified because {}.", because(reason))),
            Some(held) => {
                let text = format!("You were not notified although {}: {}.", because(reason), kept(held));
                (NotificationOutcome::HeldBack, text)
            }
        };
        Self { message, outcome, reason: Some(reason), held_back_by, level: None, text }
    }

    /// A message that was not for her.
    pub(crate) fn not_addressed(message: MessageId, level: Option<NotificationLevel>) -> Self {
        let text = "You were not notified because it was not for you: it does not mention you by name, and when \
                    it was posted it had none of your keywords and stood in no thread that you followed."
            .to_owned();
        let outcome = NotificationOutcome::NotAddressed;
        Self { message, outcome, reason: None, held_back_by: None, level, text }
    }
}

const fn because(reason: NotificationReason) -> &'static str {
    match reason {
        NotificationReason::Mention => "it mentions you",
        NotificationReason::ChannelMention => "it mentions everybody in the conversation",
        NotificationReason::HereMention => "it mentions everybody who was active, as you were",
        NotificationReason::Keyword => "it has one of your keywords",
        NotificationReason::ThreadReply => "it stands in a thread that you followed",
        NotificationReason::DirectMessage => "it was said to you directly",
        NotificationReason::GroupMessage => "it was said in a group that you are in",
        NotificationReason::AllMessages => "you wanted to hear of every message there",
    }
}

const fn kept(held: HeldBackBy) -> &'static str {
    match held {
        HeldBackBy::Muted => "you had muted the conversation",
        HeldBackBy::LevelNothing => "you wanted to hear of nothing there",
        HeldBackBy::LevelMentions => "you wanted to hear of mentions and keywords there only",
        HeldBackBy::DoNotDisturb => "you did not want to be disturbed then",
        HeldBackBy::QuietHours => "it came in your quiet hours",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_answer_says_why() {
        let id = MessageId::new(Uuid::nil());
        let text = |answer: MyNotification| answer.text;
        let notified = MyNotification::decided(id, NotificationReason::Keyword, None);
        assert_eq!(text(notified), "You were notified because it has one of your keywords.");
        let held = MyNotification::decided(id, NotificationReason::Mention, Some(HeldBackBy::Muted));
        assert_eq!(text(held), "You were not notified although it mentions you: you had muted the conversation.");
        assert!(text(MyNotification::own(id)).contains("your own message"));
        assert!(text(MyNotification::not_addressed(id, None)).contains("not for you"));
    }
}
