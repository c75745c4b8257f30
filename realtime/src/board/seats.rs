//! Who sits where: sockets by person, present people by conversation, watchers by whom they watch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use events::public::Audience;
use events::{ConversationId, SessionId, UserId};
use read_model::audience::{AudienceIndex, Joined};

use super::is_for;
use crate::entry::Entry;
use crate::mailbox::{Brought, Mailbox};
use crate::session::{Input, Moment};

/// One socket of this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SocketId(u64);

#[cfg(test)]
impl SocketId {
    pub(crate) fn of(number: u64) -> Self {
        Self(number)
    }
}

/// Whose socket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

#[derive(Debug)]
struct Socket {
    mailbox: Arc<Mailbox>,
    seat: Option<Seat>,
    watched: Box<[UserId]>,
}

/// All seats of a node.
#[derive(Debug, Default)]
pub(super) struct Seats {
    sockets: HashMap<SocketId, Socket>,
    next: u64,
    /// Live sockets.
    people: HashMap<UserId, Vec<(SocketId, Arc<Mailbox>)>>,
    /// Everybody present who is or lately was a member; whether she was at a position, the index says.
    rooms: HashMap<ConversationId, HashSet<UserId>>,
    watchers: HashMap<UserId, Vec<SocketId>>,
    revoked: HashMap<SessionId, Moment>,
    /// Mailboxes with facts that have not left.
    pub(super) called: Vec<Arc<Mailbox>>,
}

impl Seats {
    pub(super) fn open(&mut self, mailbox: Arc<Mailbox>) -> SocketId {
        self.next += 1;
        let socket = SocketId(self.next);
        self.sockets.insert(socket, Socket { mailbox, seat: None, watched: Box::default() });
        metrics::gauge!("confab_realtime_sockets").increment(1);
        socket
    }

    pub(super) fn identify(&mut self, socket: SocketId, seat: Seat) -> bool {
        if let Some(known) = self.sockets.get_mut(&socket) {
            known.seat = Some(seat);
        }
        !self.revoked.contains_key(&seat.session)
    }

    pub(super) fn user(&self, socket: SocketId) -> Option<UserId> {
        Some(self.sockets.get(&socket)?.seat?.user)
    }

    /// From now on facts come to this socket by themselves.
    pub(super) fn sit(&mut self, socket: SocketId, index: &AudienceIndex) {
        let Some(Socket { mailbox, seat: Some(seat), .. }) = self.sockets.get(&socket) else { return };
        let hers = self.people.entry(seat.user).or_default();
        if hers.is_empty() {
            for conversation in index.conversations_ever_of(seat.user) {
                self.rooms.entry(*conversation).or_default().insert(seat.user);
            }
        }
        if hers.iter().all(|(known, _)| *known != socket) {
            hers.push((socket, Arc::clone(mailbox)));
        }
    }

    pub(super) fn admit(&mut self, joined: &[Joined]) {
        for Joined { conversation, user } in joined {
            if self.people.contains_key(user) {
                self.rooms.entry(*conversation).or_default().insert(*user);
            }
        }
    }

    pub(super) fn close(&mut self, socket: SocketId, index: &AudienceIndex) {
        let Some(Socket { seat, watched, .. }) = self.sockets.remove(&socket) else { return };
        metrics::gauge!("confab_realtime_sockets").decrement(1);
        self.unwatch(socket, &watched);
        let Some(Seat { user, .. }) = seat else { return };
        let Some(hers) = self.people.get_mut(&user) else { return };
        hers.retain(|(known, _)| *known != socket);
        if hers.is_empty() {
            self.people.remove(&user);
            index.conversations_ever_of(user).iter().for_each(|conversation| self.leave(*conversation, user));
        }
    }

