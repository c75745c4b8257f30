//! A recount: what one person's slice of a conversation comes to, counted from the facts that it is made of. It is no
//! view and uses nothing of theirs. A view goes from fact to fact and keeps what it has made so far; a recount has all
//! facts before it, and says what they amount to. So a mistake in the one is not the other's.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    ConversationEvent, ConversationId, Fact, FollowEvent, InboxEvent, MessageEvent, MessageId, NotificationEvent,
    NotificationReason, Pointers, Position, Recorded, UserId,
};

/// What is unread is counted so far.
const UNREAD_AT_MOST: usize = 100;

/// One person's slice of a conversation: what was said there after a position, what became of it, and her place in it.
/// What became of a message stands after the message; so a slice is whole wherever it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Whose.
    pub user: UserId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Messages up to this position do not belong to it.
    pub after: Position,
}

/// What a slice comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whether she is in the conversation.
    pub is_member: bool,
    /// How far she has read it.
    pub read_position: Position,
    /// How many messages of others are new to her, counted to 100 at most.
    pub unread: usize,
    /// How many messages speak to her, by name or as one of many.
    pub mentions: usize,
    /// The messages.
    pub messages: BTreeMap<MessageId, MessageTally>,
    /// The threads that she follows, with how many answers of others are new to her, counted to 100 at most.
    pub threads: BTreeMap<MessageId, usize>,
}

/// What one message comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MessageTally {
    /// Whether it was not deleted.
    pub stands: bool,
    /// How many answers were given to it, deleted ones among them.
    pub replies: usize,
    /// How many reactions it carries.
    pub reactions: usize,
}

/// A message of the slice.
#[derive(Debug, Clone, Copy)]
struct Said {
    at: Position,
    author: UserId,
    listed: bool,
}

