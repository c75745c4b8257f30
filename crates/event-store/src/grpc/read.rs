//! Answers `Read`: pages of a stream or of `$all`, and subscriptions.

use std::sync::Arc;

use tonic::Status;
use uuid::Uuid;

use crate::filter::Filter;
use crate::grpc::outbox::{Gone, Outbox};
use crate::grpc::query::{Extent, From, Query, Target};
use crate::grpc::status;
use crate::grpc::wire::{UuidForm, write_delivery, write_event, write_name};
use crate::protocol::event_store::client::AllStreamPosition;
use crate::protocol::event_store::client::streams::{ReadResp, read_resp, read_resp::Content};
use crate::reader::{Direction, StreamPage};
use crate::store::EventStore;
use crate::subscription::{Source, Subscriber};

/// Why an answer ended early.
pub(crate) enum Ended {
    Gone,
    Failed(Status),
}

impl std::convert::From<Gone> for Ended {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl std::convert::From<crate::error::ReadError> for Ended {
    fn from(error: crate::error::ReadError) -> Self {
        Self::Failed(status::unreadable(&error))
    }
}

/// Sends the whole answer; a subscription's never ends by itself.
pub(crate) async fn answer(store: &EventStore, query: Query, outbox: &Outbox<ReadResp>) -> Result<(), Ended> {
    let reply = Reply { store, outbox, form: query.form, with_bounds: query.with_bounds };
    match (query.target, query.extent) {
        (Target::Stream { name, from }, Extent::Count(count)) => reply.stream(name, from, query.direction, count).await,
        (Target::All { from, filter, .. }, Extent::Count(count)) => {
            reply.all(from, query.direction, count, filter).await
        }
        (target, Extent::Subscription) => reply.subscription(target).await,
    }
}

struct Reply<'a> {
    store: &'a EventStore,
    outbox: &'a Outbox<ReadResp>,
    form: UuidForm,
    with_bounds: bool,
}

impl Reply<'_> {
    async fn send(&self, contents: Vec<Content>) -> Result<(), Ended> {
        let batch = contents.into_iter().map(|content| ReadResp { content: Some(content) }).collect();
        Ok(self.outbox.send(batch).await?)
    }

    async fn stream(&self, name: Arc<str>, from: From, direction: Direction, mut count: u64) -> Result<(), Ended> {
        let Some(mut next) = first_revision(from, direction) else {
            return self.bounds_only(name).await;
        };
        let mut first = true;
        loop {
            let page = self.store.readers().stream(name.clone(), direction, next, count).await?;
            let Some(page) = page else {
                return self.not_found(&name).await;
            };
            let last = page.events.last().map(|event| event.revision);
            count = count.saturating_sub(page.events.len() as u64);
            next = match (last, direction) {
                (Some(last), Direction::Forwards) => last + 1,
                (Some(last), Direction::Backwards) => last.saturating_sub(1),
                (None, _) => next,
            };
            let done = page.end || count == 0 || (last == Some(0) && direction == Direction::Backwards);
            self.send(self.stream_contents(&page, first, done)).await?;
            if done {
                return Ok(());
            }
            first = false;
        }
    }

    fn stream_contents(&self, page: &StreamPage, first: bool, done: bool) -> Vec<Content> {
        let mut contents = Vec::with_capacity(page.events.len() + 2);
        if first && self.with_bounds {
            contents.push(Content::FirstStreamPosition(page.first_visible));
        }
        contents.extend(page.events.iter().map(|event| write_event(event, self.form)));
        if done && self.with_bounds {
            contents.push(Content::LastStreamPosition(page.last_revision));
        }
        contents
    }

    /// Forwards from the end: no events, but the stream must exist.
    async fn bounds_only(&self, name: Arc<str>) -> Result<(), Ended> {
        let page = self.store.readers().stream(name.clone(), Direction::Forwards, u64::MAX, 0).await?;
        match page {
            Some(page) => self.send(self.stream_contents(&page, true, true)).await,
            None => self.not_found(&name).await,
        }
    }

    async fn not_found(&self, name: &str) -> Result<(), Ended> {
        self.send(vec![Content::StreamNotFound(read_resp::StreamNotFound {
            stream_identifier: Some(write_name(name)),
        })])
        .await
    }

    async fn all(
        &self,
        from: From,
        direction: Direction,
        mut count: u64,
        filter: Option<Arc<Filter>>,
    ) -> Result<(), Ended> {
        let mut next = match (from, direction) {
            // Positions are asked for inclusively forwards, exclusively backwards.
            (From::At(position), Direction::Forwards) => position.saturating_sub(1),
            (From::At(position), Direction::Backwards) => position,
            (From::Start, _) => 0,
            (From::End, _) => u64::MAX,
        };
        while count > 0 {
            let page = self.store.readers().all(direction, next, count, filter.clone()).await?;
            count -= page.events.len() as u64;
            next = page.looked_at.unwrap_or(next);
            let events = page.events.iter();
            self.send(events.map(|event| write_event(event, self.form)).collect()).await?;
            if page.end {
                break;
            }
        }
        if self.with_bounds {
            let head = self.store.head();
            self.send(vec![Content::LastAllStreamPosition(AllStreamPosition {
                commit_position: head,
                prepare_position: head,
            })])
            .await?;
        }
        Ok(())
    }

    async fn subscription(&self, target: Target) -> Result<(), Ended> {
        let mut subscriber = self.subscriber(target).await?;
        self.send(vec![Content::Confirmation(read_resp::SubscriptionConfirmation {
            subscription_id: Uuid::new_v4().to_string(),
        })])
        .await?;
        loop {
            let batch = subscriber.next().await?;
            let contents = batch.iter();
            self.send(contents.map(|delivery| write_delivery(delivery, self.form)).collect()).await?;
        }
    }

    async fn subscriber(&self, target: Target) -> Result<Subscriber, Ended> {
        let head = self.store.head();
        let (source, position) = match target {
            Target::All { from, filter, interval } => (Source::All { filter, interval }, after(from, head)),
            Target::Stream { name, from } => {
                let (next_revision, position) = match from {
                    From::Start => (0, 0),
                    From::At(revision) => (revision.saturating_add(1), 0),
                    From::End => self.end_of(&name, head).await?,
                };
                (Source::Stream { name, next_revision }, position)
            }
        };
        Ok(Subscriber::new(self.store, source, position))
    }

    async fn end_of(&self, name: &Arc<str>, head: u64) -> Result<(u64, u64), Ended> {
        let page = self.store.readers().stream(name.clone(), Direction::Forwards, u64::MAX, 0).await?;
        Ok(page.map_or((0, head), |page| (page.last_revision + 1, head.max(page.last_position))))
    }
}

fn after(from: From, head: u64) -> u64 {
    match from {
        From::Start => 0,
        From::End => head,
        From::At(position) => position,
    }
}

/// `None`: forwards from the end shows nothing.
fn first_revision(from: From, direction: Direction) -> Option<u64> {
    match (from, direction) {
        (From::Start, _) => Some(0),
        (From::At(revision), _) => Some(revision),
        (From::End, Direction::Backwards) => Some(u64::MAX),
        (From::End, Direction::Forwards) => None,
    }
}
