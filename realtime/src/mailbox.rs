//! What is for one socket: letters, bounded by bytes, filled by the node. While the socket's task rests, whoever brought
//! facts has them leave; everything else, and facts while it does not rest, the task takes in bursts.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use events::Position;
use tokio::sync::Notify;

use crate::session::Input;
use crate::wire::Wire;

/// What an entry costs besides its frame, bytes.
const OVERHEAD: usize = 64;

/// The letters of one socket. Whoever holds the lock of its wire never asks for that of its letters.
#[derive(Debug)]
pub(crate) struct Mailbox {
    letters: Mutex<Letters>,
    bell: Notify,
    cap: usize,
    wire: Wire,
}

#[derive(Debug, Default)]
struct Letters {
    waiting: VecDeque<Input>,
    bytes: usize,
    ended: bool,
    /// The task is at work: whatever comes now must not overtake what it has.
    busy: bool,
    /// Somebody is about to have the facts leave.
    called: bool,
    /// The socket took less than was there: the task has to see to it.
    stuck: bool,
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brought {
    /// It is the first that waits: [`Mailbox::flush`] is due.
    First,
    /// It leaves with others, or the task sees to it.
    Taken,
    /// The socket is over.
    Refused,
}

/// What the task finds.
#[derive(Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) letters: VecDeque<Input>,
    /// Whether something is left in the socket's buffer.
    pub(crate) stuck: bool,
}

impl Mailbox {
    /// An empty one that holds up to `cap` bytes.
    pub(crate) fn new(cap: usize, wire: Wire) -> Self {
        Self { letters: Mutex::default(), bell: Notify::new(), cap, wire }
    }

    /// The socket and its session.
    pub(crate) const fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Delivers a fact. Facts that are brought in order are sent in order.
    pub(crate) fn bring(&self, position: Position, frame: &Utf8Bytes) -> Brought {
        let letter = Input::Event { position, frame: frame.clone() };
        let mut letters = self.lock();
        if !letters.busy && letters.bytes + cost(&letter) > self.cap {
            // It was not the socket that let so much gather.
            self.send(&mut letters);
        }
        if !self.add(&mut letters, letter) {
            self.bell.notify_one();
            return Brought::Refused;
        }
        if letters.busy {
            self.bell.notify_one();
            return Brought::Taken;
        }
        if std::mem::replace(&mut letters.called, true) { Brought::Taken } else { Brought::First }
    }

    /// Has the facts leave; what the socket does not take is left to its task.
    pub(crate) fn flush(&self) {
        let mut letters = self.lock();
        letters.called = false;
        if !letters.busy && !letters.waiting.is_empty() {
            self.send(&mut letters);
        }
    }

    /// The task rests for as long as the lock is held, so nothing is overtaken.
    fn send(&self, letters: &mut Letters) {
        if self.wire.deliver(&mut letters.waiting) {
            // A burst leaves no room behind: most sockets rest most of the time.
            (letters.waiting, letters.bytes) = (VecDeque::new(), 0);
        } else {
            letters.bytes = letters.waiting.iter().map(cost).sum();
            (letters.busy, letters.stuck) = (true, true);
            self.bell.notify_one();
        }
    }

    /// Puts a letter in. A socket that leaves more than its cap unread is over; false when it is.
    pub(crate) fn put(&self, letter: Input) -> bool {
        let going_on = self.add(&mut self.lock(), letter);
        self.bell.notify_one();
        going_on
    }

    fn add(&self, letters: &mut Letters, letter: Input) -> bool {
        if letters.ended {
            return false;
        }
        letters.bytes += cost(&letter);
        if letters.bytes > self.cap {
            metrics::counter!("confab_realtime_slow_sockets_total").increment(1);
            letters.end(Input::TooSlow);
        } else {
            letters.waiting.push_back(letter);
        }
        !letters.ended
    }

    /// Throws away what waits and leaves one last letter.
    pub(crate) fn end(&self, last: Input) {
        self.lock().end(last);
        self.bell.notify_one();
    }

    /// Takes out everything; later letters ring again. The task is at work from now on.
    pub(crate) fn take(&self) -> Taken {
        let mut letters = self.lock();
        letters.bytes = 0;
        letters.busy = true;
        Taken { letters: std::mem::take(&mut letters.waiting), stuck: std::mem::take(&mut letters.stuck) }
    }

    /// The task begins something that nothing may overtake.
    pub(crate) fn work(&self) {
        self.lock().busy = true;
    }

    /// The task has done everything that it had.
    pub(crate) fn rest(&self) {
        let mut letters = self.lock();
        letters.busy = letters.stuck || !letters.waiting.is_empty();
    }

    /// Waits for a letter. May return without one.
    pub(crate) async fn rung(&self) {
        // Whoever waited for the end may have taken the ring of a letter that is still here.
        if self.lock().is_quiet() {
            self.bell.notified().await;
        }
    }

