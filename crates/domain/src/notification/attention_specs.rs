//! Specifications of who is told of a message: given facts, when something is said, then so it is decided.

use events::public::ConversationKind;
use events::{
    ConversationEvent, ConversationId, Fact, FollowEvent, HeldBackBy, MessageEvent, MessageId, NotificationEvent,
    NotificationLevel, NotificationPart, NotificationReason, Position, PreferenceEvent, PresenceEvent, Recorded,
    StreamName, Timestamp, UserId, Visibility, Weekday,
};
use uuid::Uuid;

use super::Attention;
use crate::conversation::samples::CHANNEL;
use crate::preference::LocalTime;
use crate::preference::quiet_samples::{hours, range};
use crate::spec::{ANN, BOB, CID, recorded};

const ROOT: MessageId = MessageId::new(Uuid::from_u128(0x51));

/// A story told fact by fact.
struct Told {
    attention: Attention,
    next: u64,
}

type Decided = Vec<(UserId, NotificationReason, Option<HeldBackBy>)>;

impl Told {
    /// A channel, a group or a direct conversation of these people.
    fn among(kind: ConversationKind, people: &[UserId]) -> Self {
        let members = people.to_vec();
        let founded = match kind {
            ConversationKind::Channel => ConversationEvent::ChannelCreated {
                name: "cooking".to_owned(),
                visibility: Visibility::Private,
                topic: None,
                description: None,
                creator: ANN,
            },
            ConversationKind::Group => ConversationEvent::GroupCreated { members, creator: ANN },
            ConversationKind::Direct => ConversationEvent::DirectOpened { members, creator: ANN },
        };
        let mut told = Self { attention: Attention::default(), next: 0 };
        told.here(founded);
        if kind == ConversationKind::Channel {
            people.iter().for_each(|user| told.here(ConversationEvent::MemberJoined { user: *user }));
        }
        told
    }

    fn fact(&mut self, event: Fact) -> Vec<NotificationEvent> {
        self.parts(event).into_iter().map(|(_, event)| event).collect()
    }

    fn parts(&mut self, event: Fact) -> Vec<(NotificationPart, NotificationEvent)> {
        self.next += 1;
        let fact: Recorded = recorded(StreamName::stored("any-1"), self.next, event);
        self.attention.fold(&fact);
        self.attention.decide(&fact, |_, _| Some(LocalTime { day: Weekday::Monday, time: "23:00".parse().unwrap() }))
    }

    fn here(&mut self, event: ConversationEvent) {
        assert_eq!(self.fact(Fact::Conversation { conversation: CHANNEL, event }), []);
    }

    fn wants(&mut self, user: UserId, event: PreferenceEvent) {
        assert_eq!(self.fact(Fact::Preference { user, event }), []);
    }

    fn follows(&mut self, user: UserId, event: FollowEvent) {
        assert_eq!(self.fact(Fact::Follow { root: ROOT, user, event }), []);
    }

    fn presence(&mut self, user: UserId, event: PresenceEvent) {
        assert_eq!(self.fact(Fact::Presence { user, event }), []);
    }

    fn says(&mut self, author: UserId, text: &str) -> Decided {
        self.posts(author, text, None, false)
    }

    /// Answers a message of Ann's.
    fn answers(&mut self, author: UserId, text: &str, in_channel: bool) -> Decided {
        self.posts(author, text, Some(ROOT), in_channel)
    }

    fn posts(&mut self, author: UserId, text: &str, thread: Option<MessageId>, in_channel: bool) -> Decided {
        let event = MessageEvent::MessagePosted {
            conversation: CHANNEL,
            author,
            text: text.to_owned(),
            thread,
            files: vec![],
            in_channel,
            answers: thread.map(|_| ANN),
            forwards: None,
        };
        let message = MessageId::new(Uuid::from_u128(u128::from(self.next) + 0x1000));
        flat(&self.fact(Fact::Message { message, event }))
    }
}

fn flat(parts: &[NotificationEvent]) -> Decided {
    let mut decided = Vec::new();
    for NotificationEvent::NotificationsDecided { conversation, decisions } in parts {
        assert_eq!(*conversation, CHANNEL);
        for decision in decisions {
            decided.extend(decision.users.iter().map(|user| (*user, decision.reason, decision.held_back_by)));
        }
    }
    decided.sort_unstable();
    decided
}