    /// Tells everybody present whom a fact is for. Returns how many sockets that are.
    pub(super) fn tell(&mut self, entry: &Entry, index: &AudienceIndex) -> usize {
        let Self { people, rooms, called, .. } = self;
        match &entry.audience {
            Audience::Conversation(conversation) | Audience::Receipts { conversation, .. } => {
                let Some(room) = rooms.get_mut(conversation) else { return 0 };
                let mut told = 0;
                room.retain(|user| {
                    let Some(hers) = people.get(user) else { return false };
                    let member = is_for(entry, *user, index);
                    if member {
                        told += bring_all(hers, entry, called);
                    }
                    member || index.is_member_now(*conversation, *user)
                });
                if room.is_empty() {
                    rooms.remove(conversation);
                }
                told
            }
            Audience::Members { users, .. } => {
                let hers = users.iter().filter(|user| is_for(entry, **user, index)).filter_map(|user| people.get(user));
                hers.map(|hers| bring_all(hers, entry, called)).sum()
            }
            Audience::User(user) => people.get(user).map_or(0, |hers| bring_all(hers, entry, called)),
            Audience::Everyone => people.values().map(|hers| bring_all(hers, entry, called)).sum(),
            Audience::Watchers(_) => 0,
        }
    }

    pub(super) fn tell_members_now(
        &self,
        conversation: ConversationId,
        but: UserId,
        letter: &Input,
        index: &AudienceIndex,
    ) {
        let present = self.rooms.get(&conversation).into_iter().flatten();
        for user in present.filter(|user| **user != but && index.is_member_now(conversation, **user)) {
            if let Some(hers) = self.people.get(user) {
                for (_, mailbox) in hers {
                    mailbox.put(letter.clone());
                }
            }
        }
    }

    pub(super) fn watch(&mut self, socket: SocketId, users: Vec<UserId>) -> Option<Arc<Mailbox>> {
        let known = self.sockets.get_mut(&socket)?;
        let mailbox = Arc::clone(&known.mailbox);
        let fresh: HashSet<UserId> = users.into_iter().collect();
        let before = std::mem::replace(&mut known.watched, fresh.into_iter().collect());
        let after = known.watched.clone();
        self.unwatch(socket, &before);
        for user in after {
            self.watchers.entry(user).or_default().push(socket);
        }
        Some(mailbox)
    }

    pub(super) fn tell_watchers(&self, user: UserId, letter: &Input) {
        let watchers = self.watchers.get(&user).into_iter().flatten();
        for socket in watchers.filter_map(|socket| self.sockets.get(socket)) {
            socket.mailbox.put(letter.clone());
        }
    }

    pub(super) fn revoke(&mut self, session: SessionId, now: Moment, lasts: u64) {
        self.revoked.retain(|_, since| now.since(*since) < lasts);
        self.revoked.insert(session, now);
        let hers = self.sockets.values().filter(|socket| socket.seat.is_some_and(|seat| seat.session == session));
        hers.for_each(|socket| socket.mailbox.end(Input::Revoked));
    }

    pub(super) fn end_all(&self, mut last: impl FnMut() -> Input) {
        self.sockets.values().for_each(|socket| socket.mailbox.end(last()));
    }

    fn leave(&mut self, conversation: ConversationId, user: UserId) {
        if let Some(room) = self.rooms.get_mut(&conversation) {
            room.remove(&user);
            if room.is_empty() {
                self.rooms.remove(&conversation);
            }
        }
    }

    fn unwatch(&mut self, socket: SocketId, watched: &[UserId]) {
        for user in watched {
            if let Some(watchers) = self.watchers.get_mut(user) {
                watchers.retain(|known| *known != socket);
                if watchers.is_empty() {
                    self.watchers.remove(user);
                }
            }
        }
    }
}

/// Brings a fact to all of her sockets. Returns how many that are.
fn bring_all(hers: &[(SocketId, Arc<Mailbox>)], entry: &Entry, called: &mut Vec<Arc<Mailbox>>) -> usize {
    let mut told = 0;
    for (_, mailbox) in hers {
        match mailbox.bring(entry.position, &entry.frame) {
            Brought::First => called.push(Arc::clone(mailbox)),
            Brought::Taken => {}
            Brought::Refused => continue,
        }
        told += 1;
    }
    told
}
