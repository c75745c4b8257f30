//! The one writing thread. Takes everything that waits, writes it as one group, syncs once, answers,
//! then indexes. The first write error ends it: nothing is tried again, nothing false is acknowledged.
//! A full disk is no error: it is seen before a group is begun, and asked about again for the next.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};

use crate::append::{Answer, Command, Written};
use crate::crash::{Point, pass};
use crate::error::{LogError, Refusal};
use crate::event::Event;
use crate::index::{Builder, Index};
use crate::ledger::Ledger;
use crate::live::Live;
use crate::log::NoRoom;

/// Commands in one group at most; more wait for the next, which bounds a group's time.
const GROUP: usize = 1_024;
/// Bytes in one group, or one command more.
const GROUP_BYTES: u64 = 8 << 20;

/// How long the writer looks for the next group before it sleeps. To wake it takes about as long.
const LINGER: Duration = Duration::from_micros(50);

/// A command on its way to the writer.
pub(crate) struct Queued {
    pub(crate) command: Command,
    pub(crate) answer: Answer,
    /// Its share of the queue's bytes, given back once it is answered.
    pub(crate) share: OwnedSemaphorePermit,
}

/// How long a writer may linger: not at all where it would keep those waiting whom it waits for.
pub(crate) fn linger() -> Duration {
    match thread::available_parallelism() {
        Ok(cores) if cores.get() > 1 => LINGER,
        Ok(_) | Err(_) => Duration::ZERO,
    }
}

/// Everything the writing thread owns.
pub(crate) struct Writer {
    pub(crate) ledger: Ledger,
    pub(crate) index: Arc<Index>,
    pub(crate) builder: Arc<Builder>,
    pub(crate) queue: mpsc::Receiver<Queued>,
    pub(crate) live: Arc<Live>,
    pub(crate) stopped: watch::Sender<Option<Arc<str>>>,
    pub(crate) full: bool,
    /// Commands that were just answered.
    pub(crate) answered: usize,
    /// How long to look for more before going to sleep.
    pub(crate) linger: Duration,
}

type Settled = Vec<(Answer, Result<Written, Refusal>, OwnedSemaphorePermit)>;

