//! Who is to be told of a message: folded from the facts in the order of their positions, so that each message is
//! decided on by what everybody wanted, and where everybody belonged, at its own position. Kept in memory: it grows
//! with members, with what people prefer and with followers of threads, and never with messages.

use std::collections::{BTreeMap, HashMap, HashSet};

use events::public::ConversationKind;
use events::{
    ConversationEvent, ConversationId, Decision, Fact, HeldBackBy, MessageEvent, MessageId, NotificationEvent,
    NotificationPart, NotificationReason, PresenceEvent, Recorded, ThreadPlace, Timestamp, UserId,
};

use super::rules::held_back_by;
use super::wishes::Wishes;
use crate::message::SpokenTo;
use crate::preference::LocalTime;

/// Most people of one part of a decision.
const PART: usize = 1_000;

/// What is known of everybody's attention.
#[derive(Debug, Clone, Default)]
pub struct Attention {
    places: HashMap<ConversationId, Place>,
    active: HashSet<UserId>,
    followers: BTreeMap<(MessageId, UserId), Follower>,
    wishes: Wishes,
}

#[derive(Debug, Clone)]
struct Place {
    kind: ConversationKind,
    members: HashSet<UserId>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Follower {
    takes_part: bool,
    said: Option<bool>,
}

/// What a message says to whom.
struct Said<'a> {
    conversation: ConversationId,
    author: UserId,
    text: &'a str,
    thread: Option<MessageId>,
    /// Whether it stands in the conversation's own list.
    listed: bool,
}

impl Attention {
    /// Takes the next fact.
    pub fn fold(&mut self, fact: &Recorded) {
        match &fact.event {
            Fact::Conversation { conversation, event } => self.fold_place(*conversation, event),
            Fact::Presence { user, event } => self.fold_presence(*user, event),
            Fact::Follow { root, user, event } => self.fold_follow(*root, *user, event.place_at(fact.position)),
            Fact::Preference { user, event } => self.wishes.fold(*user, &fact.clone().map(|_| event.clone())),
            Fact::Message { event, .. } => self.fold_message(event),
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Pins { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => {}
        }
    }

    /// For a message that is for somebody, and an edit that mentions somebody anew, what is decided, in as many parts as
    /// it takes. The fact is the newest that was taken. `local` knows what the clocks of a time zone show.
    pub fn decide(
        &self,
        fact: &Recorded,
        local: impl Fn(&str, Timestamp) -> Option<LocalTime>,
    ) -> Vec<(NotificationPart, NotificationEvent)> {
        let Fact::Message { event, .. } = &fact.event else { return Vec::new() };
        match event {
            MessageEvent::MessagePosted { conversation, author, text, thread, in_channel, .. } => {
                let (conversation, author, thread) = (*conversation, *author, *thread);
                let said = Said { conversation, author, text, thread, listed: thread.is_none() || *in_channel };
                let decided = self.weigh(self.addressed(&said), conversation, fact.at, local);
                (0..).map(NotificationPart::Posted).zip(parts(conversation, decided)).collect()
            }
            MessageEvent::MessageEdited { conversation, mentions, .. } => {
                let decided = self.weigh(self.named(*conversation, mentions), *conversation, fact.at, local);
                // No text names more people than one part takes.
                [NotificationPart::Edited(fact.revision)].into_iter().zip(parts(*conversation, decided)).collect()
            }
            MessageEvent::MessageDeleted { .. }
            | MessageEvent::ReactionAdded { .. }
            | MessageEvent::ReactionRemoved { .. }
            | MessageEvent::MessagePinned { .. }
            | MessageEvent::MessageUnpinned { .. } => Vec::new(),
        }
    }

    fn fold_place(&mut self, conversation: ConversationId, event: &ConversationEvent) {
        let founded = |kind, members: &[UserId]| Place { kind, members: members.iter().copied().collect() };
        match event {
            ConversationEvent::ChannelCreated { .. } => {
                self.places.insert(conversation, founded(ConversationKind::Channel, &[]));
            }
            ConversationEvent::GroupCreated { members, .. } => {
                self.places.insert(conversation, founded(ConversationKind::Group, members));
            }
            ConversationEvent::DirectOpened { members, .. } => {
                self.places.insert(conversation, founded(ConversationKind::Direct, members));
            }
            ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. } => {
                self.place(conversation, |place| _ = place.members.insert(*user));
            }
            ConversationEvent::MemberLeft { user } | ConversationEvent::MemberRemoved { user, .. } => {
                self.place(conversation, |place| _ = place.members.remove(user));
            }
            ConversationEvent::ConvertedToChannel { .. } => {
                self.place(conversation, |place| place.kind = ConversationKind::Channel);
            }
            ConversationEvent::Renamed { .. }
            | ConversationEvent::TopicChanged { .. }
            | ConversationEvent::DescriptionChanged { .. }
            | ConversationEvent::MadePrivate {}
            | ConversationEvent::Archived {}
            | ConversationEvent::Unarchived {}
            | ConversationEvent::ReceiptsSet { .. }
            | ConversationEvent::PostingPolicySet { .. } => {}
        }
    }

