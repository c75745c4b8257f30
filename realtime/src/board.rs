//! The switchboard of a node: which sockets are open, whom they belong to, and where each fact goes. Facts are put in
//! in the order of their positions; every socket gets those that are for it, each once.

mod seats;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use axum::extract::ws::Utf8Bytes;
use events::public::{Audience, PresenceState, PublicFact};
use events::{ConversationId, Fact, MessageId, Position, Recorded, SessionId, UserId};
use read_model::audience::{AudienceIndex, Joined};
use read_model::presence::PresenceIndex;

use self::seats::Seats;
pub(crate) use self::seats::{Seat, SocketId};
use crate::entry::Entry;
use crate::mailbox::Mailbox;
use crate::protocol::{ServerFrame, write};
use crate::ring::Ring;
use crate::session::{Input, Moment};

/// How many facts are kept for sockets that come back.
const RING_FACTS: usize = 20_000;
/// How many bytes of them.
const RING_BYTES: usize = 32 * 1024 * 1024;
/// How many facts are handed to a returning socket at a time.
const STRIDE: usize = 256;
/// How long a revoked session's access token may still look valid, ms.
const REVOCATION_LASTS: u64 = 20 * 60 * 1_000;

/// The switchboard. Locks are taken in the order of the fields.
pub(crate) struct Board {
    audience: RwLock<AudienceIndex>,
    presence: RwLock<PresenceIndex>,
    floor: Mutex<Floor>,
}

struct Floor {
    seats: Seats,
    ring: Ring,
    delivered: Position,
}

/// What a returning socket gets next.
pub(crate) enum Step {
    /// These, and then ask again after the position.
    More(Vec<(Position, Utf8Bytes)>, Position),
    /// These, and the socket is live: what follows comes by itself.
    Live(Vec<(Position, Utf8Bytes)>),
    /// The facts after its position are no longer here.
    Gone,
}

impl Board {
    /// A board on which nothing has been delivered.
    pub(crate) fn new() -> Self {
        let ring = Ring::after(Position::START, RING_FACTS, RING_BYTES);
        let floor = Floor { seats: Seats::default(), ring, delivered: Position::START };
        Self { audience: RwLock::default(), presence: RwLock::default(), floor: Mutex::new(floor) }
    }

    /// Begins delivering after a position.
    pub(crate) fn begin(&self, at: Position) {
        let mut floor = self.floor();
        floor.delivered = at;
        floor.ring.restart(at);
    }

    /// The newest position that has been delivered.
    pub(crate) fn delivered(&self) -> Position {
        self.floor().delivered
    }

    /// What the index of members says right now.
    pub(crate) fn audience(&self) -> RwLockReadGuard<'_, AudienceIndex> {
        self.audience.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How everybody is right now.
    pub(crate) fn presence(&self) -> RwLockReadGuard<'_, PresenceIndex> {
        self.presence.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a fact into the indexes; may run ahead of delivery.
    pub(crate) fn learn(&self, fact: &Recorded<Fact>) {
        match &fact.event {
            Fact::Presence { .. } => self.learn_presence(fact),
            _ => self.learn_members(|index| index.fold(fact)),
        }
    }

    /// As [`Board::learn`], from a fact's public form.
    pub(crate) fn learn_public(&self, fact: &PublicFact) {
        self.learn_members(|index| index.fold_public(fact));
    }

    /// The index and the seats change together: else a fact could pass between a joining and its seat.
    fn learn_members(&self, fold: impl FnOnce(&mut AudienceIndex) -> Vec<Joined>) {
        let mut index = self.audience.write().unwrap_or_else(PoisonError::into_inner);
        let joined = fold(&mut index);
        if !joined.is_empty() {
            self.floor().seats.admit(&joined);
        }
    }

    fn learn_presence(&self, fact: &Recorded<Fact>) {
        let mut index = self.presence.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((user, state)) = index.fold(fact) {
            let frame = Input::Forward(write(&ServerFrame::Presence { user, state }).into());
            self.floor().seats.tell_watchers(user, &frame);
        }
    }

    /// Delivers the next fact to everybody it is for; older ones than the newest are dropped. Returns to how many.
    pub(crate) fn deliver(&self, entry: Entry) -> usize {
        let index = self.audience();
        let mut floor = self.floor();
        if entry.position <= floor.delivered {
            return 0;
        }
        floor.delivered = entry.position;
        let told = floor.seats.tell(&entry, &index);
        floor.ring.push(entry);
        told
    }