impl Writer {
    pub(crate) fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        thread::Builder::new().name("event-store-writer".into()).spawn(move || self.run())
    }

    fn run(mut self) {
        let mut waiting = Vec::with_capacity(GROUP);
        while self.receive(&mut waiting) > 0 {
            while !waiting.is_empty() {
                let group = first_group(&mut waiting);
                if let Err(reason) = self.write(group) {
                    self.stop(reason.into(), waiting);
                    return;
                }
            }
        }
        if let Err(error) = self.ledger.tail().finish() {
            tracing::warn!(%error, "the log was not closed cleanly; the next start looks at its end");
        }
    }

    /// Takes all that waits; 0 when nothing will come any more. Whoever was just answered may come again
    /// at once: for a moment it waits for as many, so that they share one sync, and awake, because few
    /// writers would otherwise wait for this thread longer than for the disk.
    fn receive(&mut self, waiting: &mut Vec<Queued>) -> usize {
        let from = Instant::now();
        while self.queue.len() < self.answered && from.elapsed() < self.linger && !self.queue.is_closed() {
            std::hint::spin_loop();
        }
        self.answered = self.queue.blocking_recv_many(waiting, GROUP);
        self.answered
    }

    fn write(&mut self, group: Vec<Queued>) -> Result<(), String> {
        let (closes, group): (Vec<_>, Vec<_>) =
            group.into_iter().partition(|queued| matches!(queued.command, Command::Close));
        self.write_group(group)?;
        if closes.is_empty() { Ok(()) } else { self.close(closes) }
    }

    /// Begins a new file, unless the last one is empty.
    fn close(&mut self, closes: Vec<Queued>) -> Result<(), String> {
        let outcome = match self.ledger.tail().close() {
            Ok(closed) => {
                if closed.is_some() {
                    self.close_index();
                }
                Ok(Written { revision: None, position: Some(self.ledger.tail().base()) })
            }
            Err(NoRoom::Full) => Err(Refusal::Full),
            Err(NoRoom::Failed(error)) => return Err(fail(closes, error.to_string())),
        };
        settle(closes.into_iter().map(|queued| (queued.answer, outcome.clone(), queued.share)));
        Ok(())
    }

    fn write_group(&mut self, group: Vec<Queued>) -> Result<(), String> {
        if group.is_empty() {
            return Ok(());
        }
        match self.make_room(&group) {
            Ok(true) => {}
            Ok(false) => {
                settle(group.into_iter().map(refused(&Refusal::Full)));
                return Ok(());
            }
            Err(error) => return Err(fail(group, error.to_string())),
        }
        let mut settled = Settled::with_capacity(group.len());
        for queued in group {
            let outcome = queued.command.apply(&mut self.ledger).unwrap_or_else(|error| {
                tracing::error!(%error, "an append depends on what cannot be read");
                Err(Refusal::Unreadable(error.to_string().into()))
            });
            settled.push((queued.answer, outcome, queued.share));
        }
        match self.ledger.commit() {
            Ok(added) => {
                self.show(added, settled);
                Ok(())
            }
            Err(error) => {
                let reason = error.to_string();
                settle(settled.into_iter().map(|(answer, _, share)| (answer, Err(stopped(&reason)), share)));
                Err(reason)
            }
        }
    }

    /// Whether the group can be written.
    fn make_room(&mut self, group: &[Queued]) -> Result<bool, LogError> {
        let bytes = group.iter().map(|queued| queued.command.length()).sum();
        let base = self.ledger.tail().base();
        let begun = self.ledger.begin(bytes);
        // A file may have been closed even if there was no room for more in the next.
        if self.ledger.tail().base() != base {
            self.close_index();
        }
        let full = match begun {
            Ok(_) => false,
            Err(NoRoom::Full) => true,
            Err(NoRoom::Failed(error)) => return Err(error),
        };
        if full != self.full {
            self.full = full;
            match full {
                true => tracing::error!("the disk is full: appends are refused until there is room"),
                false => {
                    tracing::info!("there is room on the disk again: appends are taken");
                    self.builder.wake();
                }
            }
        }
        Ok(!full)
    }

    fn close_index(&mut self) {
        self.index.close(self.ledger.tail().base());
        self.builder.wake();
    }

    /// Everything is on the disk: lets subscribers and clients know, then lets readers find it.
    fn show(&mut self, added: Vec<Arc<Event>>, settled: Settled) {
        let newest = added.last().map(|event| event.position);
        self.live.publish(added.clone());
        settle(settled);
        pass(Point::Answered);
        self.index.add(&added);
        pass(Point::Indexed);
        if let Some(newest) = newest {
            self.live.indexed(newest);
        }
    }

    /// Says why, then refuses all that still waits; reading goes on.
    fn stop(mut self, reason: Arc<str>, waiting: Vec<Queued>) {
        tracing::error!(%reason, "a write failed: the event store stops writing");
        let refusal = stopped(&reason);
        self.queue.close();
        self.stopped.send_replace(Some(reason));
        settle(waiting.into_iter().map(refused(&refusal)));
        while let Some(queued) = self.queue.blocking_recv() {
            settle([queued].into_iter().map(refused(&refusal)));
        }
    }
}

/// As many of the first as make one group.
fn first_group(waiting: &mut Vec<Queued>) -> Vec<Queued> {
    let mut bytes = 0;
    let end = waiting.iter().take_while(|queued| {
        let fits = bytes < GROUP_BYTES;
        bytes += queued.command.length();
        fits
    });
    let end = end.count();
    if end == waiting.len() {
        std::mem::replace(waiting, Vec::with_capacity(GROUP))
    } else {
        waiting.drain(..end).collect()
    }
}

fn settle(answers: impl IntoIterator<Item = (Answer, Result<Written, Refusal>, OwnedSemaphorePermit)>) {
    for (answer, outcome, share) in answers {
        answer(outcome);
        drop(share);
    }
}

fn refused(refusal: &Refusal) -> impl Fn(Queued) -> (Answer, Result<Written, Refusal>, OwnedSemaphorePermit) {
    let refusal = refusal.clone();
    move |queued| (queued.answer, Err(refusal.clone()), queued.share)
}

fn fail(group: Vec<Queued>, reason: String) -> String {
    settle(group.into_iter().map(refused(&stopped(&reason))));
    reason
}

fn stopped(reason: &str) -> Refusal {
    Refusal::Stopped(format!("a write failed ({reason})").into())
}
