//! Histories for the laws: any facts over a few people, conversations and messages, so that they meet often.
//! They are wilder than the write side allows: edits before posts, leaving without having joined, answers to nobody.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    AccountEvent, ActivityEvent, ConversationEvent, ConversationId, Decision, DraftEvent, DraftPlace, Fact,
    FollowEvent, HeldBackBy, InboxEvent, MessageEvent, MessageId, Metadata, NotificationEvent, NotificationLevel,
    NotificationPart, NotificationReason, PinsEvent, Pointers, Position, PostingPolicy, PreferenceEvent, PresenceEvent,
    ProfileEvent, QuietHours, QuietRange, ReceiptEvent, Recorded, Role, SavedEvent, SavedState, StreamName, TimeOfDay,
    Timestamp, Told, UserId, Visibility, Weekday, WorkspaceEvent,
};
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) fn user(n: u128) -> UserId {
    UserId::new(Uuid::from_u128(n))
}

pub(crate) fn conversation(n: u128) -> ConversationId {
    ConversationId::new(Uuid::from_u128(100 + n))
}

pub(crate) fn message(n: u128) -> MessageId {
    MessageId::new(Uuid::from_u128(200 + n))
}

/// The facts one after another, at positions with gaps between them.
pub(crate) fn recorded(facts: impl IntoIterator<Item = Fact>) -> Vec<Recorded> {
    let numbered = (1_u32..).zip(facts);
    numbered.map(|(n, event)| at(u64::from(n) * 10, event)).collect()
}

fn at(position: u64, event: Fact) -> Recorded {
    let request = Uuid::from_u128(u128::from(position));
    Recorded {
        position: Position(position),
        revision: 0,
        at: Timestamp::from_unix_ms(i64::try_from(position).unwrap() * 1000),
        event_id: request,
        metadata: Metadata { actor: None, session: None, correlation_id: request, causation_id: request },
        stream: StreamName::stored("any-1"),
        event,
    }
}

/// Up to sixty facts of any kind that a view reads.
pub(crate) fn history() -> impl Strategy<Value = Vec<Recorded>> {
    prop::collection::vec(fact(), 0..60).prop_map(recorded)
}

/// Up to a hundred and fifty facts of what is counted for people, as the write side allows them.
pub(crate) fn talk() -> impl Strategy<Value = Vec<Recorded>> {
    let (user, place) = (|| (1..4_u128).prop_map(user), || (1..3_u128).prop_map(conversation));
    let one = || (1..40_u128).prop_map(message);
    let said = (one(), post(), any::<bool>()).prop_map(|(message, event, also)| Fact::Message {
        message,
        event: match event {
            MessageEvent::MessagePosted { conversation, author, text, thread, files, answers, forwards, .. } => {
                // One thread, so that much comes together in it.
                let (thread, in_channel) = (thread.map(|_| self::message(1)), also && thread.is_some());
                MessageEvent::MessagePosted { conversation, author, text, thread, files, in_channel, answers, forwards }
            }
            other => other,
        },
    });
    let fact = prop_oneof![
        8 => said,
        3 => (place(), settings()).prop_map(|(conversation, event)| Fact::Conversation { conversation, event }),
        4 => (user(), follow()).prop_map(|(user, event)| Fact::Follow { root: message(1), user, event }),
        2 => (place(), user(), receipt())
            .prop_map(|(conversation, user, event)| Fact::Receipt { conversation, user, event }),
        1 => (user(), inbox()).prop_map(|(user, event)| Fact::Inbox { user, event }),
        2 => (one(), part(), decided()).prop_map(|(message, part, event)| Fact::Notification { message, part, event }),
    ];
    let begun = (user(), place()).prop_map(|(author, conversation)| begun(conversation, author));
    (begun, prop::collection::vec(fact, 0..150))
        .prop_map(|(begun, facts)| recorded(allowed([vec![begun], facts].concat())))
}

