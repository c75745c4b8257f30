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
    FollowEvent::ThreadFollowed { conversation: conversation(1), read: Position(read), marked: None }
}

fn unfollow(read: u64) -> FollowEvent {
    FollowEvent::ThreadUnfollowed { conversation: conversation(1), read: Position(read) }
}

fn read(read: u64, following: Option<bool>) -> FollowEvent {
    FollowEvent::ThreadReadUpTo { conversation: conversation(1), read: Position(read), following, marked: None }
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

fn mark_unread(read: u64, following: Option<bool>) -> FollowEvent {
    FollowEvent::ThreadMarkedUnread { conversation: conversation(1), read: Position(read), following }
}

#[test]
fn what_is_marked_unread_goes_back_and_stays_so_when_everything_before_was_read() {
    let facts = |more: Vec<Fact>| [vec![answer(2, 2), answer(3, 1), said(2, mark_unread(9, None))], more].concat();
    let doc = place(2, facts(vec![])).unwrap();
    assert_eq!((doc.read, doc.marked, doc.following), (Position(9), Some(Position(30)), true));
    assert_eq!((doc.read_with(Position(25)), doc.read_with(Position(35))), (Position(9), Position(35)));
    let further = |read, marked| {
        said(
            2,
            FollowEvent::ThreadReadUpTo {
                conversation: conversation(1),
                read: Position(read),
                following: None,
                marked,
            },
        )
    };
    let doc = place(2, facts(vec![further(20, Some(Position(30)))])).unwrap();
    assert_eq!((doc.read, doc.marked), (Position(20), Some(Position(30))));
    let only_the_newest = vec![answer(2, 2), answer(3, 1), further(9, Some(Position(25)))];
    assert_eq!(place(2, only_the_newest).unwrap().read, Position(9), "the mark itself is not kept for ever");
}

#[test]
fn who_begins_to_follow_keeps_what_she_marked_and_who_leaves_gives_it_up() {
    let marked = || vec![answer(2, 2), answer(3, 3), said(4, mark_unread(15, None))];
    let at = Some(Position(30));
    let follow_marked = FollowEvent::ThreadFollowed { conversation: conversation(1), read: Position(15), marked: at };
    let doc = place(4, [marked(), vec![said(4, follow_marked)]].concat()).unwrap();
    assert_eq!((doc.following, doc.read, doc.marked), (true, Position(15), at));
    let doc = place(4, [marked(), vec![said(4, unfollow(15)), said(4, follow(15))]].concat()).unwrap();
    assert_eq!((doc.following, doc.read, doc.marked), (true, Position(50), None));
}