/// The facts of a slice, sorted by what they are about.
#[derive(Debug, Default)]
struct Sorted<'a> {
    said: BTreeMap<MessageId, Said>,
    /// What was answered, by what.
    answers: BTreeMap<MessageId, Vec<MessageId>>,
    deleted: BTreeSet<MessageId>,
    /// Who reacted with what, and whether she still does.
    reactions: BTreeMap<MessageId, BTreeMap<(UserId, &'a str), bool>>,
    /// Messages that speak to her.
    mentions: BTreeSet<MessageId>,
    /// Where she, or somebody to her, answered in a thread, and whether it was she.
    part: BTreeMap<MessageId, Vec<(Position, bool)>>,
    /// What she said about threads.
    places: BTreeMap<MessageId, Vec<(Position, &'a FollowEvent)>>,
    came: Vec<Position>,
    went: Vec<Position>,
    pointers: Pointers,
    all_read: Position,
}

impl Slice {
    /// Whether a fact may belong to it.
    #[must_use]
    pub fn concerns(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Conversation { conversation, .. } => *conversation == self.conversation,
            Fact::Receipt { conversation, user, .. } => (*conversation, *user) == (self.conversation, self.user),
            Fact::Inbox { user, .. } => *user == self.user,
            Fact::Message { event, .. } => stands_in(event) == self.conversation,
            Fact::Follow { user, event, .. } => {
                (event.place_at(Position::START).conversation, *user) == (self.conversation, self.user)
            }
            Fact::Notification { event: NotificationEvent::NotificationsDecided { conversation, .. }, .. } => {
                *conversation == self.conversation
            }
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => false,
        }
    }

    /// Counts it from facts in the order of their positions; those that do not concern it change nothing.
    #[must_use]
    pub fn recount(&self, facts: &[Recorded]) -> Tally {
        let mut sorted = Sorted::default();
        facts.iter().filter(|fact| self.concerns(&fact.event)).for_each(|fact| self.sort(&mut sorted, fact));
        let (unread, read_position) = sorted.unread(self);
        let stands = |id: &&MessageId| sorted.said.contains_key(id) && !sorted.deleted.contains(id);
        Tally {
            is_member: sorted.stay().is_some(),
            read_position,
            unread,
            mentions: sorted.mentions.iter().filter(stands).count(),
            messages: sorted.said.keys().map(|id| (*id, sorted.message(*id))).collect(),
            threads: sorted.said.keys().filter_map(|id| Some((*id, sorted.thread(*id, self.user)?))).collect(),
        }
    }

    fn sort<'a>(&self, sorted: &mut Sorted<'a>, fact: &'a Recorded) {
        let at = fact.position;
        match &fact.event {
            Fact::Conversation { event, .. } => self.sort_stay(sorted, at, event),
            Fact::Receipt { event, .. } => sorted.pointers = event.pointers_at(at),
            Fact::Inbox { event, .. } => {
                let (InboxEvent::ReadReceiptsSet { read, .. } | InboxEvent::AllReadUpTo { read, .. }) = event;
                sorted.all_read = *read;
            }
            Fact::Message { message, event } => self.sort_message(sorted, at, *message, event),
            Fact::Follow { root, event, .. } => sorted.places.entry(*root).or_default().push((at, event)),
            Fact::Notification { message, event, .. } => {
                let NotificationEvent::NotificationsDecided { decisions, .. } = event;
                let to_her = |users: &[UserId]| users.contains(&self.user);
                if decisions.iter().any(|decided| is_mention(decided.reason) && to_her(&decided.users)) {
                    sorted.mentions.insert(*message);
                }
            }
            Fact::Account { .. }
            | Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Profile { .. }
            | Fact::Presence { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => {}
        }
    }

    fn sort_stay(&self, sorted: &mut Sorted<'_>, at: Position, event: &ConversationEvent) {
        match event {
            ConversationEvent::GroupCreated { members, .. } | ConversationEvent::DirectOpened { members, .. }
                if members.contains(&self.user) =>
            {
                sorted.came.push(at);
            }
            ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. }
                if *user == self.user =>
            {
                sorted.came.push(at);
            }
            ConversationEvent::MemberLeft { user } | ConversationEvent::MemberRemoved { user, .. }
                if *user == self.user =>
            {
                sorted.went.push(at);
            }
            ConversationEvent::GroupCreated { .. }
            | ConversationEvent::DirectOpened { .. }
            | ConversationEvent::MemberJoined { .. }
            | ConversationEvent::MemberAdded { .. }
            | ConversationEvent::MemberLeft { .. }
            | ConversationEvent::MemberRemoved { .. }
            | ConversationEvent::ChannelCreated { .. }
            | ConversationEvent::Renamed { .. }
            | ConversationEvent::TopicChanged { .. }
            | ConversationEvent::DescriptionChanged { .. }
            | ConversationEvent::MadePrivate {}
            | ConversationEvent::Archived {}
            | ConversationEvent::Unarchived {}
            | ConversationEvent::PostingPolicySet { .. }
            | ConversationEvent::ReceiptsSet { .. }
            | ConversationEvent::ConvertedToChannel { .. } => {}
        }
    }

    fn sort_message<'a>(&self, sorted: &mut Sorted<'a>, at: Position, id: MessageId, event: &'a MessageEvent) {
        match event {
            MessageEvent::MessagePosted { author, thread, in_channel, answers, .. } if at > self.after => {
                let (author, listed) = (*author, thread.is_none() || *in_channel);
                sorted.said.insert(id, Said { at, author, listed });
                let (hers, to_her) = (author == self.user, *answers == Some(self.user));
                if let Some(root) = *thread {
                    sorted.answers.entry(root).or_default().push(id);
                    if hers || to_her {
                        sorted.part.entry(root).or_default().push((at, hers));
                    }
                }
            }
            MessageEvent::MessageDeleted { .. } => drop(sorted.deleted.insert(id)),
            MessageEvent::ReactionAdded { user, emoji, .. } => {
                sorted.reactions.entry(id).or_default().insert((*user, emoji), true);
            }
            MessageEvent::ReactionRemoved { user, emoji, .. } => {
                sorted.reactions.entry(id).or_default().insert((*user, emoji), false);
            }
            MessageEvent::MessagePosted { .. }
            | MessageEvent::MessageEdited { .. }
            | MessageEvent::MessagePinned { .. }
            | MessageEvent::MessageUnpinned { .. } => {}
        }
    }
}