    /// Waits for the last letter, however many others come; for a task that is stuck writing.
    pub(crate) async fn ended(&self) {
        while !self.lock().ended {
            self.bell.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Letters> {
        // Nothing panics while holding the lock, and the letters are valid at every step.
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Letters {
    fn is_quiet(&self) -> bool {
        self.waiting.is_empty() && !self.stuck
    }

    fn end(&mut self, last: Input) {
        if !self.ended {
            self.ended = true;
            self.waiting = VecDeque::from([last]);
        }
    }
}

/// What a letter counts for, bytes.
fn cost(letter: &Input) -> usize {
    let frame = match letter {
        Input::Event { frame, .. } | Input::Forward(frame) | Input::Frame(frame) => frame.len(),
        Input::Binary
        | Input::Broken(_)
        | Input::Heard
        | Input::Verified(_)
        | Input::Joined(_)
        | Input::Reached(_)
        | Input::Replied(_)
        | Input::Revoked
        | Input::TooSlow
        | Input::Away
        | Input::Stopping { .. }
        | Input::Tick => 0,
    };
    OVERHEAD + frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox() -> Mailbox {
        Mailbox::new(1_000, Wire::default())
    }

    fn frame(bytes: usize) -> Input {
        Input::Forward("x".repeat(bytes).into())
    }

    #[test]
    fn a_burst_is_taken_at_once() {
        let mailbox = mailbox();
        assert!(mailbox.put(frame(10)) && mailbox.put(frame(20)));
        assert_eq!(mailbox.take().letters, [frame(10), frame(20)]);
        assert_eq!(mailbox.take().letters, []);
    }

    #[test]
    fn at_its_cap_it_is_over_and_holds_nothing_more() {
        let mailbox = mailbox();
        assert!(mailbox.put(frame(900)));
        assert!(!mailbox.put(frame(900)));
        assert!(!mailbox.put(frame(1)));
        assert_eq!(mailbox.take().letters, [Input::TooSlow]);
        mailbox.end(Input::Away);
        assert_eq!(mailbox.take().letters, []);
    }

    #[tokio::test]
    async fn a_letter_that_came_while_the_end_was_awaited_still_rings() {
        let mailbox = mailbox();
        {
            let waiting = mailbox.ended();
            tokio::pin!(waiting);
            assert!(futures::poll!(waiting.as_mut()).is_pending());
            mailbox.put(frame(1));
            assert!(futures::poll!(waiting.as_mut()).is_pending());
        }
        mailbox.rung().await;
        assert_eq!(mailbox.take().letters, [frame(1)]);
    }

    #[tokio::test]
    async fn the_end_is_heard_past_other_letters() {
        let mailbox = mailbox();
        let waiting = mailbox.ended();
        tokio::pin!(waiting);
        mailbox.put(frame(1));
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        mailbox.end(Input::Revoked);
        waiting.await;
        assert_eq!(mailbox.take().letters, [Input::Revoked]);
    }

    #[test]
    fn facts_wait_for_whoever_has_them_leave_and_for_the_task_while_it_is_at_work() {
        let (mailbox, frame): (_, Utf8Bytes) = (mailbox(), "x".into());
        let fact = |position| Input::Event { position: Position(position), frame: frame.clone() };
        assert_eq!(mailbox.bring(Position(1), &frame), Brought::First);
        assert_eq!(mailbox.bring(Position(2), &frame), Brought::Taken);
        assert_eq!(mailbox.take().letters, [fact(1), fact(2)]);
        assert_eq!(mailbox.bring(Position(3), &frame), Brought::Taken);
        mailbox.flush();
        assert_eq!(mailbox.take(), Taken { letters: VecDeque::from([fact(3)]), stuck: false });
        mailbox.rest();
        assert_eq!(mailbox.bring(Position(4), &frame), Brought::First);
    }

    #[test]
    fn facts_that_the_socket_does_not_take_are_left_to_its_task_within_the_cap() {
        let (first, next): (Utf8Bytes, Utf8Bytes) = ("x".repeat(900).into(), "y".into());
        let mailbox = mailbox();
        assert_eq!(mailbox.bring(Position(1), &first), Brought::First);
        mailbox.flush();
        let letters = VecDeque::from([Input::Event { position: Position(1), frame: first.clone() }]);
        assert_eq!(mailbox.take(), Taken { letters, stuck: true });
        assert_eq!(mailbox.bring(Position(2), &first), Brought::Taken);
        assert_eq!(mailbox.bring(Position(3), &first), Brought::Refused);
        assert_eq!(mailbox.bring(Position(4), &next), Brought::Refused);
        assert_eq!(mailbox.take().letters, [Input::TooSlow]);
    }

    #[tokio::test]
    async fn a_socket_that_is_stuck_rings() {
        let mailbox = mailbox();
        mailbox.bring(Position(1), &"x".into());
        mailbox.flush();
        mailbox.rung().await;
        assert!(mailbox.take().stuck);
        assert!(!mailbox.take().stuck);
    }
}
