//! What is for one socket. Facts go straight into the socket's buffer while its task rests; everything else, and facts
//! while it does not, waits in letters: bounded by bytes, filled by the node, emptied by the task in bursts.

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
    waiting: Vec<Input>,
    bytes: usize,
    ended: bool,
    /// The task is at work: whatever comes now must not overtake what it has.
    busy: bool,
    /// Facts are in the socket's buffer, and somebody is about to flush them.
    unflushed: bool,
    /// The socket took less than was there: the task has to see to it.
    stuck: bool,
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brought {
    /// It is in the socket's buffer, the first one there: [`Mailbox::flush`] is due.
    Unflushed,
    /// It leaves with others, or the task has it.
    Taken,
    /// The socket is over.
    Refused,
}

/// What the task finds.
#[derive(Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) letters: Vec<Input>,
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
        let mut letters = self.lock();
        if letters.ended {
            return Brought::Refused;
        }
        if !letters.busy && letters.waiting.is_empty() && self.wire.bring(position, frame) {
            let first = !std::mem::replace(&mut letters.unflushed, true);
            return if first { Brought::Unflushed } else { Brought::Taken };
        }
        if self.add(letters, Input::Event { position, frame: frame.clone() }) {
            Brought::Taken
        } else {
            Brought::Refused
        }
    }

    /// Has the facts in the socket's buffer leave; what it does not take is left to its task.
    pub(crate) fn flush(&self) {
        self.lock().unflushed = false;
        let all = self.wire.flush_now();
        let mut letters = self.lock();
        letters.stuck |= !all;
        // The task may have been waiting for the socket, which now tells somebody else instead.
        let ring = letters.stuck || letters.busy;
        letters.busy = ring;
        drop(letters);
        if ring {
            self.bell.notify_one();
        }
    }

    /// Puts a letter in. A socket that leaves more than its cap unread is over; false when it is.
    pub(crate) fn put(&self, letter: Input) -> bool {
        self.add(self.lock(), letter)
    }

    fn add(&self, mut letters: MutexGuard<'_, Letters>, letter: Input) -> bool {
        if letters.ended {
            return false;
        }
        letters.bytes += OVERHEAD + weight(&letter);
        if letters.bytes > self.cap {
            metrics::counter!("confab_realtime_slow_sockets_total").increment(1);
            letters.end(Input::TooSlow);
        } else {
            letters.waiting.push(letter);
        }
        let going_on = !letters.ended;
        drop(letters);
        self.bell.notify_one();
        going_on
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
            self.waiting = vec![last];
        }
    }
}

fn weight(letter: &Input) -> usize {
    match letter {
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
    }
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
    fn a_fact_that_the_socket_does_not_take_waits_for_its_task_within_the_cap() {
        let mailbox = mailbox();
        let (first, next): (Utf8Bytes, Utf8Bytes) = ("x".repeat(900).into(), "y".into());
        assert_eq!(mailbox.bring(Position(1), &first), Brought::Taken);
        assert_eq!(mailbox.take().letters, [Input::Event { position: Position(1), frame: first.clone() }]);
        assert_eq!(mailbox.bring(Position(2), &first), Brought::Taken);
        assert_eq!(mailbox.bring(Position(3), &first), Brought::Refused);
        assert_eq!(mailbox.bring(Position(4), &next), Brought::Refused);
        assert_eq!(mailbox.take().letters, [Input::TooSlow]);
    }

    #[tokio::test]
    async fn a_socket_that_is_stuck_rings() {
        let mailbox = mailbox();
        mailbox.flush();
        mailbox.rung().await;
        assert_eq!(mailbox.take(), Taken { letters: vec![], stuck: true });
        assert_eq!(mailbox.take(), Taken { letters: vec![], stuck: false });
    }
}
