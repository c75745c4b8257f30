//! What waits for one socket: bounded by bytes, filled by the node, emptied by the socket's own task in bursts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::session::Input;

/// What an entry costs besides its frame, bytes.
const OVERHEAD: usize = 64;

/// The letters of one socket.
#[derive(Debug)]
pub(crate) struct Mailbox {
    letters: Mutex<Letters>,
    bell: Notify,
    cap: usize,
}

#[derive(Debug, Default)]
struct Letters {
    waiting: Vec<Input>,
    bytes: usize,
    ended: bool,
}

impl Mailbox {
    /// An empty one that holds up to `cap` bytes.
    pub(crate) fn new(cap: usize) -> Self {
        Self { letters: Mutex::default(), bell: Notify::new(), cap }
    }

    /// Puts a letter in. A socket that leaves more than its cap unread is over; false when it is.
    pub(crate) fn put(&self, letter: Input) -> bool {
        let mut letters = self.lock();
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

    /// Takes out everything; later letters ring again.
    pub(crate) fn take(&self) -> Vec<Input> {
        let mut letters = self.lock();
        letters.bytes = 0;
        std::mem::take(&mut letters.waiting)
    }

    /// Waits for a letter. May return without one.
    pub(crate) async fn rung(&self) {
        // Whoever waited for the end may have taken the ring of a letter that is still here.
        if self.lock().waiting.is_empty() {
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

    fn frame(bytes: usize) -> Input {
        Input::Forward("x".repeat(bytes).into())
    }

    #[test]
    fn a_burst_is_taken_at_once() {
        let mailbox = Mailbox::new(1_000);
        assert!(mailbox.put(frame(10)) && mailbox.put(frame(20)));
        assert_eq!(mailbox.take(), [frame(10), frame(20)]);
        assert_eq!(mailbox.take(), []);
    }

    #[test]
    fn at_its_cap_it_is_over_and_holds_nothing_more() {
        let mailbox = Mailbox::new(1_000);
        assert!(mailbox.put(frame(900)));
        assert!(!mailbox.put(frame(900)));
        assert!(!mailbox.put(frame(1)));
        assert_eq!(mailbox.take(), [Input::TooSlow]);
        mailbox.end(Input::Away);
        assert_eq!(mailbox.take(), []);
    }

    #[tokio::test]
    async fn a_letter_that_came_while_the_end_was_awaited_still_rings() {
        let mailbox = Mailbox::new(1_000);
        {
            let waiting = mailbox.ended();
            tokio::pin!(waiting);
            assert!(futures::poll!(waiting.as_mut()).is_pending());
            mailbox.put(frame(1));
            assert!(futures::poll!(waiting.as_mut()).is_pending());
        }
        mailbox.rung().await;
        assert_eq!(mailbox.take(), [frame(1)]);
    }

    #[tokio::test]
    async fn the_end_is_heard_past_other_letters() {
        let mailbox = Mailbox::new(1_000);
        let waiting = mailbox.ended();
        tokio::pin!(waiting);
        mailbox.put(frame(1));
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        mailbox.end(Input::Revoked);
        waiting.await;
        assert_eq!(mailbox.take(), [Input::Revoked]);
    }
}
