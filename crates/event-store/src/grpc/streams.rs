//! The `Streams` service: starts a task per answer that takes time, and ends them all at shutdown.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use crate::grpc::outbox::{Outbox, outbox};
use crate::grpc::query::{Query, understand};
use crate::grpc::read::Ended;
use crate::grpc::{append, batch, read, remove, status};
use crate::protocol::event_store::client::streams::streams_server::Streams;
use crate::protocol::event_store::client::streams::{
    AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, DeleteReq, DeleteResp, ReadReq, ReadResp, TombstoneReq,
    TombstoneResp,
};
use crate::store::EventStore;

/// How long answers may wait for a client that takes none before its call is given up.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Serves one store until it is told to close.
#[derive(Debug, Clone)]
pub(crate) struct StreamsService {
    pub(crate) store: Arc<EventStore>,
    pub(crate) closing: CancellationToken,
}

#[tonic::async_trait]
impl Streams for StreamsService {
    type ReadStream = BoxStream<'static, Result<ReadResp, Status>>;
    type BatchAppendStream = BoxStream<'static, Result<BatchAppendResp, Status>>;

    async fn read(&self, request: Request<ReadReq>) -> Result<Response<Self::ReadStream>, Status> {
        let query = understand(request.into_inner())?;
        let (outbox, messages) = outbox();
        tokio::spawn(self.clone().answer_read(query, outbox));
        Ok(Response::new(messages))
    }

    async fn append(&self, request: Request<Streaming<AppendReq>>) -> Result<Response<AppendResp>, Status> {
        append::append(&self.store, request.into_inner()).await.map(Response::new)
    }

    async fn delete(&self, request: Request<DeleteReq>) -> Result<Response<DeleteResp>, Status> {
        remove::delete(&self.store, request.into_inner()).await.map(Response::new)
    }

    async fn tombstone(&self, request: Request<TombstoneReq>) -> Result<Response<TombstoneResp>, Status> {
        remove::tombstone(&self.store, request.into_inner()).await.map(Response::new)
    }

    async fn batch_append(
        &self,
        request: Request<Streaming<BatchAppendReq>>,
    ) -> Result<Response<Self::BatchAppendStream>, Status> {
        let (responses, receiver) = mpsc::channel(batch::IN_FLIGHT);
        tokio::spawn(self.clone().answer_batches(request.into_inner(), responses));
        Ok(Response::new(ReceiverStream::new(receiver).boxed()))
    }
}

impl StreamsService {
    async fn answer_read(self, query: Query, outbox: Outbox<ReadResp>) {
        let ended = tokio::select! {
            ended = read::answer(&self.store, query, &outbox) => ended,
            () = outbox.closed() => return,
            () = self.closing.cancelled() => Err(Ended::Failed(status::closing())),
        };
        // Held no longer than needed: the store closes when nobody holds it.
        drop(self.store);
        if let Err(Ended::Failed(status)) = ended {
            outbox.fail(status).await;
        }
    }

    async fn answer_batches(self, requests: Streaming<BatchAppendReq>, responses: batch::Responses) {
        let ended = tokio::select! {
            ended = batch::batch_append(&self.store, requests, &responses) => ended,
            () = responses.closed() => return,
            () = self.closing.cancelled() => Err(status::closing()),
        };
        drop(self.store);
        if let Err(status) = ended {
            // An error ends the call at once, so it goes out when every answer before it has.
            let all = tokio::time::timeout(LAST_ANSWERS, responses.reserve_many(batch::IN_FLIGHT));
            if let Ok(Ok(mut places)) = all.await
                && let Some(place) = places.next()
            {
                place.send(Err(status));
            }
        }
    }
}
