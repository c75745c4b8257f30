//! What is left to decide about those whom an edit mentions, after what was decided when the message was posted.

use std::collections::BTreeSet;

use events::{Decision, HeldBackBy, NotificationEvent, UserId};

/// The decision about those whom an edit mentions, without those about whom the message was decided before; nothing when
/// nobody is left. Only who was not told because it did not mention her is decided about again: now it does.
#[must_use]
pub fn decided_anew(edited: NotificationEvent, posted: &[NotificationEvent]) -> Option<NotificationEvent> {
    let NotificationEvent::NotificationsDecided { conversation, decisions } = edited;
    let settled: BTreeSet<UserId> = posted.iter().flat_map(settled).collect();
    let left = |decision: Decision| {
        let users: Vec<UserId> = decision.users.iter().copied().filter(|user| !settled.contains(user)).collect();
        (!users.is_empty()).then_some(Decision { users, ..decision })
    };
    let decisions: Vec<Decision> = decisions.into_iter().filter_map(left).collect();
    (!decisions.is_empty()).then_some(NotificationEvent::NotificationsDecided { conversation, decisions })
}

fn settled(posted: &NotificationEvent) -> impl Iterator<Item = UserId> {
    let NotificationEvent::NotificationsDecided { decisions, .. } = posted;
    let for_good = |decision: &&Decision| decision.held_back_by != Some(HeldBackBy::LevelMentions);
    decisions.iter().filter(for_good).flat_map(|decision| decision.users.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::spec::{ANN, BOB, CID};
    use events::NotificationReason;

    fn decided(reason: NotificationReason, held_back_by: Option<HeldBackBy>, users: &[UserId]) -> NotificationEvent {
        let decisions = vec![Decision { reason, held_back_by, users: users.to_vec() }];
        NotificationEvent::NotificationsDecided { conversation: CHANNEL, decisions }
    }

    fn mentioned(users: &[UserId]) -> NotificationEvent {
        decided(NotificationReason::Mention, None, users)
    }

    #[test]
    fn who_was_told_already_is_not_told_again() {
        let told = decided(NotificationReason::ThreadReply, None, &[BOB]);
        assert_eq!(decided_anew(mentioned(&[ANN, BOB]), std::slice::from_ref(&told)), Some(mentioned(&[ANN])));
        assert_eq!(decided_anew(mentioned(&[BOB]), &[told]), None);
        assert_eq!(decided_anew(mentioned(&[BOB]), &[]), Some(mentioned(&[BOB])));
    }

    #[test]
    fn who_wanted_mentions_only_is_told_now_that_it_is_one() {
        let level = decided(NotificationReason::ThreadReply, Some(HeldBackBy::LevelMentions), &[BOB]);
        let muted = decided(NotificationReason::DirectMessage, Some(HeldBackBy::Muted), &[CID]);
        assert_eq!(decided_anew(mentioned(&[BOB, CID]), &[level, muted]), Some(mentioned(&[BOB])));
    }
}
