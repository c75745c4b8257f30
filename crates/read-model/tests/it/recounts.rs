//! What a recount comes to, and that it is what the views show, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    ConversationEvent, Decision, Fact, FollowEvent, InboxEvent, MessageEvent, MessageId, NotificationEvent,
    NotificationPart, NotificationReason, Pointers, Position, ReceiptEvent, Recorded, Visibility,
};
use proptest::prelude::*;
use read_model::{
    Activity, ActivityKind, Fold, FollowDoc, Follows, Inboxes, MembershipKey, Memberships, MessageDoc, MessageTally,
    Messages, Slice, Tally, View,
};

use crate::histories::{conversation, message, recorded, talk, user};

const EMOJI: &str = "👍";

/// User 2's slice of conversation 1.
fn slice() -> Slice {
    Slice { user: user(2), conversation: conversation(1), after: Position::START }
}

fn settled(event: ConversationEvent) -> Fact {
    Fact::Conversation { conversation: conversation(1), event }
}

fn begun() -> Vec<Fact> {
    let (name, visibility) = ("lunch".to_owned(), Visibility::Public);
    let created =
        ConversationEvent::ChannelCreated { name, visibility, topic: None, description: None, creator: user(1) };
    vec![settled(created), settled(ConversationEvent::MemberJoined { user: user(2) })]
}

fn done(n: u128, event: MessageEvent) -> Fact {
    Fact::Message { message: message(n), event }
}

fn said_in(place: u128, n: u128, by: u128, thread: Option<u128>, in_channel: bool) -> Fact {
    let (conversation, author, text) = (conversation(place), user(by), "soup".to_owned());
    let (thread, answers) = (thread.map(message), thread.map(|_| user(1)));
    let (files, forwards) = (Vec::new(), None);
    done(n, MessageEvent::MessagePosted { conversation, author, text, thread, files, in_channel, answers, forwards })
}

fn said(n: u128, by: u128) -> Fact {
    said_in(1, n, by, None, false)
}

fn answer(n: u128, by: u128, to: u128) -> Fact {
    said_in(1, n, by, Some(to), false)
}

fn deleted(n: u128) -> Fact {
    done(n, MessageEvent::MessageDeleted { conversation: conversation(1) })
}

fn reacted(n: u128, by: u128) -> Fact {
    let (conversation, user, emoji) = (conversation(1), user(by), EMOJI.to_owned());
    done(n, MessageEvent::ReactionAdded { conversation, user, emoji, author: None })
}

fn unreacted(n: u128, by: u128) -> Fact {
    done(n, MessageEvent::ReactionRemoved { conversation: conversation(1), user: user(by), emoji: EMOJI.to_owned() })
}

fn read(read: u64) -> Fact {
    let pointers = Pointers { read: Position(read), ..Pointers::default() };
    Fact::Receipt { conversation: conversation(1), user: user(2), event: ReceiptEvent::ReadUpTo(pointers) }
}

fn marked(read: u64) -> Fact {
    let pointers = Pointers { read: Position(read), ..Pointers::default() };
    Fact::Receipt { conversation: conversation(1), user: user(2), event: ReceiptEvent::MarkedUnread(pointers) }
}

fn all_read(read: u64) -> Fact {
    let event = InboxEvent::AllReadUpTo { read_receipts: true, read: Position(read) };
    Fact::Inbox { user: user(2), event }
}

fn mentioned(n: u128, part: u32, reason: NotificationReason) -> Fact {
    let decisions = vec![Decision { reason, held_back_by: None, users: vec![user(2)] }];
    let event = NotificationEvent::NotificationsDecided { conversation: conversation(1), decisions };
    Fact::Notification { message: message(n), part: NotificationPart::Posted(part), event }
}

fn follow(root: u128, event: FollowEvent) -> Fact {
    Fact::Follow { root: message(root), user: user(2), event }
}

fn counted(facts: Vec<Fact>) -> Tally {
    slice().recount(&recorded([begun(), facts].concat()))
}

#[test]
fn u3_what_others_said_since_she_read_is_counted() {
    let facts = vec![said(1, 1), said(2, 2), said(3, 1), answer(4, 1, 1), said_in(1, 5, 1, Some(1), true), deleted(3)];
    assert_eq!(counted(facts.clone()).unread, 2, "hers, what stands in a thread alone, and what is gone are not");
    assert_eq!(counted([facts.clone(), vec![read(30)]].concat()).unread, 1);
    let elsewhere = said_in(2, 6, 1, None, false);
    assert_eq!(counted([facts.clone(), vec![elsewhere]].concat()).unread, 2);
    let left = settled(ConversationEvent::MemberLeft { user: user(2) });
    let gone = counted([facts.clone(), vec![left.clone()]].concat());
    assert_eq!((gone.unread, gone.is_member), (0, false));
    let back = settled(ConversationEvent::MemberAdded { user: user(2), by: user(1) });
    assert_eq!(counted([facts, vec![left, back, said(7, 1)]].concat()).unread, 1, "only what came after her");
}

