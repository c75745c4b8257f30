//! What the audience index promises.

use events::{ConversationEvent, Metadata, StreamName, Timestamp, Visibility};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const ANN: UserId = UserId::new(Uuid::from_u128(1));
const BOB: UserId = UserId::new(Uuid::from_u128(2));
const ROOM: ConversationId = ConversationId::new(Uuid::from_u128(9));

fn at(position: u64, event: ConversationEvent) -> Recorded<Fact> {
    Recorded {
        position: Position(position),
        revision: 0,
        at: Timestamp::default(),
        event_id: Uuid::nil(),
        metadata: Metadata { actor: None, session: None, correlation_id: Uuid::nil(), causation_id: Uuid::nil() },
        stream: StreamName::conversation(ROOM),
        event: Fact::Conversation { conversation: ROOM, event },
    }
}

fn channel(creator: UserId) -> ConversationEvent {
    ConversationEvent::ChannelCreated {
        name: "room".into(),
        visibility: Visibility::Public,
        topic: None,
        description: None,
        creator,
    }
}

fn index(facts: impl IntoIterator<Item = Recorded<Fact>>) -> AudienceIndex {
    let mut index = AudienceIndex::default();
    for fact in facts {
        index.fold(&fact);
    }
    index
}

#[test]
fn a_joining_or_leaving_member_gets_that_very_fact_and_nothing_beyond() {
    let index = index([
        at(3, ConversationEvent::MemberJoined { user: ANN }),
        at(7, ConversationEvent::MemberLeft { user: ANN }),
    ]);
    let seen: Vec<u64> = (0..10).filter(|position| index.is_member_at(ROOM, ANN, Position(*position))).collect();
    assert_eq!(seen, [3, 4, 5, 6, 7]);
    assert!(!index.is_member_now(ROOM, ANN));
}

#[test]
fn e05_receipts_are_for_members_who_let_others_see_theirs_and_for_their_own_person() {
    let discreet = Recorded {
        event: Fact::Inbox {
            user: BOB,
            event: events::InboxEvent::ReadReceiptsSet { read_receipts: false, read: Position(0) },
        },
        ..at(5, ConversationEvent::Archived {})
    };
    let opened = ConversationEvent::DirectOpened { members: vec![ANN, BOB], creator: ANN };
    let index = index([at(2, opened), discreet]);
    let told = |of, user| [1, 3, 7].map(|position| index.is_told_of_receipts_at(ROOM, of, user, Position(position)));
    assert_eq!(told(ANN, BOB), [false, true, false], "she hears of others as long as they may hear of her");
    assert_eq!(told(BOB, BOB), [false, true, true], "her own devices are always in step");
    assert_eq!(told(BOB, ANN), [false, true, false], "and nobody of her, once she lets nobody");
    assert_eq!(told(ANN, UserId::new(Uuid::from_u128(3))), [false; 3]);
}

#[test]
fn a_channels_creator_sees_it_created_but_belongs_to_it_from_her_joining() {
    let index = index([at(1, channel(ANN)), at(4, ConversationEvent::MemberJoined { user: ANN })]);
    let seen: Vec<u64> = (0..6).filter(|position| index.is_member_at(ROOM, ANN, Position(*position))).collect();
    assert_eq!(seen, [1, 4, 5]);
    assert!(index.knows(ROOM));
}

#[test]
fn a_direct_conversation_has_both_from_the_start() {
    let index = index([at(2, ConversationEvent::DirectOpened { members: vec![ANN, BOB], creator: ANN })]);
    assert!(index.is_member_at(ROOM, BOB, Position(2)) && !index.is_member_at(ROOM, BOB, Position(1)));
    let mut members: Vec<_> = index.members_now(ROOM).collect();
    members.sort_unstable();
    assert_eq!(members, [ANN, BOB]);
    assert_eq!(index.conversations_of(BOB).collect::<Vec<_>>(), [ROOM]);
}

