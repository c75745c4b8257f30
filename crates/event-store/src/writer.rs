//! The one writing thread. Takes everything that waits, writes it as one group, syncs once, then
//! answers. The first write error ends it: nothing is tried again, nothing false is acknowledged.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};

use crate::append::{Answer, Append, Written, apply};
use crate::checkpoint::Checkpointer;
use crate::database::Lock;
use crate::error::Refusal;
use crate::event::Event;
use crate::ledger::Ledger;
use crate::live::Live;

/// Appends in one group at most; more wait for the next, which bounds a group's time.
const GROUP: usize = 1_024;

/// An append on its way to the writer.
pub(crate) struct Queued {
    pub(crate) append: Append,
    pub(crate) answer: Answer,
    /// Its share of the queue's bytes, given back once it is answered.
    pub(crate) share: OwnedSemaphorePermit,
}

/// Everything the writing thread owns.
pub(crate) struct Writer {
    pub(crate) ledger: Ledger,
    pub(crate) queue: mpsc::Receiver<Queued>,
    pub(crate) live: Arc<Live>,
    pub(crate) checkpointer: Checkpointer,
    pub(crate) stopped: watch::Sender<Option<Arc<str>>>,
    pub(crate) lock: Lock,
}

struct Settled {
    answers: Vec<(Answer, Result<Written, Refusal>, OwnedSemaphorePermit)>,
    added: Vec<Arc<Event>>,
}

impl Writer {
    pub(crate) fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        thread::Builder::new().name("event-store-writer".into()).spawn(move || self.run())
    }

    fn run(mut self) {
        let mut group = Vec::with_capacity(GROUP);
        while self.queue.blocking_recv_many(&mut group, GROUP) > 0 {
            if let Err(error) = self.write(&mut group) {
                self.stop(&error);
                return;
            }
        }
        self.checkpointer.finish(self.ledger.connection());
        drop(self.lock);
    }

    fn write(&mut self, group: &mut Vec<Queued>) -> rusqlite::Result<()> {
        let mut settled = Settled { answers: Vec::with_capacity(group.len()), added: Vec::new() };
        let committed = self.commit(group, &mut settled);
        if let Err(error) = &committed {
            let reason = reason(error);
            for (answer, ..) in settled.answers {
                answer(Err(Refusal::Stopped(reason.clone())));
            }
            return committed;
        }
        self.live.publish(settled.added);
        for (answer, outcome, share) in settled.answers {
            answer(outcome);
            drop(share);
        }
        self.checkpointer.committed(self.ledger.connection());
        Ok(())
    }

    /// After an error every append of the group is in `settled`, to be told so.
    fn commit(&mut self, group: &mut Vec<Queued>, settled: &mut Settled) -> rusqlite::Result<()> {
        let mut failed = self.ledger.begin().err();
        for queued in group.drain(..) {
            let outcome = match failed {
                Some(_) => Err(Refusal::Expired),
                None => match apply(&mut self.ledger, queued.append) {
                    Ok((outcome, added)) => {
                        settled.added.extend(added);
                        outcome
                    }
                    Err(error) => {
                        failed = Some(error);
                        Err(Refusal::Expired)
                    }
                },
            };
            settled.answers.push((queued.answer, outcome, queued.share));
        }
        match failed {
            Some(error) => Err(error),
            None => self.ledger.commit(),
        }
    }

    /// Says why, then refuses all that still waits; reading goes on.
    fn stop(mut self, error: &rusqlite::Error) {
        tracing::error!(%error, "a write failed: the event store stops writing");
        let reason = reason(error);
        self.queue.close();
        self.stopped.send_replace(Some(reason.clone()));
        while let Some(queued) = self.queue.blocking_recv() {
            (queued.answer)(Err(Refusal::Stopped(reason.clone())));
        }
    }
}

fn reason(error: &rusqlite::Error) -> Arc<str> {
    format!("a write failed ({error})").into()
}