#[test]
fn u3_reading_everything_does_not_undo_what_is_marked_unread_later() {
    let facts = || vec![said(1, 1), said(2, 1)];
    assert_eq!(counted([facts(), vec![all_read(40)]].concat()).unread, 0);
    let later = counted([facts(), vec![all_read(40), marked(30)]].concat());
    assert_eq!((later.unread, later.read_position), (1, Position(30)));
    assert_eq!(counted([facts(), vec![marked(30), all_read(50)]].concat()).unread, 0);
}

#[test]
fn u3_answers_reactions_and_what_stands_are_counted_message_by_message() {
    let facts =
        vec![said(1, 1), answer(2, 3, 1), answer(3, 3, 1), deleted(2), reacted(1, 2), reacted(1, 3), unreacted(1, 3)];
    let tally = counted(facts.clone());
    assert_eq!(tally.messages[&message(1)], MessageTally { stands: true, replies: 2, reactions: 1 });
    assert_eq!(tally.messages[&message(2)], MessageTally { stands: false, replies: 0, reactions: 0 });
    let twice = counted([facts.clone(), vec![reacted(1, 2), reacted(3, 1), deleted(1)]].concat());
    assert_eq!(twice.messages[&message(1)], MessageTally { stands: false, replies: 2, reactions: 0 });
    assert_eq!(twice.messages[&message(3)].reactions, 1);
}

#[test]
fn u3_who_is_spoken_to_is_counted_once_for_a_message_that_stands() {
    let facts = vec![
        said(1, 1),
        said(2, 1),
        said(3, 1),
        mentioned(1, 0, NotificationReason::Mention),
        mentioned(1, 1, NotificationReason::ChannelMention),
        mentioned(2, 0, NotificationReason::HereMention),
        mentioned(3, 0, NotificationReason::Keyword),
        deleted(2),
    ];
    assert_eq!(counted(facts).mentions, 1);
}

#[test]
fn u3_threads_that_she_follows_are_counted_from_where_she_read_them() {
    let place = || (conversation(1), Position(0));
    let followed = |root| {
        let (conversation, read) = place();
        follow(root, FollowEvent::ThreadFollowed { conversation, read, marked: None })
    };
    let unfollowed = |root| {
        let (conversation, read) = place();
        follow(root, FollowEvent::ThreadUnfollowed { conversation, read })
    };
    let unread = |facts: Vec<Fact>| counted(facts).threads.get(&message(1)).copied();
    let talk = || vec![said(1, 1), answer(2, 3, 1)];
    assert_eq!(unread(talk()), None, "she does not follow it");
    assert_eq!(
        unread([talk(), vec![answer(3, 2, 1), answer(4, 3, 1)]].concat()),
        Some(1),
        "new is what came after hers"
    );
    assert_eq!(unread([talk(), vec![followed(1), answer(4, 3, 1), answer(5, 2, 1)]].concat()), Some(1));
    assert_eq!(unread([talk(), vec![answer(3, 2, 1), unfollowed(1)]].concat()), None);
    let up_to = FollowEvent::ThreadReadUpTo {
        conversation: conversation(1),
        read: Position(60),
        following: None,
        marked: None,
    };
    let read_on = || vec![answer(3, 2, 1), answer(4, 3, 1), follow(1, up_to.clone())];
    assert_eq!(unread([talk(), read_on(), vec![answer(5, 3, 1), deleted(5), answer(6, 3, 1)]].concat()), Some(1));
    assert_eq!(unread([talk(), read_on(), vec![answer(5, 3, 1), all_read(999)]].concat()), Some(0));
}

#[test]
fn u3_what_she_marked_in_a_thread_is_new_to_her_again() {
    let marked = || {
        follow(
            1,
            FollowEvent::ThreadMarkedUnread { conversation: conversation(1), read: Position(40), following: None },
        )
    };
    let unread = |more: Vec<Fact>| {
        let talk = vec![said(1, 2), answer(2, 3, 1), answer(3, 2, 1), answer(4, 3, 1), answer(5, 3, 1)];
        counted([talk, more].concat()).threads[&message(1)]
    };
    assert_eq!((unread(vec![]), unread(vec![marked()])), (2, 2), "her own answer came last that she had seen");
    let (read, following) = (Position(70), None);
    let up_to =
        |marked| follow(1, FollowEvent::ThreadReadUpTo { conversation: conversation(1), read, following, marked });
    assert_eq!((unread(vec![up_to(None)]), unread(vec![up_to(None), marked()])), (0, 2));
    assert_eq!(unread(vec![marked(), up_to(Some(Position(80)))]), 0);
    assert_eq!((unread(vec![marked(), all_read(70)]), unread(vec![marked(), all_read(80)])), (2, 0));
}

