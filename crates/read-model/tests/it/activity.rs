//! What the documents of notifications and activity say.

use events::{
    ActivityEvent, ConversationEvent, Decision, Fact, HeldBackBy, MessageEvent, NotificationEvent, NotificationPart,
    NotificationReason, Position, UserId,
};
use read_model::{Activity, ActivityDoc, ActivityKind, ActivityReads, Fold, NotificationKey, Notifications, View};

use crate::histories::{conversation, message, recorded, user};

fn folded<V: View>(facts: Vec<Fact>) -> Fold<V> {
    let mut fold = Fold::<V>::default();
    recorded(facts).iter().for_each(|fact| fold.apply(fact));
    fold
}

/// What concerns somebody, by position.
fn of(who: UserId, facts: Vec<Fact>) -> Vec<ActivityDoc> {
    let fold = folded::<Activity>(facts);
    let hers = fold.documents().values().filter(|stored| stored.doc.users.contains(&who) && !stored.doc.gone);
    let mut hers: Vec<ActivityDoc> = hers.map(|stored| stored.doc.clone()).collect();
    hers.sort_by_key(|doc| doc.position);
    hers
}

fn decided(part: u32, decisions: &[(NotificationReason, Option<HeldBackBy>, &[u128])]) -> Fact {
    let decision = |(reason, held_back_by, users): &(NotificationReason, Option<HeldBackBy>, &[u128])| Decision {
        reason: *reason,
        held_back_by: *held_back_by,
        users: users.iter().copied().map(user).collect(),
    };
    let decisions = decisions.iter().map(decision).collect();
    let event = NotificationEvent::NotificationsDecided { conversation: conversation(1), decisions };
    Fact::Notification { message: message(1), part: NotificationPart::Posted(part), event }
}

fn reacted(by: u128, author: Option<u128>) -> Fact {
    let (conversation, emoji) = (conversation(1), "👍".to_owned());
    let event = MessageEvent::ReactionAdded { conversation, user: user(by), emoji, author: author.map(user) };
    Fact::Message { message: message(1), event }
}

fn unreacted(by: u128) -> Fact {
    let event =
        MessageEvent::ReactionRemoved { conversation: conversation(1), user: user(by), emoji: "👍".to_owned() };
    Fact::Message { message: message(1), event }
}

#[test]
fn d10_mentions_keywords_and_answers_are_activity_and_what_is_found_where_it_was_said_is_not() {
    use NotificationReason::{AllMessages, ChannelMention, DirectMessage, Keyword, Mention, ThreadReply};
    let fact = || {
        decided(
            0,
            &[
                (Mention, None, &[1]),
                (ChannelMention, Some(HeldBackBy::Muted), &[2, 3]),
                (Keyword, None, &[4]),
                (ThreadReply, None, &[5]),
                (DirectMessage, None, &[6]),
                (AllMessages, None, &[7]),
            ],
        )
    };
    let kind = |n| of(user(n), vec![fact()]).iter().map(|doc| doc.kind).collect::<Vec<_>>();
    assert_eq!((kind(1), kind(3)), (vec![ActivityKind::Mention], vec![ActivityKind::Mention]), "held back or not");
    assert_eq!((kind(4), kind(5)), (vec![ActivityKind::Keyword], vec![ActivityKind::ThreadReply]));
    assert_eq!((kind(6), kind(7)), (vec![], vec![]));
    let fold = folded::<Activity>(vec![fact()]);
    assert_eq!(fold.documents().len(), 3, "one document for each kind, however many people");
}

#[test]
fn a_reaction_concerns_the_author_until_it_is_taken_back() {
    let story = |facts: &[Fact]| of(user(1), facts.to_vec());
    let one = story(&[reacted(2, Some(1))]);
    assert_eq!((one[0].kind, one[0].by, one[0].emoji.as_deref()), (ActivityKind::Reaction, Some(user(2)), Some("👍")));
    assert_eq!(story(&[reacted(2, Some(1)), unreacted(2)]), []);
    let again = story(&[reacted(2, Some(1)), unreacted(2), reacted(2, Some(1))]);
    assert_eq!(again.iter().map(|doc| doc.position).collect::<Vec<_>>(), [Position(30)]);
    assert_eq!(story(&[reacted(1, Some(1))]), [], "her own");
    assert_eq!(story(&[reacted(2, None)]), [], "an older fact does not say whose message it is");
    assert_eq!(story(&[unreacted(2)]), []);
    assert_eq!(story(&[reacted(2, Some(1)), reacted(3, Some(1))]).len(), 2);
}

#[test]
fn an_invitation_concerns_who_was_added() {
    let event = ConversationEvent::MemberAdded { user: user(1), by: user(2) };
    let added = || Fact::Conversation { conversation: conversation(1), event: event.clone() };
    let joined = ConversationEvent::MemberJoined { user: user(3) };
    let joined = Fact::Conversation { conversation: conversation(1), event: joined };
    let once = of(user(1), vec![added(), joined.clone()]);
    assert_eq!((once.len(), once[0].kind, once[0].by), (1, ActivityKind::Invitation, Some(user(2))));
    assert_eq!(of(user(1), vec![added(), added()])[0].position, Position(20), "the newest");
    assert_eq!(of(user(3), vec![joined]), []);
}

#[test]
fn a_decision_is_kept_part_by_part_and_a_pointer_by_person() {
    let facts = vec![
        decided(0, &[(NotificationReason::Mention, None, &[1])]),
        decided(1, &[(NotificationReason::Mention, Some(HeldBackBy::QuietHours), &[2])]),
    ];
    let fold = folded::<Notifications>(facts);
    let part = |part| {
        let part = NotificationPart::Posted(part);
        fold.documents()[&NotificationKey { message: message(1), part }].doc.decisions[0].clone()
    };
    assert_eq!((part(0).users, part(0).held_back_by), (vec![user(1)], None));
    assert_eq!((part(1).users, part(1).held_back_by), (vec![user(2)], Some(HeldBackBy::QuietHours)));
    let read = |position| Fact::Activity {
        user: user(1),
        event: ActivityEvent::ActivityReadUpTo { read: Position(position) },
    };
    let fold = folded::<ActivityReads>(vec![read(5), read(9)]);
    assert_eq!(fold.documents()[&user(1)].doc.read, Position(9));
}