/// Message 1, which others answer.
fn begun(conversation: ConversationId, author: UserId) -> Fact {
    let (text, files) = ("soup?".to_owned(), Vec::new());
    let (thread, in_channel, answers, forwards) = (None, false, None, None);
    let event =
        MessageEvent::MessagePosted { conversation, author, text, thread, files, in_channel, answers, forwards };
    Fact::Message { message: message(1), event }
}

/// What the write side would have let happen: nothing is said twice, nothing is done to what was never said or is gone,
/// and nothing reaches into another conversation.
fn allowed(facts: Vec<Fact>) -> Vec<Fact> {
    let (mut said, mut decided, mut belonged) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let mut allows = |fact: &Fact| match fact {
        Fact::Message { message, event } => is_said(&mut said, *message, event),
        Fact::Follow { root, event, .. } => said.get(root) == Some(&event.place_at(Position::START).conversation),
        Fact::Notification { message, part, event: NotificationEvent::NotificationsDecided { conversation, .. } } => {
            said.get(message) == Some(conversation) && decided.insert((*message, *part))
        }
        Fact::Conversation { conversation, event } => {
            let brought: &[UserId] = match event {
                ConversationEvent::GroupCreated { members, .. } | ConversationEvent::DirectOpened { members, .. } => {
                    members
                }
                ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. } => {
                    std::slice::from_ref(user)
                }
                _ => &[],
            };
            belonged.extend(brought.iter().map(|user| (*conversation, *user)));
            true
        }
        Fact::Receipt { conversation, user, .. } => belonged.contains(&(*conversation, *user)),
        _ => true,
    };
    facts.into_iter().filter(|fact| allows(fact)).collect()
}

/// Whether this can happen to a message; `said` knows where each one stands.
fn is_said(said: &mut BTreeMap<MessageId, ConversationId>, message: MessageId, event: &MessageEvent) -> bool {
    let stands_in = |place: &ConversationId| said.get(&message) == Some(place);
    match event {
        MessageEvent::MessagePosted { conversation, thread, .. } => {
            let heads_there = thread.is_none_or(|root| said.get(&root) == Some(conversation));
            let allowed = heads_there && !said.contains_key(&message);
            if allowed {
                said.insert(message, *conversation);
            }
            allowed
        }
        MessageEvent::MessageDeleted { conversation } => {
            let allowed = stands_in(conversation);
            // Nobody answers it, reacts to it or follows it any more.
            if allowed {
                said.insert(message, self::conversation(99));
            }
            allowed
        }
        MessageEvent::MessageEdited { conversation, .. }
        | MessageEvent::ReactionAdded { conversation, .. }
        | MessageEvent::ReactionRemoved { conversation, .. }
        | MessageEvent::MessagePinned { conversation, .. }
        | MessageEvent::MessageUnpinned { conversation, .. } => stands_in(conversation),
    }
}

fn fact() -> impl Strategy<Value = Fact> {
    let user = || (1..4_u128).prop_map(user);
    let conversation = || (1..3_u128).prop_map(conversation);
    prop_oneof![
        1 => (user(), account()).prop_map(|(user, event)| Fact::Account { user, event }),
        1 => (user(), profile()).prop_map(|(user, event)| Fact::Profile { user, event }),
        1 => (user(), presence()).prop_map(|(user, event)| Fact::Presence { user, event }),
        1 => conversation().prop_flat_map(workspace).prop_map(|event| Fact::Workspace { event }),
        2 => (user(), preference()).prop_map(|(user, event)| Fact::Preference { user, event }),
        3 => (conversation(), settings()).prop_map(|(conversation, event)| Fact::Conversation { conversation, event }),
        3 => ((1..6_u128).prop_map(message), post()).prop_map(|(message, event)| Fact::Message { message, event }),
        2 => ((1..6_u128).prop_map(message), user(), follow())
            .prop_map(|(root, user, event)| Fact::Follow { root, user, event }),
        2 => (user(), saving()).prop_map(|(user, event)| Fact::Saved { user, event }),
        2 => (user(), drafting()).prop_map(|(user, event)| Fact::Draft { user, event }),
        2 => ((1..6_u128).prop_map(message), part(), decided())
            .prop_map(|(message, part, event)| Fact::Notification { message, part, event }),
        1 => (user(), 0..600_u64).prop_map(|(user, read)| Fact::Activity {
            user,
            event: ActivityEvent::ActivityReadUpTo { read: Position(read) },
        }),
        1 => (conversation(), pin()).prop_map(|(conversation, event)| Fact::Pins { conversation, event }),
        1 => (user(), inbox()).prop_map(|(user, event)| Fact::Inbox { user, event }),
        1 => (conversation(), user(), receipt())
            .prop_map(|(conversation, user, event)| Fact::Receipt { conversation, user, event }),
    ]
}