fn told(users: &[UserId], reason: NotificationReason) -> Decided {
    users.iter().map(|user| (*user, reason, None)).collect()
}

fn channel() -> Told {
    Told::among(ConversationKind::Channel, &[ANN, BOB, CID])
}

fn mention(user: UserId) -> String {
    format!("hello <@{user}>")
}

fn keywords(words: &[&str]) -> PreferenceEvent {
    PreferenceEvent::KeywordsChanged { keywords: words.iter().map(|word| (*word).to_owned()).collect() }
}

#[test]
fn d10_a_plain_message_of_a_channel_is_for_nobody() {
    assert_eq!(channel().says(ANN, "hello"), []);
}

#[test]
fn d10_a_direct_message_and_one_in_a_group_are_for_the_others() {
    let direct = Told::among(ConversationKind::Direct, &[ANN, BOB]).says(ANN, "hello");
    assert_eq!(direct, told(&[BOB], NotificationReason::DirectMessage));
    let group = Told::among(ConversationKind::Group, &[ANN, BOB, CID]).says(BOB, "hello");
    assert_eq!(group, told(&[ANN, CID], NotificationReason::GroupMessage));
    assert_eq!(Told::among(ConversationKind::Direct, &[ANN]).says(ANN, "a note"), []);
}

#[test]
fn d10_a_mention_is_for_the_member_whom_it_names() {
    assert_eq!(channel().says(ANN, &mention(BOB)), told(&[BOB], NotificationReason::Mention));
    assert_eq!(channel().says(ANN, &mention(ANN)), [], "nobody is told of what she said herself");
    let without_bob = || Told::among(ConversationKind::Channel, &[ANN, CID]);
    assert_eq!(without_bob().says(ANN, &mention(BOB)), [], "a stranger");
    assert_eq!(channel().says(ANN, &format!("`<@{BOB}>`")), [], "code speaks to nobody");
}

#[test]
fn who_has_left_is_told_of_nothing() {
    let mut story = channel();
    story.wants(BOB, keywords(&["soup"]));
    story.wants(BOB, PreferenceEvent::NotificationLevelSet { conversation: CHANNEL, level: NotificationLevel::All });
    story.here(ConversationEvent::MemberLeft { user: BOB });
    story.here(ConversationEvent::MemberRemoved { user: CID, by: ANN });
    assert_eq!(story.says(ANN, &format!("<@{BOB}> <@{CID}> soup @channel")), []);
    story.here(ConversationEvent::MemberAdded { user: BOB, by: ANN });
    assert_eq!(story.says(ANN, "@channel"), told(&[BOB], NotificationReason::ChannelMention));
}

#[test]
fn at_channel_is_for_every_member_and_at_here_for_the_active_ones() {
    let mut story = channel();
    assert_eq!(story.says(ANN, "@channel lunch"), told(&[BOB, CID], NotificationReason::ChannelMention));
    assert_eq!(story.says(ANN, "@here lunch"), []);
    [BOB, ANN].into_iter().for_each(|user| story.presence(user, PresenceEvent::CameOnline {}));
    assert_eq!(story.says(ANN, "@here lunch"), told(&[BOB], NotificationReason::HereMention));
    story.presence(BOB, PresenceEvent::WentAway {});
    story.presence(CID, PresenceEvent::CameOnline {});
    assert_eq!(story.says(ANN, "@here lunch"), told(&[CID], NotificationReason::HereMention));
    story.presence(CID, PresenceEvent::WentOffline {});
    assert_eq!(story.says(ANN, "@here lunch"), []);
}

