//! The audience index: who belongs to which conversation at which position, folded from `conversation-` facts. Pure.
//! Facts may come twice, and in any order: what the index answers for a position depends only on the facts it has.

mod discretion;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use events::public::{PublicEvent, PublicFact};
use events::{ConversationEvent, ConversationId, Fact, Position, Recorded, UserId};

use self::discretion::Discretion;

/// One person's comings and goings in one conversation. Nearly everybody joins once and stays.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stays {
    Since(Position),
    Turns(Vec<Turn>),
}

/// A fact that concerned her, and whether she is a member after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    at: Position,
    member: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Conversation {
    founded: bool,
    people: HashMap<UserId, Stays>,
}

/// Somebody belongs to a conversation now who did not before. Whoever indexes online people wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
}

/// Who belongs where, and belonged when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudienceIndex {
    conversations: HashMap<ConversationId, Conversation>,
    of: HashMap<UserId, Vec<ConversationId>>,
    discretion: Discretion,
}

impl AudienceIndex {
    /// Takes a fact of any kind; those of other categories change nothing. Returns who is concerned as a member.
    pub fn fold(&mut self, fact: &Recorded<Fact>) -> Vec<Joined> {
        if let Fact::Inbox { user, event } = &fact.event {
            self.discretion.learn(*user, fact.position, event);
        }
        let Fact::Conversation { conversation, event } = &fact.event else { return Vec::new() };
        let (conversation, at) = (*conversation, fact.position);
        match event {
            ConversationEvent::ChannelCreated { creator, .. } => self.found_channel(conversation, at, *creator),
            ConversationEvent::GroupCreated { members, .. } | ConversationEvent::DirectOpened { members, .. } => {
                self.found(conversation, at, members)
            }
            ConversationEvent::MemberJoined { user } | ConversationEvent::MemberAdded { user, .. } => {
                self.joined(conversation, *user, at)
            }
            ConversationEvent::MemberLeft { user } | ConversationEvent::MemberRemoved { user, .. } => {
                self.left(conversation, *user, at)
            }
            ConversationEvent::Renamed { .. }
            | ConversationEvent::TopicChanged { .. }
            | ConversationEvent::DescriptionChanged { .. }
            | ConversationEvent::MadePrivate {}
            | ConversationEvent::Archived {}
            | ConversationEvent::Unarchived {}
            | ConversationEvent::PostingPolicySet { .. }
            | ConversationEvent::ReceiptsSet { .. }
            | ConversationEvent::ConvertedToChannel { .. } => Vec::new(),
        }
    }

    /// Takes the public form of a fact, which says the same to this index as the fact itself.
    pub fn fold_public(&mut self, fact: &PublicFact) -> Vec<Joined> {
        self.discretion.learn_public(fact.position, &fact.event);
        self.learn_public(fact.position, &fact.event)
    }

    fn learn_public(&mut self, at: Position, event: &PublicEvent) -> Vec<Joined> {
        match event {
            PublicEvent::ChannelCreated { conversation: card } => self.found_channel(card.id, at, card.created_by),
            PublicEvent::DirectOpened { conversation: card } | PublicEvent::GroupCreated { conversation: card } => {
                self.found(card.id, at, card.members.as_deref().unwrap_or_default())
            }
            PublicEvent::MemberJoined { conversation, user } => self.joined(*conversation, *user, at),
            PublicEvent::MemberLeft { conversation, user } => self.left(*conversation, *user, at),
            PublicEvent::MessagePosted { .. }
            | PublicEvent::MessageEdited { .. }
            | PublicEvent::MessageDeleted { .. }
            | PublicEvent::ReactionAdded { .. }
            | PublicEvent::ReactionRemoved { .. }
            | PublicEvent::MessagePinned { .. }
            | PublicEvent::MessageUnpinned { .. }
            | PublicEvent::ChannelRenamed { .. }
            | PublicEvent::TopicChanged { .. }
            | PublicEvent::DescriptionChanged { .. }
            | PublicEvent::MadePrivate { .. }
            | PublicEvent::ChannelArchived { .. }
            | PublicEvent::ChannelUnarchived { .. }
            | PublicEvent::PostingPolicySet { .. }
            | PublicEvent::ConvertedToChannel { .. }
            | PublicEvent::DefaultChannelChanged { .. }
            | PublicEvent::ConversationStarred { .. }
            | PublicEvent::ConversationMuted { .. }
            | PublicEvent::NotificationLevelSet { .. }
            | PublicEvent::SidebarChanged { .. }
            | PublicEvent::DndChanged { .. }
            | PublicEvent::QuietHoursChanged { .. }
            | PublicEvent::KeywordsChanged { .. }
            | PublicEvent::ReceiptsSet { .. }
            | PublicEvent::ReadReceiptsSet { .. }
            | PublicEvent::MarkedUnread { .. }
            | PublicEvent::AllReadUpTo { .. }
            | PublicEvent::DeliveredUpTo { .. }
            | PublicEvent::ReadUpTo { .. }
            | PublicEvent::ThreadFollowed { .. }
            | PublicEvent::ThreadUnfollowed { .. }
            | PublicEvent::ThreadReadUpTo { .. }
            | PublicEvent::ThreadMarkedUnread { .. }
            | PublicEvent::Notified { .. }
            | PublicEvent::ActivityReadUpTo { .. }
            | PublicEvent::ProfileCreated { .. }
            | PublicEvent::StatusChanged { .. }
            | PublicEvent::MessageSaved { .. }
            | PublicEvent::DraftSaved { .. }
            | PublicEvent::PresenceChanged { .. } => Vec::new(),
        }
    }