fn workspace(channel: ConversationId) -> impl Strategy<Value = WorkspaceEvent> {
    prop_oneof![
        Just(WorkspaceEvent::WorkspaceFounded { owner: user(1) }),
        Just(WorkspaceEvent::DefaultChannelAdded { channel }),
        Just(WorkspaceEvent::DefaultChannelRemoved { channel }),
    ]
}

fn preference() -> impl Strategy<Value = PreferenceEvent> {
    let place = || (1..3_u128).prop_map(conversation);
    let levels = [NotificationLevel::All, NotificationLevel::Mentions, NotificationLevel::Nothing];
    let section = ("[a-z]{1,3}", prop::collection::vec(place(), 0..2));
    prop_oneof![
        (place(), any::<bool>())
            .prop_map(|(conversation, starred)| PreferenceEvent::ConversationStarred { conversation, starred }),
        (place(), any::<bool>())
            .prop_map(|(conversation, muted)| PreferenceEvent::ConversationMuted { conversation, muted }),
        (place(), prop::sample::select(levels.to_vec()))
            .prop_map(|(conversation, level)| PreferenceEvent::NotificationLevelSet { conversation, level }),
        prop::collection::vec(section, 0..3).prop_map(|sections| PreferenceEvent::SidebarChanged { sections }),
        any::<Option<u16>>().prop_map(|seconds| PreferenceEvent::DndChanged {
            until: seconds.map(|seconds| Timestamp::from_unix_ms(i64::from(seconds) * 1000)),
        }),
        any::<bool>().prop_map(|quiet| PreferenceEvent::QuietHoursChanged { quiet_hours: quiet.then(nights) }),
        prop::collection::vec("[a-z]{1,3}", 0..3).prop_map(|keywords| PreferenceEvent::KeywordsChanged { keywords }),
    ]
}

/// Every Friday from ten.
pub(crate) fn nights() -> QuietHours {
    let time = |minutes| TimeOfDay::from_minutes(minutes).unwrap();
    let friday = QuietRange { days: vec![Weekday::Friday], from: time(1_320), to: time(420) };
    QuietHours { time_zone: "Europe/Berlin".to_owned(), ranges: vec![friday] }
}

fn account() -> impl Strategy<Value = AccountEvent> {
    let email = prop::option::of("[a-z]{1,4}@x.org");
    prop_oneof![
        email.clone().prop_map(|email| AccountEvent::AccountRegistered { email, phone: None, role: Role::Owner }),
        email.prop_map(|email| AccountEvent::EmailChanged { email }),
        Just(AccountEvent::PhoneChanged { phone: Some("+4930123".to_owned()) }),
        Just(AccountEvent::RoleChanged { role: Role::Admin }),
        Just(AccountEvent::AccountDeactivated {}),
        Just(AccountEvent::AccountReactivated {}),
    ]
}

fn profile() -> impl Strategy<Value = ProfileEvent> {
    prop_oneof![
        "[A-Z][a-z]{1,5}".prop_map(|name| ProfileEvent::ProfileCreated { name }),
        "[A-Z][a-z]{1,5}".prop_map(|name| ProfileEvent::ProfileChanged {
            title: Some(format!("{name} at large")),
            name,
            display_name: None,
            pronouns: None,
            time_zone: None
        }),
        Just(ProfileEvent::AvatarChanged { file: None }),
        "[a-z]{0,3}".prop_map(|text| ProfileEvent::StatusSet { emoji: "🌴".to_owned(), text, until: None }),
        Just(ProfileEvent::StatusCleared {}),
    ]
}

