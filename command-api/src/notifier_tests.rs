//! What waits to be recorded, and what does not any more.

use events::{ConversationId, MessageEvent, Position};

use super::*;

fn message(n: u64) -> MessageId {
    MessageId::new(Uuid::from_u128(u128::from(n)))
}

fn waiting(count: u64) -> Waiting {
    let mut waiting = Waiting::default();
    for n in 1..=count {
        let metadata = Metadata { actor: None, session: None, correlation_id: Uuid::nil(), causation_id: Uuid::nil() };
        let of = Recorded {
            position: Position(n),
            revision: 0,
            at: Timestamp::default(),
            event_id: Uuid::nil(),
            metadata,
            stream: StreamName::message(message(n)),
            event: Fact::Message {
                message: message(n),
                event: MessageEvent::MessageDeleted { conversation: ConversationId::new(Uuid::nil()) },
            },
        };
        let conversation = ConversationId::new(Uuid::nil());
        let event = NotificationEvent::NotificationsDecided { conversation, decisions: vec![] };
        waiting.add(message(n), NotificationPart::Posted(0), event, &of);
    }
    waiting
}

#[test]
fn what_was_recorded_does_not_wait_nor_does_what_was_made_long_before() {
    let mut waiting = waiting(200);
    waiting.done(message(100), NotificationPart::Posted(1));
    assert_eq!(waiting.decided.len(), 200, "another part");
    waiting.done(message(100), NotificationPart::Posted(0));
    let left: Vec<MessageId> = waiting.decided.iter().map(|decided| decided.message).collect();
    let expected: Vec<MessageId> = (36..=200).filter(|n| *n != 100).map(message).collect();
    assert_eq!(left, expected, "of the 64 before it some may be missing");
    waiting.done(message(1), NotificationPart::Posted(0));
    assert_eq!(waiting.decided.len(), expected.len());
}

#[test]
fn a_batch_takes_the_oldest() {
    let mut waiting = waiting(70);
    assert_eq!(waiting.batch().iter().map(|decided| decided.order).collect::<Vec<_>>(), (1..=64).collect::<Vec<_>>());
    assert_eq!((waiting.batch().len(), waiting.batch().len()), (6, 0));
}

#[test]
fn what_was_said_before_there_was_a_notifier_is_late() {
    let at = |hours: i64| Timestamp::from_unix_ms(hours * 3_600_000);
    assert!(is_late(at(0), at(25)) && !is_late(at(0), at(24)));
    assert!(!is_late(at(30), at(0)), "a clock that is behind");
}

#[test]
fn a_decision_has_one_id_for_ever() {
    let (mut once, mut again) = (waiting(1), waiting(1));
    assert_eq!(once.batch()[0].append.id, again.batch()[0].append.id);
}
