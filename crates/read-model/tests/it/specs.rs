//! What the documents say, view by view.

use events::public::{ConversationKind, Message, PresenceState};
use events::{
    AccountEvent, ConversationEvent, Fact, MessageEvent, NotificationLevel, PinsEvent, Pointers, Position,
    PostingPolicy, PreferenceEvent, PresenceEvent, ProfileEvent, ReceiptEvent, Role, Timestamp, Told, Visibility,
    WorkspaceEvent,
};
use read_model::{
    ConversationDoc, Conversations, Fold, MembershipDoc, MembershipKey, Memberships, MessageDoc, Messages, Preferences,
    PreferencesDoc, UserDoc, Users, View, may_see,
};

use crate::histories::{conversation, message, nights, recorded, user};

fn document<V: View>(key: V::Key, facts: impl IntoIterator<Item = Fact>) -> Option<V::Doc> {
    let mut fold = Fold::<V>::default();
    recorded(facts).iter().for_each(|recorded| fold.apply(recorded));
    fold.documents().get(&key).map(|stored| stored.doc.clone())
}

fn ann(facts: Vec<Fact>) -> Option<UserDoc> {
    document::<Users>(user(1), facts)
}

fn registered() -> Fact {
    let event = AccountEvent::AccountRegistered { email: Some("ann@x.org".to_owned()), phone: None, role: Role::Owner };
    Fact::Account { user: user(1), event }
}

fn named(name: &str) -> Fact {
    Fact::Profile { user: user(1), event: ProfileEvent::ProfileCreated { name: name.to_owned() } }
}

fn here() -> Fact {
    Fact::Presence { user: user(1), event: PresenceEvent::CameOnline {} }
}

#[test]
fn a_person_is_complete_whichever_of_her_streams_comes_first() {
    let one = ann(vec![registered(), named("Ann"), here()]).unwrap().me().unwrap();
    let other = ann(vec![named("Ann"), registered(), here()]).unwrap().me().unwrap();
    assert_eq!((one.user.role, one.user.presence), (Role::Owner, PresenceState::Active));
    assert_eq!((&one.email, &one.user.person.name), (&Some("ann@x.org".to_owned()), &"Ann".to_owned()));
    assert_eq!((other.user.role, other.email), (one.user.role, one.email));
}

#[test]
fn a_person_without_a_name_is_not_shown() {
    assert_eq!(ann(vec![registered()]).unwrap().user(), None);
    assert_eq!(ann(vec![here()]), None);
}

#[test]
fn what_everybody_sees_of_a_person_holds_nothing_private() {
    let user = ann(vec![registered(), named("Ann")]).unwrap().user().unwrap();
    assert!(!serde_json::to_string(&user).unwrap().contains("ann@x.org"));
}

fn settled(event: ConversationEvent) -> Fact {
    Fact::Conversation { conversation: conversation(1), event }
}

fn channel(visibility: Visibility) -> Fact {
    let (name, creator) = ("lunch".to_owned(), user(1));
    settled(ConversationEvent::ChannelCreated { name, visibility, topic: None, description: None, creator })
}

fn joined(n: u128) -> Fact {
    settled(ConversationEvent::MemberJoined { user: user(n) })
}

fn left(n: u128) -> Fact {
    settled(ConversationEvent::MemberLeft { user: user(n) })
}

fn lunch(facts: Vec<Fact>) -> ConversationDoc {
    document::<Conversations>(conversation(1), facts).unwrap()
}

fn membership(n: u128, facts: Vec<Fact>) -> Option<MembershipDoc> {
    document::<Memberships>(MembershipKey { conversation: conversation(1), user: user(n) }, facts)
}

#[test]
fn a_channel_counts_its_members() {
    let doc = lunch(vec![channel(Visibility::Public), joined(1), joined(2), joined(3), left(2)]);
    assert_eq!((doc.member_count, doc.card.members), (2, None));
}

