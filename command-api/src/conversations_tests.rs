//! The cache against late, missing and repeated facts.

use domain::replay;
use events::{ConversationEvent, Metadata, Timestamp, Visibility};
use uuid::Uuid;

use super::*;

const CHANNEL: ConversationId = ConversationId::new(Uuid::from_u128(1));
const ANN: UserId = UserId::new(Uuid::from_u128(2));
const BOB: UserId = UserId::new(Uuid::from_u128(3));

fn fact(revision: u64, event: ConversationEvent) -> Recorded {
    Recorded {
        position: Position(revision),
        revision,
        at: Timestamp::default(),
        event_id: Uuid::nil(),
        metadata: Metadata { actor: None, session: None, correlation_id: Uuid::nil(), causation_id: Uuid::nil() },
        stream: StreamName::conversation(CHANNEL),
        event: Fact::Conversation { conversation: CHANNEL, event },
    }
}

fn known(revision: u64, members: &[UserId]) -> Known {
    let created = ConversationEvent::ChannelCreated {
        name: "cooking".into(),
        visibility: Visibility::Public,
        topic: None,
        description: None,
        creator: ANN,
    };
    let joined = members.iter().map(|user| ConversationEvent::MemberJoined { user: *user });
    let events = std::iter::once(created).chain(joined);
    let history: Vec<_> = events.map(|event| fact(0, event.clone()).map(|_| event)).collect();
    Known { state: Arc::new(replay::<Conversation>(&history)), revision }
}

fn conversations() -> Conversations {
    Conversations::new(EventLog::connect("esdb://127.0.0.1:1?tls=false").unwrap())
}

fn member(conversations: &Conversations, user: UserId) -> Option<bool> {
    let known = conversations.lock().known.get(&CHANNEL).cloned()?;
    Some(known.state.reader(user).is_ok())
}

#[tokio::test]
async fn the_next_fact_moves_the_state_and_a_repeated_one_does_not() {
    let conversations = conversations();
    ReadingGuard::begin(&conversations, CHANNEL).keep(known(1, &[ANN]));
    conversations.apply(fact(2, ConversationEvent::MemberJoined { user: BOB }));
    assert_eq!(member(&conversations, BOB), Some(true));
    conversations.apply(fact(3, ConversationEvent::MemberLeft { user: BOB }));
    conversations.apply(fact(2, ConversationEvent::MemberJoined { user: BOB }));
    assert_eq!(member(&conversations, BOB), Some(false));
}

#[tokio::test]
async fn a_gap_makes_the_state_unknown() {
    let conversations = conversations();
    ReadingGuard::begin(&conversations, CHANNEL).keep(known(1, &[ANN]));
    conversations.apply(fact(3, ConversationEvent::MemberLeft { user: ANN }));
    assert_eq!(member(&conversations, ANN), None);
}

#[tokio::test]
async fn a_slow_read_does_not_bring_back_what_is_over() {
    let conversations = conversations();
    let reading = ReadingGuard::begin(&conversations, CHANNEL);
    conversations.apply(fact(2, ConversationEvent::MemberLeft { user: ANN }));
    reading.keep(known(1, &[ANN]));
    assert_eq!(member(&conversations, ANN), None);
    drop(reading);
    assert!(conversations.lock().reading.is_empty());
    let reading = ReadingGuard::begin(&conversations, CHANNEL);
    reading.keep(known(2, &[]));
    reading.keep(known(1, &[ANN]));
    assert_eq!(member(&conversations, ANN), Some(false));
}
