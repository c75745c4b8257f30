//! Which sessions are open, per person: folded from the log in memory, for the list of one's own devices.
//! It decides nothing; whether a session may go on is always asked of its stream.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::session::LIFE_MS;
use event_log::{Delivery, EventLog};
use events::{Category, Fact, Position, Recorded, SessionEvent, SessionId, Timestamp, UserId};
use futures::StreamExt;
use tokio::sync::watch;

/// Open sessions kept per person; the oldest make way.
const PER_PERSON: usize = 100;

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenSession {
    pub(crate) id: SessionId,
    pub(crate) started_at: Timestamp,
    pub(crate) refreshed_at: Timestamp,
    pub(crate) user_agent: Option<String>,
}

/// The index.
pub(crate) struct SessionIndex {
    open: Mutex<Open>,
    seen: watch::Sender<Position>,
}

#[derive(Default)]
struct Open {
    /// By start, so that the oldest comes first; ids are UUIDv7.
    of: HashMap<UserId, BTreeMap<SessionId, OpenSession>>,
    owner: HashMap<SessionId, UserId>,
}

impl Default for SessionIndex {
    fn default() -> Self {
        Self { open: Mutex::default(), seen: watch::Sender::new(Position::START) }
    }
}

impl SessionIndex {
    /// Follows the log for ever, from its start.
    pub(crate) async fn follow(&self, log: &EventLog) {
        let mut deliveries = log.subscribe(vec![Category::Session.prefix()], None);
        while let Some(delivery) = deliveries.next().await {
            let position = match delivery {
                Delivery::Fact(fact) => self.apply(*fact),
                Delivery::Checkpoint(position) => position,
                Delivery::CaughtUp | Delivery::FellBehind => continue,
                Delivery::Poison { position, stream, reason } => {
                    tracing::error!(%position, %stream, %reason, "an unreadable fact; its session is not listed");
                    position
                }
            };
            self.seen.send_replace(position);
        }
    }

    /// The open sessions of a person, newest first, as of at least `from`; waits 2 s for that at most and then says
    /// nothing.
    pub(crate) async fn of(&self, user: UserId, from: Position, now: Timestamp) -> Option<Vec<OpenSession>> {
        let mut seen = self.seen.subscribe();
        let arrived = seen.wait_for(|seen| *seen >= from);
        tokio::time::timeout(Duration::from_secs(2), arrived).await.ok()?.ok()?;
        let alive = |session: &&OpenSession| now.unix_ms() - session.started_at.unix_ms() < LIFE_MS;
        let open = self.lock();
        Some(open.of.get(&user).map(|open| open.values().rev().filter(alive).cloned().collect()).unwrap_or_default())
    }

    fn apply(&self, fact: Recorded) -> Position {
        if let Fact::Session { session, event } = fact.event {
            self.lock().apply(session, fact.at, event);
        }
        fact.position
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn apply(&mut self, id: SessionId, at: Timestamp, event: SessionEvent) {
        match event {
            SessionEvent::SessionStarted { user, user_agent, .. } => {
                let session = OpenSession { id, started_at: at, refreshed_at: at, user_agent };
                let of_user = self.of.entry(user).or_default();
                of_user.insert(id, session);
                self.owner.insert(id, user);
                if of_user.len() > PER_PERSON
                    && let Some((oldest, _)) = of_user.pop_first()
                {
                    self.owner.remove(&oldest);
                }
            }
            SessionEvent::SessionRefreshed { .. } => {
                let session = self.owner.get(&id).and_then(|user| self.of.get_mut(user)?.get_mut(&id));
                if let Some(session) = session {
                    session.refreshed_at = at;
                }
            }
            SessionEvent::SessionRevoked { .. } => self.close(id),
        }
    }

    fn close(&mut self, id: SessionId) {
        let Some(user) = self.owner.remove(&id) else { return };
        let Some(of_user) = self.of.get_mut(&user) else { return };
        of_user.remove(&id);
        if of_user.is_empty() {
            self.of.remove(&user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ANN: UserId = UserId::new(Uuid::from_u128(1));

    fn start(open: &mut Open, n: u128) {
        let event = SessionEvent::SessionStarted { user: ANN, refresh_hash: String::new(), user_agent: None };
        open.apply(SessionId::new(Uuid::from_u128(n)), Timestamp::from_unix_ms(0), event);
    }

    #[test]
    fn sessions_come_and_go_without_a_trace() {
        let mut open = Open::default();
        start(&mut open, 7);
        let id = SessionId::new(Uuid::from_u128(7));
        let refreshed = SessionEvent::SessionRefreshed { refresh_hash: String::new() };
        open.apply(id, Timestamp::from_unix_ms(5), refreshed);
        assert_eq!(open.of[&ANN][&id].refreshed_at, Timestamp::from_unix_ms(5));
        open.apply(id, Timestamp::from_unix_ms(6), SessionEvent::SessionRevoked { reason: String::new() });
        assert!(open.of.is_empty() && open.owner.is_empty());
    }

    #[test]
    fn a_person_does_not_fill_the_memory_with_sessions() {
        let mut open = Open::default();
        (0..250).for_each(|n| start(&mut open, n));
        assert_eq!((open.of[&ANN].len(), open.owner.len()), (PER_PERSON, PER_PERSON));
        assert!(!open.of[&ANN].contains_key(&SessionId::new(Uuid::from_u128(0))));
    }
}
