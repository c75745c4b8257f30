//! Group commit for engines, as the store does it: one queue, one thread that takes all that waits as
//! one group, commits it once, and answers.

use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::engines::{Engine, Event, Places};

/// As in the store.
const WAITING: usize = 8_192;
const GROUP: usize = 1_024;
const LINGER: Duration = Duration::from_micros(50);

type Waiting = (Event, oneshot::Sender<u64>);

/// The way to an engine.
#[derive(Clone)]
pub(crate) struct Queue(mpsc::Sender<Waiting>);

impl Queue {
    pub(crate) fn before(engine: Box<dyn Engine>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        thread::spawn(move || write(engine, receiver));
        Self(sender)
    }

    /// Returns when the event is on the disk.
    pub(crate) async fn append(&self, event: Event) -> u64 {
        let (sender, receiver) = oneshot::channel();
        self.0.send((event, sender)).await.unwrap();
        receiver.await.unwrap()
    }
}

fn write(mut engine: Box<dyn Engine>, mut waiting: mpsc::Receiver<Waiting>) {
    let (mut places, mut group, mut answered) = (Places::default(), Vec::with_capacity(GROUP), 0);
    loop {
        let from = Instant::now();
        while waiting.len() < answered && from.elapsed() < LINGER && !waiting.is_closed() {
            std::hint::spin_loop();
        }
        answered = waiting.blocking_recv_many(&mut group, GROUP);
        if answered == 0 {
            return;
        }
        let (placed, answers): (Vec<_>, Vec<_>) =
            group.drain(..).map(|(event, answer)| (places.place(event), answer)).unzip();
        engine.commit(&placed);
        for (placed, answer) in placed.into_iter().zip(answers) {
            let _ = answer.send(placed.position);
        }
    }
}