    /// Whether the index has the fact that founded this conversation, and so everybody in it from the start.
    #[must_use]
    pub fn knows(&self, conversation: ConversationId) -> bool {
        self.conversations.get(&conversation).is_some_and(|known| known.founded)
    }

    /// Whether she may get what happened there at this position: as a member, or because that very fact made her one
    /// or ended it.
    #[must_use]
    pub fn is_member_at(&self, conversation: ConversationId, user: UserId, position: Position) -> bool {
        let stays = self.conversations.get(&conversation).and_then(|known| known.people.get(&user));
        stays.is_some_and(|stays| stays.cover(position))
    }

    /// Whether she may get somebody's receipt of this position there: her own always, another's as a member, when both
    /// let others see theirs.
    #[must_use]
    pub fn is_told_of_receipts_at(&self, place: ConversationId, of: UserId, user: UserId, position: Position) -> bool {
        let open = |user| self.discretion.is_open_at(user, position);
        self.is_member_at(place, user, position) && (user == of || open(user) && open(of))
    }

    /// Whether she is a member after all that the index has seen.
    #[must_use]
    pub fn is_member_now(&self, conversation: ConversationId, user: UserId) -> bool {
        let stays = self.conversations.get(&conversation).and_then(|known| known.people.get(&user));
        stays.is_some_and(Stays::now)
    }

    /// Everybody who is a member now, in no order.
    pub fn members_now(&self, conversation: ConversationId) -> impl Iterator<Item = UserId> {
        let people = self.conversations.get(&conversation).into_iter().flat_map(|known| &known.people);
        people.filter(|(_, stays)| stays.now()).map(|(user, _)| *user)
    }

    /// Everywhere she is or ever was a member; [`Self::is_member_at`] tells which counts at a position.
    #[must_use]
    pub fn conversations_ever_of(&self, user: UserId) -> &[ConversationId] {
        self.of.get(&user).map_or(&[], Vec::as_slice)
    }

    /// Everywhere she is a member now.
    pub fn conversations_of(&self, user: UserId) -> impl Iterator<Item = ConversationId> {
        let ever = self.conversations_ever_of(user).iter().copied();
        ever.filter(move |conversation| self.is_member_now(*conversation, user))
    }

    /// A channel's creator sees it being created; she belongs to it from her own joining on.
    fn found_channel(&mut self, conversation: ConversationId, at: Position, creator: UserId) -> Vec<Joined> {
        self.conversations.entry(conversation).or_default().founded = true;
        self.turn(conversation, creator, Turn { at, member: false }).into_iter().collect()
    }

    fn found(&mut self, conversation: ConversationId, at: Position, members: &[UserId]) -> Vec<Joined> {
        self.conversations.entry(conversation).or_default().founded = true;
        members.iter().filter_map(|user| self.turn(conversation, *user, Turn { at, member: true })).collect()
    }

    fn joined(&mut self, conversation: ConversationId, user: UserId, at: Position) -> Vec<Joined> {
        self.turn(conversation, user, Turn { at, member: true }).into_iter().collect()
    }

    fn left(&mut self, conversation: ConversationId, user: UserId, at: Position) -> Vec<Joined> {
        self.turn(conversation, user, Turn { at, member: false });
        Vec::new()
    }

    /// `None` when this turn is known already.
    fn turn(&mut self, conversation: ConversationId, user: UserId, turn: Turn) -> Option<Joined> {
        let people = &mut self.conversations.entry(conversation).or_default().people;
        let fresh = match people.entry(user) {
            Entry::Occupied(mut stays) => stays.get_mut().add(turn),
            Entry::Vacant(place) => {
                place.insert(Stays::first(turn));
                self.of.entry(user).or_default().push(conversation);
                true
            }
        };
        fresh.then_some(Joined { conversation, user })
    }
}

impl Stays {
    fn first(turn: Turn) -> Self {
        if turn.member { Self::Since(turn.at) } else { Self::Turns(vec![turn]) }
    }

    fn add(&mut self, turn: Turn) -> bool {
        if let Self::Since(at) = *self {
            if at == turn.at {
                return false;
            }
            *self = Self::Turns(vec![Turn { at, member: true }]);
        }
        let Self::Turns(turns) = self else { return false };
        match turns.binary_search_by_key(&turn.at, |known| known.at) {
            Ok(_) => false,
            Err(place) => {
                turns.insert(place, turn);
                true
            }
        }
    }

    fn cover(&self, position: Position) -> bool {
        match self {
            Self::Since(at) => *at <= position,
            Self::Turns(turns) => match turns.binary_search_by_key(&position, |turn| turn.at) {
                Ok(_) => true,
                Err(0) => false,
                Err(after) => turns[after - 1].member,
            },
        }
    }

    fn now(&self) -> bool {
        match self {
            Self::Since(_) => true,
            Self::Turns(turns) => turns.last().is_some_and(|turn| turn.member),
        }
    }
}

#[cfg(test)]
#[path = "audience/specs.rs"]
mod specs;
