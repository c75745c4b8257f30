//! The public form of decisions about notifications. The same bytes go to everybody who is notified, so they say
//! nothing of why, nor of whom else.

use super::audience::Audience;
use super::event::PublicEvent;
use crate::{MessageId, NotificationEvent, UserId};

/// The public form, for those who are notified; `None` when nobody is.
pub(super) fn notification_form(id: MessageId, event: &NotificationEvent) -> Option<(Audience, PublicEvent)> {
    let NotificationEvent::NotificationsDecided { conversation, decisions } = event;
    let notified = decisions.iter().filter(|decision| decision.held_back_by.is_none());
    let mut users: Vec<UserId> = notified.flat_map(|decision| &decision.users).copied().collect();
    if users.is_empty() {
        return None;
    }
    users.sort_unstable();
    users.dedup();
    let public = PublicEvent::Notified { id, conversation: *conversation };
    Some((Audience::Members { conversation: *conversation, users }, public))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConversationId, Decision, HeldBackBy, NotificationReason};
    use uuid::Uuid;

    const HERE: ConversationId = ConversationId::new(Uuid::from_u128(0xC));
    const MESSAGE: MessageId = MessageId::new(Uuid::from_u128(0xE));

    fn user(n: u128) -> UserId {
        UserId::new(Uuid::from_u128(n))
    }

    fn form(decisions: &[(Option<HeldBackBy>, &[u128])]) -> Option<(Audience, PublicEvent)> {
        let decision = |(held_back_by, users): &(Option<HeldBackBy>, &[u128])| Decision {
            reason: NotificationReason::Keyword,
            held_back_by: *held_back_by,
            users: users.iter().copied().map(user).collect(),
        };
        let decisions = decisions.iter().map(decision).collect();
        notification_form(MESSAGE, &NotificationEvent::NotificationsDecided { conversation: HERE, decisions })
    }

    #[test]
    fn d10_it_is_for_those_who_are_notified_and_tells_neither_why_nor_of_whom_else() {
        let (audience, public) = form(&[(None, &[3, 1]), (Some(HeldBackBy::Muted), &[4]), (None, &[2])]).unwrap();
        assert_eq!(audience, Audience::Members { conversation: HERE, users: vec![user(1), user(2), user(3)] });
        let told = serde_json::to_value(&public).unwrap();
        assert_eq!(told, serde_json::json!({ "type": "notified", "id": MESSAGE, "conversation": HERE }));
    }

    #[test]
    fn nobody_is_told_when_nobody_is_notified() {
        assert_eq!(form(&[(Some(HeldBackBy::QuietHours), &[1])]), None);
    }
}