#[test]
fn an_edit_is_for_the_members_whom_it_names_anew_and_for_nobody_else() {
    let mut story = channel();
    story.wants(BOB, keywords(&["soup"]));
    let edited = |mentions: &[UserId]| Fact::Message {
        message: ROOT,
        event: MessageEvent::MessageEdited {
            conversation: CHANNEL,
            text: format!("soup @channel <@{BOB}> <@{CID}>"),
            mentions: mentions.to_vec(),
        },
    };
    assert_eq!(story.fact(edited(&[])), [], "neither keywords nor @channel come later");
    let stranger = UserId::new(Uuid::from_u128(0xE));
    let parts = story.parts(edited(&[CID, stranger]));
    let [(NotificationPart::Edited(revision), decided)] = &parts[..] else { panic!("{parts:?}") };
    assert_eq!(
        (*revision, flat(std::slice::from_ref(decided))),
        (story.next, told(&[CID], NotificationReason::Mention))
    );
    story.wants(CID, PreferenceEvent::ConversationMuted { conversation: CHANNEL, muted: true });
    let held = flat(&story.fact(edited(&[CID])));
    assert_eq!(held, [(CID, NotificationReason::Mention, Some(HeldBackBy::Muted))], "as she wants it now");
}

#[test]
fn an_answer_is_for_who_takes_part_until_she_says_otherwise() {
    let mut story = channel();
    assert_eq!(story.answers(BOB, "me too", false), told(&[ANN], NotificationReason::ThreadReply));
    assert_eq!(story.answers(CID, "and I", false), told(&[ANN, BOB], NotificationReason::ThreadReply));
    let read = Position::START;
    story.follows(ANN, FollowEvent::ThreadUnfollowed { conversation: CHANNEL, read });
    assert_eq!(story.answers(CID, "well", true), told(&[BOB], NotificationReason::ThreadReply));
    let (conversation, marked) = (CHANNEL, None);
    story.follows(ANN, FollowEvent::ThreadReadUpTo { conversation, read, following: Some(false), marked });
    story.follows(BOB, FollowEvent::ThreadReadUpTo { conversation, read, following: None, marked });
    assert_eq!(story.answers(CID, "well", false), told(&[BOB], NotificationReason::ThreadReply));
    story.follows(ANN, FollowEvent::ThreadFollowed { conversation, read, marked });
    story.follows(ANN, FollowEvent::ThreadMarkedUnread { conversation, read, following: Some(true) });
    assert_eq!(story.answers(CID, "well", false), told(&[ANN, BOB], NotificationReason::ThreadReply));
}

#[test]
fn in_a_thread_alone_nobody_calls_the_whole_channel() {
    let mut story = channel();
    assert_eq!(story.answers(BOB, "@channel @here", false), told(&[ANN], NotificationReason::ThreadReply));
    let both = [(ANN, NotificationReason::ChannelMention, None), (CID, NotificationReason::ChannelMention, None)];
    assert_eq!(story.answers(BOB, "@channel", true), both);
}

#[test]
fn d10_a_keyword_is_for_the_members_who_wait_for_it() {
    let mut story = channel();
    story.wants(BOB, keywords(&["soup", "rye bread"]));
    story.wants(CID, keywords(&["tea"]));
    story.wants(UserId::new(Uuid::from_u128(0xE)), keywords(&["soup"]));
    assert_eq!(story.says(ANN, "Soup is ready"), told(&[BOB], NotificationReason::Keyword), "no stranger's");
    assert_eq!(story.says(BOB, "soup"), [], "her own words");
    assert_eq!(story.answers(CID, "rye  BREAD", false)[1], (BOB, NotificationReason::Keyword, None));
    story.wants(BOB, keywords(&["milk"]));
    assert_eq!(story.says(ANN, "soup and rye bread"), []);
}

#[test]
fn every_message_is_for_who_wants_all_of_them() {
    let mut story = channel();
    let level = |level| PreferenceEvent::NotificationLevelSet { conversation: CHANNEL, level };
    story.wants(BOB, level(NotificationLevel::All));
    assert_eq!(story.says(ANN, "hello"), told(&[BOB], NotificationReason::AllMessages));
    assert_eq!(story.answers(ANN, "a detail", false), [], "what stands in a thread alone is not every message");
    assert_eq!(story.answers(ANN, "for all", true), told(&[BOB], NotificationReason::AllMessages));
    story.wants(BOB, level(NotificationLevel::Mentions));
    assert_eq!(story.says(ANN, "hello"), []);
}

#[test]
fn of_several_reasons_the_strongest_counts() {
    let mut story = Told::among(ConversationKind::Direct, &[ANN, BOB]);
    story.wants(BOB, keywords(&["soup"]));
    let all = format!("@channel soup <@{BOB}>");
    assert_eq!(story.says(ANN, &all), told(&[BOB], NotificationReason::Mention));
    assert_eq!(story.says(ANN, "soup"), told(&[BOB], NotificationReason::Keyword));
    assert_eq!(story.says(ANN, "bread"), told(&[BOB], NotificationReason::DirectMessage));
}