    fn place(&mut self, conversation: ConversationId, change: impl FnOnce(&mut Place)) {
        if let Some(place) = self.places.get_mut(&conversation) {
            change(place);
        }
    }

    fn fold_presence(&mut self, user: UserId, event: &PresenceEvent) {
        match event {
            PresenceEvent::CameOnline {} => _ = self.active.insert(user),
            PresenceEvent::WentAway {} | PresenceEvent::WentOffline {} => _ = self.active.remove(&user),
            PresenceEvent::DndSet { .. } | PresenceEvent::DndCleared {} => {}
        }
    }

    fn fold_follow(&mut self, root: MessageId, user: UserId, place: ThreadPlace) {
        self.followers.entry((root, user)).or_default().said = place.following;
    }

    fn fold_message(&mut self, event: &MessageEvent) {
        if let MessageEvent::MessagePosted { author, thread: Some(root), answers, .. } = event {
            for user in [Some(*author), *answers].into_iter().flatten() {
                self.followers.entry((*root, user)).or_default().takes_part = true;
            }
        }
    }

    /// The decision about everybody whom a message is for, by person.
    fn weigh(
        &self,
        addressed: BTreeMap<UserId, NotificationReason>,
        conversation: ConversationId,
        at: Timestamp,
        local: impl Fn(&str, Timestamp) -> Option<LocalTime>,
    ) -> BTreeMap<UserId, (NotificationReason, Option<HeldBackBy>)> {
        let decided = addressed.into_iter().map(|(user, reason)| {
            let wishes = self.wishes.of(user);
            let held = wishes.and_then(|wishes| held_back_by(reason, wishes, conversation, at, &local));
            (user, (reason, held))
        });
        decided.collect()
    }

    /// Those of these who are members, each of them mentioned.
    fn named(&self, conversation: ConversationId, users: &[UserId]) -> BTreeMap<UserId, NotificationReason> {
        let Some(place) = self.places.get(&conversation) else { return BTreeMap::new() };
        let members = users.iter().filter(|user| place.members.contains(user));
        members.map(|user| (*user, NotificationReason::Mention)).collect()
    }

    /// Whom the message is for, with the strongest reason: members only, and never its author.
    fn addressed(&self, said: &Said<'_>) -> BTreeMap<UserId, NotificationReason> {
        let Some(place) = self.places.get(&said.conversation) else { return BTreeMap::new() };
        let mut addressed = BTreeMap::new();
        let mut address = |users: &mut dyn Iterator<Item = UserId>, reason: NotificationReason| {
            for user in users.filter(|user| *user != said.author && place.members.contains(user)) {
                addressed.entry(user).and_modify(|known| *known = reason.min(*known)).or_insert(reason);
            }
        };
        let spoken_to = SpokenTo::of(said.text);
        address(&mut spoken_to.users.iter().copied(), NotificationReason::Mention);
        // In a thread alone, the many would be called to where they are not.
        if said.listed && spoken_to.channel {
            address(&mut place.members.iter().copied(), NotificationReason::ChannelMention);
        }
        if said.listed && spoken_to.here {
            let active = place.members.intersection(&self.active);
            address(&mut active.copied(), NotificationReason::HereMention);
        }
        address(&mut self.wishes.keywords_in(said.text).into_iter(), NotificationReason::Keyword);
        if let Some(root) = said.thread {
            address(&mut self.followers_of(root), NotificationReason::ThreadReply);
        }
        match place.kind {
            ConversationKind::Direct => {
                address(&mut place.members.iter().copied(), NotificationReason::DirectMessage);
            }
            ConversationKind::Group => address(&mut place.members.iter().copied(), NotificationReason::GroupMessage),
            ConversationKind::Channel if said.listed => {
                address(&mut self.wishes.all(said.conversation), NotificationReason::AllMessages);
            }
            ConversationKind::Channel => {}
        }
        addressed
    }

    fn followers_of(&self, root: MessageId) -> impl Iterator<Item = UserId> {
        let (least, most) = (UserId::new(uuid::Uuid::nil()), UserId::new(uuid::Uuid::max()));
        let followers = self.followers.range((root, least)..=(root, most));
        followers.filter(|(_, follower)| follower.said.unwrap_or(follower.takes_part)).map(|((_, user), _)| *user)
    }
}

/// The same decisions are always cut into the same parts: each part is written once, whoever writes it.
fn parts(
    conversation: ConversationId,
    decided: BTreeMap<UserId, (NotificationReason, Option<HeldBackBy>)>,
) -> Vec<NotificationEvent> {
    let decided: Vec<_> = decided.into_iter().collect();
    let part = |people: &[(UserId, (NotificationReason, Option<HeldBackBy>))]| {
        let mut alike: BTreeMap<_, Vec<UserId>> = BTreeMap::new();
        people.iter().for_each(|(user, decision)| alike.entry(*decision).or_default().push(*user));
        let decision = |((reason, held_back_by), users)| Decision { reason, held_back_by, users };
        NotificationEvent::NotificationsDecided { conversation, decisions: alike.into_iter().map(decision).collect() }
    };
    decided.chunks(PART).map(part).collect()
}

#[cfg(test)]
#[path = "attention_specs.rs"]
mod specs;