#[test]
fn u3_a_slice_that_begins_later_leaves_out_what_was_said_before() {
    let facts =
        vec![said(1, 1), said(2, 1), answer(3, 2, 1), reacted(1, 2), mentioned(1, 0, NotificationReason::Mention)];
    let facts = recorded([begun(), facts].concat());
    let later = Slice { after: Position(30), ..slice() }.recount(&facts);
    assert_eq!((later.unread, later.mentions, later.threads.len()), (1, 0, 0));
    assert_eq!(later.messages.keys().copied().collect::<Vec<_>>(), [message(2), message(3)]);
}

#[test]
fn u3_what_is_unread_is_counted_to_a_hundred() {
    let many = |thread| (2..200).map(move |n| said_in(1, n, 1, thread, false)).collect();
    assert_eq!(counted(many(None)).unread, 100);
    let asked = || vec![said(1, 2), said_in(1, 999, 2, Some(1), false)];
    assert_eq!(counted([asked(), many(Some(1))].concat()).threads[&message(1)], 100);
}

/// The documents of one view.
fn documents<V: View>(history: &[Recorded]) -> BTreeMap<V::Key, V::Doc> {
    let mut fold = Fold::<V>::default();
    history.iter().for_each(|recorded| fold.apply(recorded));
    fold.documents().iter().map(|(key, stored)| (*key, stored.doc.clone())).collect()
}

/// What the views show of a slice, put together as the read side does.
fn shown(history: &[Recorded], slice: Slice) -> Tally {
    let all_read = documents::<Inboxes>(history).get(&slice.user).map_or(Position::START, |inbox| inbox.read);
    let key = MembershipKey { conversation: slice.conversation, user: slice.user };
    let membership = documents::<Memberships>(history).remove(&key);
    let all: BTreeMap<MessageId, MessageDoc> = documents::<Messages>(history);
    let here = || {
        let of = all.values().filter(|doc| doc.message.conversation == slice.conversation);
        of.filter(|doc| doc.message.position > slice.after)
    };
    let new = |doc: &&MessageDoc, after: Position| {
        doc.message.position > after && doc.message.author != slice.user && !doc.message.deleted
    };
    let member = membership.as_ref().filter(|membership| membership.member);
    let unread = member.map_or(0, |member| {
        here().filter(|doc| doc.listed).filter(|doc| new(doc, member.unread_after(all_read))).count()
    });
    let tally = |doc: &MessageDoc| MessageTally {
        stands: !doc.message.deleted,
        replies: usize::try_from(doc.message.reply_count).unwrap(),
        reactions: doc.message.reactions.iter().map(|reaction| reaction.users.len()).sum(),
    };
    let answers = |place: &FollowDoc| {
        let answers = all.values().filter(|doc| doc.message.thread == Some(place.root));
        answers.filter(|doc| new(doc, place.read_with(all_read))).count()
    };
    let follows =
        documents::<Follows>(history).into_values().filter(|place| place.user == slice.user && place.following);
    let begun = |place: &FollowDoc| here().any(|doc| doc.message.id == place.root);
    let mentions = documents::<Activity>(history).into_values().filter(|doc| doc.kind == ActivityKind::Mention);
    let spoken_to = mentions.filter(|doc| doc.users.contains(&slice.user)).filter_map(|doc| doc.message);
    let stands = |id: &MessageId| here().any(|doc| doc.message.id == *id && !doc.message.deleted);
    Tally {
        is_member: member.is_some(),
        read_position: membership.as_ref().map_or(Position::START, |membership| membership.read_with(all_read)),
        unread,
        mentions: spoken_to.filter(stands).collect::<BTreeSet<_>>().len(),
        messages: here().map(|doc| (doc.message.id, tally(doc))).collect(),
        threads: follows.filter(begun).map(|place| (place.root, answers(&place))).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn u3_what_views_show_is_what_the_facts_come_to(history in talk(), after in 0..900_u64) {
        for (one, place) in (1..4).flat_map(|one| (1..3).map(move |place| (one, place))) {
            for after in [Position::START, Position(after)] {
                let slice = Slice { user: user(one), conversation: conversation(place), after };
                prop_assert_eq!(slice.recount(&history), shown(&history, slice));
            }
        }
    }
}
