//! What the documents say of threads, and of people's places in them.

use events::{Fact, FollowEvent, MessageEvent, Position};
use read_model::{Fold, FollowDoc, FollowKey, Follows};

use crate::histories::{conversation, message, recorded, user};

/// Somebody answers message 1, which user 1 wrote.
fn answer(n: u128, by: u128) -> Fact {
    let event = MessageEvent::MessagePosted {
        conversation: conversation(1),
        author: user(by),
        text: "yes".to_owned(),
        thread: Some(message(1)),
        files: Vec::new(),
        in_channel: false,
        answers: Some(user(1)),
        forwards: None,
    };
    Fact::Message { message: message(n), event }
}

fn said(by: u128, event: FollowEvent) -> Fact {
    Fact::Follow { root: message(1), user: user(by), event }
}

fn follow(read: u64) -> FollowEvent {
    FollowEvent::ThreadFollowed { conversation: conversation(1), read: Position(read) }
}

fn unfollow(read: u64) -> FollowEvent {
    FollowEvent::ThreadUnfollowed { conversation: conversation(1), read: Position(read) }
}

fn read(read: u64, following: Option<bool>) -> FollowEvent {
    FollowEvent::ThreadReadUpTo { conversation: conversation(1), read: Position(read), following }
}

fn place(of: u128, facts: Vec<Fact>) -> Option<FollowDoc> {
    let mut fold = Fold::<Follows>::default();
    recorded(facts).iter().for_each(|recorded| fold.apply(recorded));
    fold.documents().get(&FollowKey { root: message(1), user: user(of) }).map(|stored| stored.doc.clone())
}

#[test]
fn who_answers_and_who_is_answered_follow_by_themselves() {
    let facts = || vec![answer(2, 2), answer(3, 3)];
    let (asker, first, second) = (place(1, facts()).unwrap(), place(2, facts()).unwrap(), place(3, facts()).unwrap());
    assert!(asker.following && first.following && second.following);
    assert_eq!((asker.read, first.read, second.read), (Position(0), Position(10), Position(20)));
    assert_eq!(place(4, facts()), None);
}

#[test]
fn who_answers_herself_has_one_place() {
    assert_eq!(place(1, vec![answer(2, 1)]).unwrap().read, Position(10));
}

#[test]
fn saying_so_counts_more_than_taking_part() {
    let left = place(2, vec![answer(2, 2), said(2, unfollow(0)), answer(3, 2)]).unwrap();
    assert!(left.takes_part && !left.following);
    let back = place(2, vec![answer(2, 2), said(2, unfollow(0)), answer(3, 3), said(2, follow(0))]).unwrap();
    assert_eq!((back.following, back.read), (true, Position(40)), "what came meanwhile is not new");
}

#[test]
fn to_who_begins_to_follow_only_what_comes_is_new() {
    let doc = place(4, vec![answer(2, 2), said(4, follow(0))]).unwrap();
    assert_eq!((doc.following, doc.takes_part, doc.read), (true, false, Position(20)));
    let doc = place(1, vec![answer(2, 2), said(1, follow(0))]).unwrap();
    assert_eq!(doc.read, Position(0), "she followed already, and has not read it");
}

#[test]
fn reading_moves_forward_only() {
    let doc = place(1, vec![answer(2, 2), said(1, read(10, None)), said(1, read(5, None))]).unwrap();
    assert_eq!((doc.read, doc.following), (Position(10), true));
    let doc = place(4, vec![answer(2, 2), said(4, read(10, None))]).unwrap();
    assert!(!doc.following, "reading is not following");
}