#[test]
fn what_holds_a_message_back_is_decided_at_its_own_position() {
    let mut story = channel();
    let muted = |muted| PreferenceEvent::ConversationMuted { conversation: CHANNEL, muted };
    story.wants(BOB, muted(true));
    assert_eq!(story.says(ANN, &mention(BOB)), [(BOB, NotificationReason::Mention, Some(HeldBackBy::Muted))]);
    story.wants(BOB, muted(false));
    assert_eq!(story.says(ANN, &mention(BOB)), told(&[BOB], NotificationReason::Mention));
    let far = Some(Timestamp::from_unix_ms(i64::MAX));
    story.wants(BOB, PreferenceEvent::DndChanged { until: far });
    assert_eq!(story.says(ANN, &mention(BOB))[0].2, Some(HeldBackBy::DoNotDisturb));
    story.wants(BOB, PreferenceEvent::DndChanged { until: None });
    let night = hours(&[range(&[Weekday::Monday], "22:00", "07:00")]);
    story.wants(BOB, PreferenceEvent::QuietHoursChanged { quiet_hours: Some(night) });
    assert_eq!(story.says(ANN, &mention(BOB))[0].2, Some(HeldBackBy::QuietHours));
    assert_eq!(story.says(ANN, "@channel").len(), 2, "each by her own wishes");
}

#[test]
fn settings_that_have_nothing_to_do_with_it_change_nothing() {
    let mut story = channel();
    story.wants(BOB, PreferenceEvent::ConversationStarred { conversation: CHANNEL, starred: true });
    story.wants(BOB, PreferenceEvent::SidebarChanged { sections: vec![("Work".to_owned(), vec![CHANNEL])] });
    assert_eq!(story.says(ANN, &mention(BOB)), told(&[BOB], NotificationReason::Mention));
}

#[test]
fn a_group_that_became_a_channel_is_one() {
    let mut story = Told::among(ConversationKind::Group, &[ANN, BOB, CID]);
    story.here(ConversationEvent::ConvertedToChannel { name: "cooking".to_owned() });
    assert_eq!(story.says(ANN, "hello"), []);
    assert_eq!(story.says(ANN, &mention(BOB)), told(&[BOB], NotificationReason::Mention));
}

#[test]
fn what_is_said_where_nothing_is_known_is_for_nobody() {
    let mut story = channel();
    let elsewhere = ConversationId::new(Uuid::from_u128(0xC9));
    let event = MessageEvent::MessagePosted {
        conversation: elsewhere,
        author: ANN,
        text: format!("<@{BOB}> @channel"),
        thread: None,
        files: vec![],
        in_channel: false,
        answers: None,
        forwards: None,
    };
    assert_eq!(story.fact(Fact::Message { message: ROOT, event }), []);
}

#[test]
fn many_are_decided_on_in_parts_that_are_always_the_same() {
    let people: Vec<UserId> = (0..2_500_u128).map(|n| UserId::new(Uuid::from_u128(0x1_0000 + n))).collect();
    let event = || Fact::Message {
        message: ROOT,
        event: MessageEvent::MessagePosted {
            conversation: CHANNEL,
            author: people[0],
            text: "@channel".to_owned(),
            thread: None,
            files: vec![],
            in_channel: false,
            answers: None,
            forwards: None,
        },
    };
    let (mut forwards, mut backwards) =
        (Told::among(ConversationKind::Channel, &[]), Told::among(ConversationKind::Channel, &[]));
    people.iter().for_each(|user| forwards.here(ConversationEvent::MemberJoined { user: *user }));
    people.iter().rev().for_each(|user| backwards.here(ConversationEvent::MemberJoined { user: *user }));
    let parts = forwards.fact(event());
    assert_eq!(parts, backwards.fact(event()));
    let sizes: Vec<usize> = parts.iter().map(|part| flat(std::slice::from_ref(part)).len()).collect();
    assert_eq!(sizes, [1_000, 1_000, 499]);
    assert_eq!(flat(&parts), told(&people[1..], NotificationReason::ChannelMention));
}