impl Sorted<'_> {
    /// Where her present stay began: at her first coming after her last going.
    fn stay(&self) -> Option<Position> {
        let went = self.went.last();
        self.came.iter().find(|came| went.is_none_or(|went| *came > went)).copied()
    }

    /// What is new to her in the conversation's list, and how far she has read it.
    fn unread(&self, slice: &Slice) -> (usize, Position) {
        let Pointers { read, marked, .. } = self.pointers;
        let read = self.with_all_read(read, marked);
        let read = if self.came.is_empty() { Position::START } else { read };
        let listed = self.said.iter().filter(|(_, said)| said.listed).map(|(id, _)| id);
        let new = self.stay().map_or(0, |joined| self.new_to(slice.user, joined.max(read), listed));
        (new, read)
    }

    /// How far she has read, with what she read by reading everything; what she marked unread after that stays so.
    fn with_all_read(&self, read: Position, marked: Option<Position>) -> Position {
        if marked.is_some_and(|marked| marked > self.all_read) { read } else { read.max(self.all_read) }
    }

    /// How many of these messages stand after a position and are of others.
    fn new_to<'i>(&self, user: UserId, after: Position, of: impl Iterator<Item = &'i MessageId>) -> usize {
        let standing = of.filter(|id| !self.deleted.contains(id)).filter_map(|id| self.said.get(id));
        standing.filter(|said| said.at > after && said.author != user).count().min(UNREAD_AT_MOST)
    }

    fn message(&self, id: MessageId) -> MessageTally {
        let stands = !self.deleted.contains(&id);
        let replies = self.answers.get(&id).map_or(0, Vec::len);
        let reactions = self.reactions.get(&id).filter(|_| stands);
        MessageTally {
            stands,
            replies,
            reactions: reactions.into_iter().flatten().filter(|(_, there)| **there).count(),
        }
    }

    /// What is new to her in a thread, if she follows it.
    fn thread(&self, root: MessageId, user: UserId) -> Option<usize> {
        let answers = self.answers.get(&root).into_iter().flatten();
        self.follows(root, Position(u64::MAX)).then(|| self.new_to(user, self.read_in(root), answers))
    }

    /// Whether she followed a thread before a position: as she said last, else because she took part.
    fn follows(&self, root: MessageId, before: Position) -> bool {
        let said = self.places.get(&root).into_iter().flatten().rfind(|(at, _)| *at < before);
        let took_part = || self.part.get(&root).into_iter().flatten().any(|(at, _)| *at < before);
        said.and_then(|(at, event)| event.place_at(*at).following).unwrap_or_else(took_part)
    }

    /// How far she has read a thread: as she said since she last marked something in it, or began to follow it, which is to
    /// have read what stands there; before that, up to where she came into it as well.
    fn read_in(&self, root: MessageId) -> Position {
        let places = self.places.get(&root).map(Vec::as_slice).unwrap_or_default();
        let mark = |n: usize| places.get(n).and_then(|(at, event)| event.place_at(*at).marked);
        let marks = |n: usize| mark(n).is_some() && mark(n) != n.checked_sub(1).and_then(mark);
        let begins = |n: usize| {
            let (at, event) = places[n];
            let follows = matches!(event, FollowEvent::ThreadFollowed { .. });
            follows && mark(n).is_none() && !self.follows(root, at)
        };
        let anew = (0..places.len()).rfind(|n| marks(*n) || begins(*n));
        let said = (anew.unwrap_or(0)..places.len()).map(|n| {
            let (at, event) = places[n];
            if begins(n) { at } else { event.place_at(at).read }
        });
        let came = self.came_by_answering(root).filter(|_| anew.is_none());
        let read = said.chain(came).max().unwrap_or_default();
        self.with_all_read(read, places.len().checked_sub(1).and_then(mark))
    }

    /// Where she came into a thread, if it was by answering in it before she said anything about it.
    fn came_by_answering(&self, root: MessageId) -> Option<Position> {
        let said = self.places.get(&root).into_iter().flatten().map(|(at, _)| *at).next();
        let (at, hers) = self.part.get(&root)?.first()?;
        (*hers && said.is_none_or(|said| *at < said)).then_some(*at)
    }
}

/// The conversation that a message's fact names.
const fn stands_in(event: &MessageEvent) -> ConversationId {
    match event {
        MessageEvent::MessagePosted { conversation, .. }
        | MessageEvent::MessageEdited { conversation, .. }
        | MessageEvent::MessageDeleted { conversation }
        | MessageEvent::ReactionAdded { conversation, .. }
        | MessageEvent::ReactionRemoved { conversation, .. }
        | MessageEvent::MessagePinned { conversation, .. }
        | MessageEvent::MessageUnpinned { conversation, .. } => *conversation,
    }
}

/// Whether a message speaks to people, by name or as some of many.
const fn is_mention(reason: NotificationReason) -> bool {
    match reason {
        NotificationReason::Mention | NotificationReason::ChannelMention | NotificationReason::HereMention => true,
        NotificationReason::Keyword
        | NotificationReason::ThreadReply
        | NotificationReason::DirectMessage
        | NotificationReason::GroupMessage
        | NotificationReason::AllMessages => false,
    }
}