fn presence() -> impl Strategy<Value = PresenceEvent> {
    prop_oneof![
        Just(PresenceEvent::CameOnline {}),
        Just(PresenceEvent::WentAway {}),
        Just(PresenceEvent::WentOffline {}),
        Just(PresenceEvent::DndCleared {}),
    ]
}

fn settings() -> impl Strategy<Value = ConversationEvent> {
    let one = || (1..4_u128).prop_map(user);
    let members = || prop::collection::vec((1..4_u128).prop_map(user), 1..4);
    prop_oneof![
        2 => (one(), any::<bool>()).prop_map(|(creator, public)| ConversationEvent::ChannelCreated {
            name: "lunch".to_owned(),
            visibility: if public { Visibility::Public } else { Visibility::Private },
            topic: None,
            description: None,
            creator,
        }),
        1 => (members(), one()).prop_map(|(members, creator)| ConversationEvent::DirectOpened { members, creator }),
        1 => (members(), one()).prop_map(|(members, creator)| ConversationEvent::GroupCreated { members, creator }),
        3 => one().prop_map(|user| ConversationEvent::MemberJoined { user }),
        3 => one().prop_map(|user| ConversationEvent::MemberLeft { user }),
        1 => (one(), one()).prop_map(|(user, by)| ConversationEvent::MemberAdded { user, by }),
        1 => (one(), one()).prop_map(|(user, by)| ConversationEvent::MemberRemoved { user, by }),
        1 => "[a-z]{1,5}".prop_map(|name| ConversationEvent::Renamed { name }),
        1 => Just(ConversationEvent::MadePrivate {}),
        1 => Just(ConversationEvent::Archived {}),
        1 => Just(ConversationEvent::Unarchived {}),
        1 => Just(ConversationEvent::PostingPolicySet { policy: PostingPolicy::Admins }),
        1 => Just(ConversationEvent::PostingPolicySet { policy: PostingPolicy::Everyone }),
        1 => any::<bool>().prop_map(|receipts| ConversationEvent::ReceiptsSet { receipts }),
        1 => "[a-z]{1,5}".prop_map(|name| ConversationEvent::ConvertedToChannel { name }),
        1 => prop::option::of("[a-z]{1,5}").prop_map(|topic| ConversationEvent::TopicChanged { topic }),
        1 => prop::option::of("[a-z]{1,5}")
            .prop_map(|description| ConversationEvent::DescriptionChanged { description }),
    ]
}

fn post() -> impl Strategy<Value = MessageEvent> {
    let place = || (1..3_u128).prop_map(conversation);
    let emoji = || prop_oneof![Just("👍".to_owned()), Just("🎉".to_owned())];
    let one = || (1..4_u128).prop_map(user);
    prop_oneof![
        3 => (place(), one(), ".{1,8}", prop::option::of((1..6_u128).prop_map(message)), prop::option::of(one())).prop_map(
            |(conversation, author, text, thread, answers)| MessageEvent::MessagePosted {
                conversation,
                author,
                text,
                thread,
                files: Vec::new(), in_channel: false, answers, forwards: None
            }
        ),
        1 => (place(), ".{1,8}").prop_map(|(conversation, text)| MessageEvent::MessageEdited { conversation, text, mentions: vec![] }),
        1 => place().prop_map(|conversation| MessageEvent::MessageDeleted { conversation }),
        1 => (place(), one(), emoji())
            .prop_map(|(conversation, user, emoji)| MessageEvent::ReactionAdded { conversation, user, emoji, author: Some(crate::histories::user(2)) }),
        1 => (place(), one(), emoji())
            .prop_map(|(conversation, user, emoji)| MessageEvent::ReactionRemoved { conversation, user, emoji }),
    ]
}