#[test]
fn a_group_has_everybody_from_the_start_and_tells_so() {
    let founded = at(2, ConversationEvent::GroupCreated { members: vec![ANN, BOB], creator: ANN });
    let mut told = AudienceIndex::default();
    let (_, public) = events::public::form(&founded).unwrap();
    assert_eq!(told.fold_public(&public).len(), 2);
    assert!(told.is_member_at(ROOM, BOB, Position(2)));
    assert_eq!(told, index([founded]));
}

#[test]
fn whoever_left_keeps_no_conversation() {
    let index = index([
        at(1, ConversationEvent::MemberJoined { user: ANN }),
        at(2, ConversationEvent::MemberRemoved { user: ANN, by: BOB }),
    ]);
    assert_eq!(index.conversations_of(ANN).count(), 0);
    assert_eq!(index.conversations_ever_of(ANN), [ROOM]);
}

#[test]
fn a_conversation_is_not_known_before_its_founding_fact() {
    let index = index([at(5, ConversationEvent::MemberJoined { user: ANN })]);
    assert!(!index.knows(ROOM));
}

#[test]
fn only_a_new_turn_is_reported() {
    let mut index = AudienceIndex::default();
    let fact = at(5, ConversationEvent::MemberJoined { user: ANN });
    assert_eq!(index.fold(&fact), [Joined { conversation: ROOM, user: ANN }]);
    assert_eq!(index.fold(&fact), []);
}

/// A history of one conversation, positions ascending with gaps.
fn history() -> impl Strategy<Value = Vec<Recorded<Fact>>> {
    let step = (1..4_u64, any::<bool>(), any::<bool>());
    proptest::collection::vec(step, 0..30).prop_map(|steps| {
        let mut position = 0;
        let facts = steps.into_iter().map(|(gap, join, ann)| {
            position += gap;
            let user = if ann { ANN } else { BOB };
            let (joined, left) = (ConversationEvent::MemberJoined { user }, ConversationEvent::MemberLeft { user });
            at(position, if join { joined } else { left })
        });
        facts.collect()
    })
}

/// The plainest reading of the same history.
fn naive(facts: &[Recorded<Fact>], who: UserId, position: Position) -> bool {
    let mut member = false;
    for fact in facts.iter().filter(|fact| fact.position <= position) {
        let Fact::Conversation { event, .. } = &fact.event else { continue };
        match event {
            ConversationEvent::MemberJoined { user } if *user == who => member = true,
            ConversationEvent::MemberLeft { user } if *user == who => member = fact.position == position,
            _ => {}
        }
    }
    member
}

proptest! {
    #[test]
    fn intervals_equal_a_naive_fold(facts in history()) {
        let index = index(facts.clone());
        for position in (0..130).map(Position) {
            for who in [ANN, BOB] {
                prop_assert_eq!(index.is_member_at(ROOM, who, position), naive(&facts, who, position));
            }
        }
    }

    #[test]
    fn redelivery_of_any_suffix_changes_nothing(facts in history(), from in 0..30_usize) {
        let mut again = index(facts.clone());
        for fact in facts.iter().skip(from) {
            again.fold(fact);
        }
        prop_assert_eq!(again, index(facts));
    }

    #[test]
    fn running_ahead_changes_no_answer_about_the_past(facts in history(), cut in 0..30_usize) {
        let (now, later) = facts.split_at(cut.min(facts.len()));
        let reached = now.last().map_or(Position::START, |fact| fact.position);
        let (behind, ahead) = (index(now.to_vec()), index(facts.clone()));
        prop_assert_eq!(behind.is_member_at(ROOM, ANN, reached), ahead.is_member_at(ROOM, ANN, reached));
        prop_assert_eq!(index(later.iter().chain(now).cloned()).is_member_at(ROOM, ANN, reached),
            ahead.is_member_at(ROOM, ANN, reached));
    }

    #[test]
    fn a_public_form_says_the_same_as_its_fact(facts in history()) {
        let mut told = AudienceIndex::default();
        for (_, public) in facts.iter().filter_map(events::public::form) {
            told.fold_public(&public);
        }
        prop_assert_eq!(told, index(facts));
    }
}