#[test]
fn a_direct_conversation_lists_its_members_and_makes_them_so() {
    let opened = settled(ConversationEvent::DirectOpened { members: vec![user(1), user(2)], creator: user(2) });
    let doc = lunch(vec![opened.clone()]);
    assert_eq!((doc.member_count, doc.card.members), (2, Some(vec![user(1), user(2)])));
    assert!(membership(1, vec![opened.clone()]).unwrap().member);
    assert!(membership(2, vec![opened.clone()]).unwrap().member);
    assert_eq!(membership(3, vec![opened]), None);
}

#[test]
fn a_converted_group_is_a_private_channel_that_counts_its_members() {
    let founded = ConversationEvent::GroupCreated { members: vec![user(1), user(2), user(3)], creator: user(2) };
    let converted = settled(ConversationEvent::ConvertedToChannel { name: "lunch".to_owned() });
    let doc = lunch(vec![settled(founded), converted, joined(4), left(1)]);
    assert_eq!((doc.card.kind, doc.card.name.as_deref()), (ConversationKind::Channel, Some("lunch")));
    assert_eq!((doc.card.visibility, doc.card.members, doc.member_count), (Visibility::Private, None, 3));
}

#[test]
fn a_channel_says_who_may_post_and_whether_newcomers_join_it() {
    let policy = settled(ConversationEvent::PostingPolicySet { policy: PostingPolicy::Admins });
    let added = Fact::Workspace { event: WorkspaceEvent::DefaultChannelAdded { channel: conversation(1) } };
    let removed = Fact::Workspace { event: WorkspaceEvent::DefaultChannelRemoved { channel: conversation(1) } };
    let doc = lunch(vec![channel(Visibility::Public), policy, added.clone()]);
    assert_eq!((doc.posting, doc.default), (PostingPolicy::Admins, true));
    assert!(!lunch(vec![channel(Visibility::Public), added, removed]).default);
}

#[test]
fn settings_are_those_said_last() {
    let doc = lunch(vec![
        channel(Visibility::Public),
        settled(ConversationEvent::Renamed { name: "dinner".to_owned() }),
        settled(ConversationEvent::TopicChanged { topic: Some("soup".to_owned()) }),
        settled(ConversationEvent::DescriptionChanged { description: Some("food".to_owned()) }),
        settled(ConversationEvent::Archived {}),
    ]);
    assert_eq!((doc.card.name.as_deref(), doc.card.topic.as_deref()), (Some("dinner"), Some("soup")));
    assert_eq!((doc.card.description.as_deref(), doc.archived), (Some("food"), true));
}

#[test]
fn a_stay_covers_its_ends_and_nothing_beyond() {
    let doc = membership(1, vec![channel(Visibility::Public), joined(1), left(1), named("Ann"), joined(1)]).unwrap();
    let was: Vec<bool> = [19, 20, 30, 31, 49, 50, 999].map(|p| doc.was_member_at(Position(p))).to_vec();
    assert_eq!(was, [false, true, true, false, false, true, true]);
}

#[test]
fn what_was_said_before_she_came_is_not_unread() {
    let pointers = Pointers { delivered: Position(70), read: Position(60), ..Pointers::default() };
    let receipt = ReceiptEvent::ReadUpTo(pointers);
    let read = Fact::Receipt { conversation: conversation(1), user: user(1), event: receipt };
    let fresh = membership(1, vec![channel(Visibility::Public), joined(1)]).unwrap();
    assert_eq!(fresh.unread_after(Position(0)), Position(20));
    let reader = membership(1, vec![channel(Visibility::Public), joined(1), read]).unwrap();
    assert_eq!((reader.unread_after(Position(0)), reader.delivered), (Position(60), Position(70)));
}