fn decided() -> impl Strategy<Value = NotificationEvent> {
    let reasons = [NotificationReason::Mention, NotificationReason::Keyword, NotificationReason::DirectMessage];
    let held = [None, Some(HeldBackBy::Muted)];
    let decision = (prop::sample::select(reasons.to_vec()), prop::sample::select(held.to_vec()), 1..4_u128);
    let decision =
        decision.prop_map(|(reason, held_back_by, one)| Decision { reason, held_back_by, users: vec![user(one)] });
    let decisions = prop::collection::vec(decision, 1..3);
    ((1..3_u128).prop_map(conversation), decisions)
        .prop_map(|(conversation, decisions)| NotificationEvent::NotificationsDecided { conversation, decisions })
}

fn follow() -> impl Strategy<Value = FollowEvent> {
    let (place, read) = (|| (1..3_u128).prop_map(conversation), || (0..600_u64).prop_map(Position));
    let marked = move || prop::option::of(read());
    prop_oneof![
        (place(), read(), marked()).prop_map(|(conversation, read, marked)| FollowEvent::ThreadFollowed {
            conversation,
            read,
            marked
        }),
        (place(), read()).prop_map(|(conversation, read)| FollowEvent::ThreadUnfollowed { conversation, read }),
        (place(), read(), any::<Option<bool>>(), marked()).prop_map(|(conversation, read, following, marked)| {
            FollowEvent::ThreadReadUpTo { conversation, read, following, marked }
        }),
        (place(), read(), any::<Option<bool>>()).prop_map(|(conversation, read, following)| {
            FollowEvent::ThreadMarkedUnread { conversation, read, following }
        }),
    ]
}

fn part() -> impl Strategy<Value = NotificationPart> {
    prop_oneof![(0..2_u32).prop_map(NotificationPart::Posted), (1..3_u64).prop_map(NotificationPart::Edited),]
}

fn saving() -> impl Strategy<Value = SavedEvent> {
    let states = [SavedState::InProgress, SavedState::Archived, SavedState::Completed];
    let at = prop::option::of((0..9_i64).prop_map(Timestamp::from_unix_ms));
    ((1..6_u128).prop_map(message), any::<bool>(), prop::sample::select(states.to_vec()), at).prop_map(
        |(message, saved, state, remind_at)| SavedEvent::MessageSaved {
            message,
            conversation: None,
            saved,
            state,
            remind_at,
        },
    )
}

fn drafting() -> impl Strategy<Value = DraftEvent> {
    let (place, thread) = ((1..3_u128).prop_map(conversation), prop::option::of((1..3_u128).prop_map(message)));
    (place, thread, ".{0,4}", any::<bool>()).prop_map(|(conversation, thread, text, saved)| match saved {
        true => DraftEvent::DraftSaved { conversation, thread, text },
        false => DraftEvent::DraftPlacesChanged { places: vec![DraftPlace { conversation, thread }] },
    })
}

fn pin() -> impl Strategy<Value = PinsEvent> {
    let (one, by) = (|| (1..6_u128).prop_map(message), || (1..4_u128).prop_map(user));
    prop_oneof![
        (one(), by()).prop_map(|(message, by)| PinsEvent::PinAdded { message, by }),
        (one(), by()).prop_map(|(message, by)| PinsEvent::PinRemoved { message, by }),
    ]
}

fn inbox() -> impl Strategy<Value = InboxEvent> {
    (any::<bool>(), any::<bool>(), 0..600_u64).prop_map(|(said, read_receipts, read)| {
        let read = Position(read);
        if said {
            InboxEvent::ReadReceiptsSet { read_receipts, read }
        } else {
            InboxEvent::AllReadUpTo { read_receipts, read }
        }
    })
}

fn receipt() -> impl Strategy<Value = ReceiptEvent> {
    let position = || (0..600_u64).prop_map(Position);
    let told = || (position(), position()).prop_map(|(delivered, read)| Told { delivered, read });
    let pointers = || {
        (position(), position(), told(), any::<bool>(), prop::option::of(position()))
            .prop_map(|(delivered, read, told, shared, marked)| Pointers { delivered, read, told, shared, marked })
    };
    prop_oneof![
        pointers().prop_map(ReceiptEvent::DeliveredUpTo),
        pointers().prop_map(ReceiptEvent::ReadUpTo),
        pointers().prop_map(ReceiptEvent::MarkedUnread),
    ]
}
