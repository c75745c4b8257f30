//! Answers `Read`: pages of a stream or of `$all`, and subscriptions.

use std::sync::Arc;

use tonic::Status;
use uuid::Uuid;

use crate::filter::Filter;
use crate::grpc::links::{Links, Shown};
use crate::grpc::outbox::{Gone, Outbox};
use crate::grpc::query::{Extent, From, Named, Query, Target};
use crate::grpc::status;
use crate::grpc::wire::{write_checkpoint, write_name};
use crate::protocol::event_store::client::AllStreamPosition;
use crate::protocol::event_store::client::streams::{ReadResp, read_resp, read_resp::Content};
use crate::reader::Direction;
use crate::store::EventStore;
use crate::subscription::{Delivery, Source, Subscriber};

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
    let links = Links { readers: store.readers(), resolve: query.resolve_links, form: query.form };
    let reply = Reply { store, outbox, links, with_bounds: query.with_bounds };
    match (query.target, query.extent) {
        (Target::Named { of, from }, Extent::Count(count)) => reply.named(&of, from, query.direction, count).await,
        (Target::All { from, filter, .. }, Extent::Count(count)) => {
            reply.all(from, query.direction, count, filter).await
        }
        (target, Extent::Subscription) => reply.subscription(target).await,
    }
}

struct Reply<'a> {
    store: &'a EventStore,
    outbox: &'a Outbox<ReadResp>,
    links: Links<'a>,
    with_bounds: bool,
}

impl Reply<'_> {
    async fn send(&self, contents: Vec<Content>) -> Result<(), Ended> {
        let batch = contents.into_iter().map(|content| ReadResp { content: Some(content) }).collect();
        Ok(self.outbox.send(batch).await?)
    }

    async fn named(&self, of: &Named, from: From, direction: Direction, mut count: u64) -> Result<(), Ended> {
        let Some(mut next) = first_revision(from, direction) else {
            return self.bounds_only(of).await;
        };
        let mut first = true;
        loop {
            let Some(page) = self.links.page(of, direction, next, count).await? else {
                return self.not_found(of).await;
            };
            count = count.saturating_sub(page.contents.len() as u64);
            next = match (page.last, direction) {
                (Some(last), Direction::Forwards) => last + 1,
                (Some(last), Direction::Backwards) => last.saturating_sub(1),
                (None, _) => next,
            };
            let done = page.end || count == 0 || (page.last == Some(0) && direction == Direction::Backwards);
            self.send(self.with_bounds(page, first, done)).await?;
            if done {
                return Ok(());
            }
            first = false;
        }
    }

    fn with_bounds(&self, page: Shown, first: bool, done: bool) -> Vec<Content> {
        let mut contents = Vec::with_capacity(page.contents.len() + 2);
        if first && self.with_bounds {
            contents.push(Content::FirstStreamPosition(page.first_visible));
        }
        contents.extend(page.contents);
        if done && self.with_bounds {
            contents.push(Content::LastStreamPosition(page.last_revision));
        }
        contents
    }

    /// Forwards from the end: no events, but the stream must exist.
    async fn bounds_only(&self, of: &Named) -> Result<(), Ended> {
        match self.links.page(of, Direction::Forwards, u64::MAX, 0).await? {
            Some(page) => self.send(self.with_bounds(page, true, true)).await,
            None => self.not_found(of).await,
        }
    }

    async fn not_found(&self, of: &Named) -> Result<(), Ended> {
        let name = match of {
            Named::Stream(name) => write_name(name),
            Named::Category(category) => write_name(&format!("$ce-{category}")),
        };
        let not_found = read_resp::StreamNotFound { stream_identifier: Some(name) };
        self.send(vec![Content::StreamNotFound(not_found)]).await
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
            self.send(self.links.contents(&page.events).await?).await?;
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
        let of = match &target {
            Target::Named { of, .. } => Some(of.clone()),
            Target::All { .. } => None,
        };
        let mut subscriber = self.subscriber(target).await?;
        self.send(vec![Content::Confirmation(read_resp::SubscriptionConfirmation {
            subscription_id: Uuid::new_v4().to_string(),
        })])
        .await?;
        loop {
            let mut contents = Vec::new();
            for delivery in subscriber.next().await? {
                contents.push(match delivery {
                    Delivery::Event(event) => self.links.delivered(of.as_ref(), &event).await?,
                    Delivery::Checkpoint(position) => write_checkpoint(position),
                    Delivery::CaughtUp => Content::CaughtUp(read_resp::CaughtUp {}),
                    Delivery::FellBehind => Content::FellBehind(read_resp::FellBehind {}),
                });
            }
            self.send(contents).await?;
        }
    }

    async fn subscriber(&self, target: Target) -> Result<Subscriber, Ended> {
        let head = self.store.head();
        let (source, position) = match target {
            Target::All { from, filter, interval } => (Source::All { filter, interval }, after(from, head)),
            Target::Named { of, from } => {
                let (next, position) = match from {
                    From::Start => (0, 0),
                    From::At(revision) => (revision.saturating_add(1), 0),
                    From::End => self.end_of(&of, head).await?,
                };
                let source = match of {
                    Named::Stream(name) => Source::Stream { name, next_revision: next },
                    Named::Category(name) => Source::Category { name, next_revision: next },
                };
                (source, position)
            }
        };
        Ok(Subscriber::new(self.store, source, position))
    }

    async fn end_of(&self, of: &Named, head: u64) -> Result<(u64, u64), Ended> {
        let page = self.links.page(of, Direction::Forwards, u64::MAX, 0).await?;
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