#[test]
fn e05_a_membership_keeps_what_others_were_told_apart_from_what_is_so() {
    let receipt = |event| Fact::Receipt { conversation: conversation(1), user: user(1), event };
    let told = Told { delivered: Position(60), read: Position(50) };
    let pointers = Pointers { delivered: Position(60), read: Position(60), told, ..Pointers::default() };
    let facts = |event| membership(1, vec![channel(Visibility::Public), joined(1), receipt(event)]).unwrap();
    let doc = facts(ReceiptEvent::ReadUpTo(pointers));
    assert_eq!((doc.read, doc.delivered, doc.told, doc.marked), (Position(60), Position(60), told, None));
    let marked = facts(ReceiptEvent::MarkedUnread(Pointers { read: Position(40), ..pointers }));
    assert_eq!((marked.read, marked.told, marked.marked), (Position(40), told, Some(Position(30))));
    let read_with = |all| marked.read_with(Position(all));
    assert_eq!([read_with(0), read_with(29), read_with(35), read_with(60)], [40, 40, 40, 60].map(Position));
    assert_eq!(membership(1, vec![receipt(ReceiptEvent::ReadUpTo(pointers))]), None, "strangers have no receipts");
}

#[test]
fn e05_receipts_are_told_in_channels_that_want_it_and_everywhere_else() {
    let wanted = |receipts| settled(ConversationEvent::ReceiptsSet { receipts });
    let tells = |facts| (lunch(facts)).tells_of_receipts();
    let founded = || settled(ConversationEvent::GroupCreated { members: vec![user(1), user(2)], creator: user(2) });
    let converted = settled(ConversationEvent::ConvertedToChannel { name: "lunch".to_owned() });
    assert!(tells(vec![founded()]) && !tells(vec![founded(), converted]));
    let small = || vec![channel(Visibility::Public), joined(1), wanted(true)];
    assert!(tells(small()) && !tells([small(), vec![wanted(false)]].concat()));
    let crowded = [small(), (2..=51).map(joined).collect()].concat();
    assert!(lunch(crowded.clone()).wants_receipts() && !tells(crowded));
}

#[test]
fn a_private_conversation_is_seen_by_its_present_members_only() {
    let doc = lunch(vec![channel(Visibility::Private), joined(1), joined(2), left(2)]);
    let facts = || vec![channel(Visibility::Private), joined(1), joined(2), left(2)];
    assert!(may_see(&doc, membership(1, facts()).as_ref()));
    assert!(!may_see(&doc, membership(2, facts()).as_ref()));
    assert!(!may_see(&doc, membership(3, facts()).as_ref()));
    let elsewhere = MembershipDoc { conversation: conversation(2), ..membership(1, facts()).unwrap() };
    assert!(!may_see(&doc, Some(&elsewhere)));
}

#[test]
fn a_public_channel_is_everybodys_until_it_is_made_private() {
    assert!(may_see(&lunch(vec![channel(Visibility::Public)]), None));
    let hidden = settled(ConversationEvent::MadePrivate {});
    assert!(!may_see(&lunch(vec![channel(Visibility::Public), hidden]), None));
}

fn said(n: u128, event: MessageEvent) -> Fact {
    Fact::Message { message: message(n), event }
}

fn posted(n: u128, place: u128, thread: Option<u128>) -> Fact {
    let (conversation, author, text) = (conversation(place), user(1), format!("message {n}"));
    said(
        n,
        MessageEvent::MessagePosted {
            conversation,
            author,
            text,
            thread: thread.map(message),
            files: Vec::new(),
            in_channel: false,
            answers: None,
            forwards: None,
        },
    )
}

fn first(facts: Vec<Fact>) -> Option<Message> {
    stored(facts).map(|stored| stored.message)
}

fn stored(facts: Vec<Fact>) -> Option<MessageDoc> {
    document::<Messages>(message(1), facts)
}

fn edited(text: &str) -> Fact {
    said(1, MessageEvent::MessageEdited { conversation: conversation(1), text: text.to_owned(), mentions: vec![] })
}

fn deleted() -> Fact {
    said(1, MessageEvent::MessageDeleted { conversation: conversation(1) })
}

fn pin(n: u128) -> Fact {
    Fact::Pins { conversation: conversation(1), event: PinsEvent::PinAdded { message: message(n), by: user(2) } }
}

