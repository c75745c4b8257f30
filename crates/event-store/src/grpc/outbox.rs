//! The way of many messages to one client: in batches, bounded, so a slow client stops its sender.

use std::time::Duration;

use futures::future::Either;
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Batches that wait for the client; a batch is one page at most.
const BATCHES: usize = 2;
/// How long a last word may wait for a client that does not listen.
const LAST_WORD: Duration = Duration::from_millis(500);

/// The sending end.
#[derive(Debug)]
pub(crate) struct Outbox<T>(mpsc::Sender<Result<Vec<T>, Status>>);

/// The client has gone.
#[derive(Debug)]
pub(crate) struct Gone;

pub(crate) fn outbox<T: Send + 'static>() -> (Outbox<T>, BoxStream<'static, Result<T, Status>>) {
    let (sender, receiver) = mpsc::channel(BATCHES);
    let messages = ReceiverStream::new(receiver).flat_map(|batch: Result<Vec<T>, Status>| match batch {
        Ok(batch) => Either::Left(stream::iter(batch.into_iter().map(Ok))),
        Err(status) => Either::Right(stream::iter([Err(status)])),
    });
    (Outbox(sender), messages.boxed())
}

impl<T> Outbox<T> {
    pub(crate) async fn send(&self, batch: Vec<T>) -> Result<(), Gone> {
        self.0.send(Ok(batch)).await.map_err(|_| Gone)
    }

    /// Ends the call with an error.
    pub(crate) async fn fail(&self, status: Status) {
        let _ = self.0.send_timeout(Err(status), LAST_WORD).await;
    }

    pub(crate) async fn closed(&self) {
        self.0.closed().await;
    }
}
