//! The reception desk: who has sockets on this node and whether she is using one, and whose presence has to be looked
//! at again, and when.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use events::{Fact, Recorded, UserId};
use tokio::sync::Notify;

use crate::board::SocketId;
use crate::protocol::Activity;

/// The desk of one node.
pub(crate) struct Desk {
    book: Mutex<Book>,
    bell: Notify,
    /// How long somebody without a socket still counts as present.
    grace: Duration,
}

#[derive(Default)]
struct Book {
    people: HashMap<UserId, Vec<(SocketId, Activity)>>,
    /// Who has lately closed her last socket, and until when she may be back.
    left: HashMap<UserId, Instant>,
    due: HashMap<UserId, Instant>,
}

/// How somebody stands on this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Here(Activity),
    /// Without a socket, but not for long: she may be back before this has passed.
    JustLeft(Duration),
    Away,
}

impl Desk {
    pub(crate) fn new(grace: Duration) -> Self {
        Self { book: Mutex::default(), bell: Notify::new(), grace }
    }

    /// A socket of hers is in use, or not.
    pub(crate) fn present(&self, user: UserId, socket: SocketId, activity: Activity) {
        let mut book = self.book();
        let before = book.activity(user);
        book.left.remove(&user);
        let hers = book.people.entry(user).or_default();
        match hers.iter_mut().find(|(known, _)| *known == socket) {
            Some(known) => known.1 = activity,
            None => hers.push((socket, activity)),
        }
        if book.activity(user) != before {
            self.ask(&mut book, user, Duration::ZERO);
        }
    }

    /// A socket of hers has closed.
    pub(crate) fn gone(&self, user: UserId, socket: SocketId) {
        let mut book = self.book();
        let before = book.activity(user);
        let Some(hers) = book.people.get_mut(&user) else { return };
        hers.retain(|(known, _)| *known != socket);
        if hers.is_empty() {
            book.people.remove(&user);
            book.left.insert(user, Instant::now() + self.grace);
            self.ask(&mut book, user, self.grace);
        } else if book.activity(user) != before {
            self.ask(&mut book, user, Duration::ZERO);
        }
    }

    /// How she stands now.
    pub(super) fn standing(&self, user: UserId) -> Standing {
        self.book().standing(user, Instant::now())
    }

    /// Everybody who is here.
    pub(super) fn people(&self) -> Vec<(UserId, Activity)> {
        let book = self.book();
        book.people.keys().filter_map(|user| Some((*user, book.activity(*user)?))).collect()
    }

    /// Somebody else said how a person is; if she is here, that may be wrong.
    pub(crate) fn noticed(&self, fact: &Recorded<Fact>) {
        let Fact::Presence { user, .. } = fact.event else { return };
        let mut book = self.book();
        if book.people.contains_key(&user) {
            self.ask(&mut book, user, Duration::ZERO);
        }
    }

    /// Has her looked at again after a while.
    pub(super) fn look_again(&self, user: UserId, after: Duration) {
        self.ask(&mut self.book(), user, after);
    }

    /// Waits until somebody has to be looked at; takes all who are due.
    pub(super) async fn due(&self) -> Vec<UserId> {
        loop {
            let (due, next) = self.book().take_due(Instant::now());
            if !due.is_empty() {
                return due;
            }
            match next {
                None => self.bell.notified().await,
                Some(next) => tokio::select! {
                    () = self.bell.notified() => {}
                    () = tokio::time::sleep_until(next.into()) => {}
                },
            }
        }
    }

    /// The earliest wish counts: whoever looks sees how things are then.
    fn ask(&self, book: &mut Book, user: UserId, after: Duration) {
        let at = Instant::now() + after;
        let due = book.due.entry(user).or_insert(at);
        *due = at.min(*due);
        self.bell.notify_one();
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn activity(&self, user: UserId) -> Option<Activity> {
        let hers = self.people.get(&user)?;
        let active = hers.iter().any(|(_, activity)| *activity == Activity::Active);
        Some(if active { Activity::Active } else { Activity::Away })
    }

    fn standing(&mut self, user: UserId, now: Instant) -> Standing {
        if let Some(activity) = self.activity(user) {
            return Standing::Here(activity);
        }
        match self.left.get(&user) {
            Some(until) if *until > now => Standing::JustLeft(*until - now),
            Some(_) | None => {
                self.left.remove(&user);
                Standing::Away
            }
        }
    }

    fn take_due(&mut self, now: Instant) -> (Vec<UserId>, Option<Instant>) {
        let due: Vec<UserId> = self.due.iter().filter(|(_, at)| **at <= now).map(|(user, _)| *user).collect();
        self.due.retain(|_, at| *at > now);
        (due, self.due.values().min().copied())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ANN: UserId = UserId::new(Uuid::from_u128(1));

    #[tokio::test]
    async fn whoever_just_left_is_not_away_yet_even_when_looked_at_early() {
        let desk = Desk::new(Duration::from_secs(60));
        desk.present(ANN, SocketId::of(1), Activity::Active);
        assert_eq!(desk.due().await, [ANN]);
        desk.gone(ANN, SocketId::of(1));
        desk.look_again(ANN, Duration::ZERO);
        assert_eq!(desk.due().await, [ANN]);
        assert!(matches!(desk.standing(ANN), Standing::JustLeft(left) if left > Duration::from_secs(50)));
        desk.present(ANN, SocketId::of(2), Activity::Away);
        assert_eq!(desk.standing(ANN), Standing::Here(Activity::Away));
    }

    #[tokio::test]
    async fn one_socket_in_use_is_enough_and_the_last_one_counts() {
        let desk = Desk::new(Duration::ZERO);
        desk.present(ANN, SocketId::of(1), Activity::Away);
        desk.present(ANN, SocketId::of(2), Activity::Active);
        assert_eq!(desk.standing(ANN), Standing::Here(Activity::Active));
        desk.gone(ANN, SocketId::of(2));
        assert_eq!(desk.standing(ANN), Standing::Here(Activity::Away));
        desk.gone(ANN, SocketId::of(1));
        assert_eq!(desk.standing(ANN), Standing::Away);
    }
}