fn unpin(n: u128) -> Fact {
    Fact::Pins { conversation: conversation(1), event: PinsEvent::PinRemoved { message: message(n), by: user(2) } }
}

#[test]
fn a_message_stands_at_the_position_of_its_post() {
    let doc = first(vec![posted(1, 1, None), edited("new")]).unwrap();
    assert_eq!((doc.position, doc.text.as_str(), doc.edited_at.is_some()), (Position(10), "new", true));
}

#[test]
fn a_deleted_message_says_nothing_any_more() {
    let doc = stored(vec![posted(1, 1, None), edited("new"), pin(1), deleted(), edited("back"), pin(1)]).unwrap();
    let left = serde_json::to_string(&doc).unwrap();
    assert!(!["message 1", "new", "back"].iter().any(|text| left.contains(text)), "{left}");
    assert_eq!((doc.message.deleted, doc.message.text.as_str(), doc.message.pinned), (true, "", None));
    assert_eq!(doc.versions(), []);
}

#[test]
fn what_a_text_means_follows_the_text() {
    let doc = first(vec![posted(1, 1, None), edited("*new*")]).unwrap();
    assert_eq!(doc.content, events::mrkdwn::parse("*new*"));
    assert!(!doc.content.is_empty());
    assert!(first(vec![posted(1, 1, None), edited("*new*"), edited("plain")]).unwrap().content.is_empty());
    assert!(first(vec![posted(1, 1, None), edited("*new*"), deleted()]).unwrap().content.is_empty());
}

#[test]
fn what_a_message_said_before_is_kept_with_its_times() {
    let doc = stored(vec![posted(1, 1, None), edited("new"), edited("newer")]).unwrap();
    let (first, second) = (doc.former[0].at, doc.former[1].at);
    assert!(first == doc.message.posted_at && first < second && Some(second) < doc.message.edited_at);
    let texts: Vec<String> = doc.versions().into_iter().map(|version| version.text).collect();
    assert_eq!(texts, ["message 1", "new", "newer"]);
}

#[test]
fn a_pin_says_who_and_where_until_it_is_taken_away() {
    let doc = first(vec![posted(1, 1, None), pin(1)]).unwrap();
    assert_eq!(doc.pinned.map(|pin| (pin.by, pin.position)), Some((user(2), Position(20))));
    assert_eq!(first(vec![posted(1, 1, None), pin(1), unpin(1)]).unwrap().pinned, None);
    assert_eq!(first(vec![posted(1, 1, None), pin(2)]).unwrap().pinned, None);
    assert_eq!(first(vec![pin(1)]), None);
}

#[test]
fn an_answer_is_listed_where_it_was_sent_too() {
    let answer = |in_channel| {
        let event = MessageEvent::MessagePosted {
            conversation: conversation(1),
            author: user(1),
            text: "yes".to_owned(),
            thread: Some(message(9)),
            files: Vec::new(),
            in_channel,
            answers: Some(user(2)),
            forwards: None,
        };
        stored(vec![said(1, event)]).unwrap().listed
    };
    assert!(answer(true) && !answer(false) && stored(vec![posted(1, 1, None)]).unwrap().listed);
}

#[test]
fn answers_are_counted_at_the_head_of_their_own_conversation() {
    let doc = first(vec![posted(1, 1, None), posted(2, 1, Some(1)), posted(3, 2, Some(1)), posted(4, 1, Some(1))]);
    let head = doc.unwrap();
    assert_eq!((head.reply_count, head.repliers, head.last_reply_at.is_some()), (2, vec![user(1)], true));
    assert_eq!(first(vec![posted(2, 1, Some(1))]), None);
}