    /// The mailboxes with facts that have not left: whoever delivers flushes them.
    pub(crate) fn called(&self) -> Vec<Arc<Mailbox>> {
        std::mem::take(&mut self.floor().seats.called)
    }

    /// Notes that nothing up to a position is missing.
    pub(crate) fn pass(&self, position: Position) {
        let mut floor = self.floor();
        floor.delivered = floor.delivered.max(position);
    }

    /// The ring, for as long as the closure runs.
    pub(crate) fn ring<T>(&self, look: impl FnOnce(&mut Ring, Position) -> T) -> T {
        let floor = &mut *self.floor();
        look(&mut floor.ring, floor.delivered)
    }

    /// Opens a seat for a socket that has not said who it is.
    pub(crate) fn open(&self, mailbox: Arc<Mailbox>) -> SocketId {
        self.floor().seats.open(mailbox)
    }

    /// Notes whose socket it is. False when the session was revoked a moment ago.
    pub(crate) fn identify(&self, socket: SocketId, seat: Seat) -> bool {
        self.floor().seats.identify(socket, seat)
    }

    /// The next facts for a returning socket; when there are no more, it is live in the same moment.
    pub(crate) fn step(&self, socket: SocketId, after: Position) -> Step {
        let index = self.audience();
        let floor = &mut *self.floor();
        let Some(user) = floor.seats.user(socket) else { return Step::Gone };
        let Some(missed) = floor.ring.since(after) else { return Step::Gone };
        let live = missed.len() <= STRIDE;
        let stride: Vec<&Entry> = missed.take(STRIDE).collect();
        let reached = stride.last().map_or(after, |entry| entry.position);
        let hers = stride.into_iter().filter(|entry| is_for(entry, user, &index));
        let frames = hers.map(|entry| (entry.position, entry.frame.clone())).collect();
        if live {
            floor.seats.sit(socket, &index);
            Step::Live(frames)
        } else {
            Step::More(frames, reached)
        }
    }

    /// Tells a socket how far delivery is, behind everything that is on its way to it.
    pub(crate) fn reached(&self, mailbox: &Mailbox) {
        let floor = self.floor();
        mailbox.put(Input::Reached(floor.delivered));
    }

    /// Sets whom a socket watches, and tells it how they are.
    pub(crate) fn watch(&self, socket: SocketId, users: Vec<UserId>) {
        let index = self.presence();
        let states: Vec<(UserId, PresenceState)> = users.iter().map(|user| (*user, index.state(*user))).collect();
        let mut floor = self.floor();
        let Some(mailbox) = floor.seats.watch(socket, users) else { return };
        for (user, state) in states {
            mailbox.put(Input::Forward(write(&ServerFrame::Presence { user, state }).into()));
        }
    }

    /// Tells the members of a conversation who are online here that somebody is typing, but not herself.
    pub(crate) fn typing(&self, conversation: ConversationId, user: UserId, thread: Option<MessageId>) {
        let frame = Input::Forward(write(&ServerFrame::Typing { conversation, user, thread }).into());
        let index = self.audience();
        self.floor().seats.tell_members_now(conversation, user, &frame, &index);
    }

    /// Closes a socket's seat.
    pub(crate) fn close(&self, socket: SocketId) {
        let index = self.audience();
        self.floor().seats.close(socket, &index);
    }

    /// Ends every socket of a session, also of one that is about to say who it is.
    pub(crate) fn revoke(&self, session: SessionId, now: Moment) {
        self.floor().seats.revoke(session, now, REVOCATION_LASTS);
    }

    /// Ends every socket, those that have not said who they are included.
    pub(crate) fn end_all(&self, last: impl FnMut() -> Input) {
        self.floor().seats.end_all(last);
    }

    fn floor(&self) -> MutexGuard<'_, Floor> {
        self.floor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a fact is for her: the one rule of delivery, live and in resume.
fn is_for(entry: &Entry, user: UserId, index: &AudienceIndex) -> bool {
    match &entry.audience {
        Audience::Conversation(conversation) => index.is_member_at(*conversation, user, entry.position),
        Audience::Members { conversation, users } => {
            users.binary_search(&user).is_ok() && index.is_member_at(*conversation, user, entry.position)
        }
        Audience::Receipts { conversation, of } => {
            index.is_told_of_receipts_at(*conversation, *of, user, entry.position)
        }
        Audience::User(one) => *one == user,
        Audience::Everyone => true,
        Audience::Watchers(_) => false,
    }
}