#[test]
fn a_person_reacts_once_with_the_same_emoji() {
    let add = || MessageEvent::ReactionAdded {
        conversation: conversation(1),
        user: user(2),
        emoji: "👍".to_owned(),
        author: Some(user(1)),
    };
    let remove =
        MessageEvent::ReactionRemoved { conversation: conversation(1), user: user(2), emoji: "👍".to_owned() };
    let twice = first(vec![posted(1, 1, None), said(1, add()), said(1, add())]).unwrap();
    assert_eq!(twice.reactions.iter().map(|reaction| reaction.users.len()).collect::<Vec<_>>(), [1]);
    assert!(first(vec![posted(1, 1, None), said(1, add()), said(1, remove)]).unwrap().reactions.is_empty());
}

fn preferred(events: Vec<PreferenceEvent>) -> Option<PreferencesDoc> {
    document::<Preferences>(user(1), events.into_iter().map(|event| Fact::Preference { user: user(1), event }))
}

#[test]
fn what_is_as_usual_is_not_kept_among_preferences() {
    let starred = |n, starred| PreferenceEvent::ConversationStarred { conversation: conversation(n), starred };
    let muted = PreferenceEvent::ConversationMuted { conversation: conversation(1), muted: true };
    let doc = preferred(vec![starred(2, true), muted, starred(1, true), starred(2, false)]).unwrap();
    let kept: Vec<_> = doc.conversations.iter().map(|known| (known.conversation, known.starred, known.muted)).collect();
    assert_eq!(kept, [(conversation(1), true, true)]);
}

#[test]
fn a_level_and_the_sidebar_are_those_said_last() {
    let level = |level| PreferenceEvent::NotificationLevelSet { conversation: conversation(1), level };
    let sidebar = |name: &str| PreferenceEvent::SidebarChanged { sections: vec![(name.to_owned(), vec![])] };
    let (nothing, all) = (level(NotificationLevel::Nothing), level(NotificationLevel::All));
    let doc = preferred(vec![nothing, sidebar("Work"), all, sidebar("Fun")]).unwrap();
    assert_eq!(doc.conversations[0].level, Some(NotificationLevel::All));
    assert_eq!(doc.sections.iter().map(|section| section.name.as_str()).collect::<Vec<_>>(), ["Fun"]);
}

#[test]
fn which_level_held_at_a_position_is_known_for_a_while() {
    let level = |n, level| PreferenceEvent::NotificationLevelSet { conversation: conversation(n), level };
    let (nothing, all) = (NotificationLevel::Nothing, NotificationLevel::All);
    let doc = preferred(vec![level(1, nothing), level(2, all), level(1, all)]).unwrap();
    let at = |position| doc.level_at(conversation(1), Position(position));
    assert_eq!([at(10), at(11), at(30), at(31)], [None, Some(nothing), Some(nothing), Some(all)]);
    let often = preferred(std::iter::once(level(1, nothing)).chain((0..100).map(|_| level(2, all))).collect()).unwrap();
    assert_eq!((often.levels.len(), often.level_at(conversation(1), Position(2_000))), (100, None));
    assert_eq!(often.conversations.len(), 2);
}

#[test]
fn d10_quiet_times_and_keywords_are_those_said_last() {
    let until = |seconds: Option<i64>| PreferenceEvent::DndChanged {
        until: seconds.map(|seconds| Timestamp::from_unix_ms(seconds * 1000)),
    };
    let keywords = |words: &[&str]| PreferenceEvent::KeywordsChanged {
        keywords: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    let quiet = |quiet_hours| PreferenceEvent::QuietHoursChanged { quiet_hours };
    let facts = vec![until(Some(5)), keywords(&["tea"]), quiet(Some(nights())), until(Some(9)), keywords(&["milk"])];
    let doc = preferred(facts.clone()).unwrap();
    assert_eq!((doc.dnd_until, doc.keywords), (Some(Timestamp::from_unix_ms(9000)), vec!["milk".to_owned()]));
    assert_eq!(doc.quiet_hours, Some(nights()));
    let over = preferred([facts, vec![until(None), quiet(None), keywords(&[])]].concat()).unwrap();
    assert_eq!((over.dnd_until, over.quiet_hours, over.keywords), (None, None, vec![]));
}
