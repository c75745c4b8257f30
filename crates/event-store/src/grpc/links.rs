//! Links: events of type `$>` that name another event, shown with it to a client that asks. A category,
//! `$ce-…`, is shown as a stream of such links, which are made while it is read.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use crate::error::ReadError;
use crate::event::Event;
use crate::grpc::query::Named;
use crate::grpc::wire::{UuidForm, write_event, write_resolved};
use crate::protocol::event_store::client::streams::read_resp::Content;
use crate::reader::{CategoryPage, Direction, Readers};

const LINK: &str = "$>";

/// How events are shown to one client.
pub(crate) struct Links<'a> {
    pub(crate) readers: &'a Arc<Readers>,
    pub(crate) resolve: bool,
    pub(crate) form: UuidForm,
}

/// Part of a stream or of a category, ready to be sent.
pub(crate) struct Shown {
    pub(crate) contents: Vec<Content>,
    /// The revision of the last event in it.
    pub(crate) last: Option<u64>,
    pub(crate) first_visible: u64,
    pub(crate) last_revision: u64,
    /// Where the stream's last event is; a category does not say.
    pub(crate) last_position: u64,
    pub(crate) end: bool,
}

impl Links<'_> {
    /// Events from a revision on, itself included. `None`: there is nothing of this name.
    pub(crate) async fn page(
        &self,
        of: &Named,
        direction: Direction,
        from: u64,
        limit: u64,
    ) -> Result<Option<Shown>, ReadError> {
        match of {
            Named::Stream(name) => {
                let Some(page) = self.readers.stream(name.clone(), direction, from, limit).await? else {
                    return Ok(None);
                };
                Ok(Some(Shown {
                    contents: self.contents(&page.events).await?,
                    last: page.events.last().map(|event| event.revision),
                    first_visible: page.first_visible,
                    last_revision: page.last_revision,
                    last_position: page.last_position,
                    end: page.end,
                }))
            }
            Named::Category(category) => {
                let page = self.readers.category(category.clone(), direction, from, limit).await?;
                match page {
                    Some(page) => self.category(category, page).await.map(Some),
                    None => Ok(None),
                }
            }
        }
    }

    async fn category(&self, category: &str, page: CategoryPage) -> Result<Shown, ReadError> {
        let mut visible = HashMap::new();
        let mut contents = Vec::with_capacity(page.events.len());
        for (_, event) in &page.events {
            contents.push(self.member(category, event, &mut visible).await?);
        }
        let last = page.events.last().map(|(number, _)| *number);
        Ok(Shown { contents, last, first_visible: 0, last_revision: page.last, last_position: 0, end: page.end })
    }

    /// What a subscription shows of this name; `None` is `$all`.
    pub(crate) async fn delivered(&self, of: Option<&Named>, event: &Event) -> Result<Content, ReadError> {
        match of {
            Some(Named::Category(category)) => self.member(category, event, &mut HashMap::new()).await,
            Some(Named::Stream(_)) | None => self.content(event).await,
        }
    }

    pub(crate) async fn contents(&self, events: &[Event]) -> Result<Vec<Content>, ReadError> {
        let mut contents = Vec::with_capacity(events.len());
        for event in events {
            contents.push(self.content(event).await?);
        }
        Ok(contents)
    }

    async fn content(&self, event: &Event) -> Result<Content, ReadError> {
        if !self.resolve || &*event.kind != LINK {
            return Ok(write_event(event, self.form));
        }
        let target = match target(&event.data) {
            Some((revision, stream)) => self.event_at(stream, revision).await?,
            None => None,
        };
        Ok(write_resolved(event, target.as_ref(), self.form))
    }

    async fn event_at(&self, stream: Arc<str>, revision: u64) -> Result<Option<Event>, ReadError> {
        match self.readers.stream(stream, Direction::Forwards, revision, 1).await {
            Ok(Some(page)) => Ok(page.events.into_iter().next().filter(|event| event.revision == revision)),
            Ok(None) | Err(ReadError::Deleted { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An event as a member of its category. `visible` remembers where its stream begins.
    async fn member(
        &self,
        category: &str,
        event: &Event,
        visible: &mut HashMap<Arc<str>, Option<u64>>,
    ) -> Result<Content, ReadError> {
        let link = link(category, event);
        if !self.resolve {
            return Ok(write_event(&link, self.form));
        }
        let first = match visible.get(&event.stream) {
            Some(first) => *first,
            None => {
                let first = self.first_visible(&event.stream).await?;
                visible.insert(event.stream.clone(), first);
                first
            }
        };
        let target = Some(event).filter(|event| first.is_some_and(|first| event.revision >= first));
        Ok(write_resolved(&link, target, self.form))
    }

    async fn first_visible(&self, stream: &Arc<str>) -> Result<Option<u64>, ReadError> {
        match self.readers.stream(stream.clone(), Direction::Forwards, u64::MAX, 0).await {
            Ok(page) => Ok(page.map(|page| page.first_visible)),
            Err(ReadError::Deleted { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What a link's data names: `revision@stream`.
fn target(data: &[u8]) -> Option<(u64, Arc<str>)> {
    let (revision, stream) = std::str::from_utf8(data).ok()?.split_once('@')?;
    Some((revision.parse().ok()?, stream.into()))
}

fn link(category: &str, event: &Event) -> Event {
    let data = format!("{}@{}", event.revision, event.stream);
    Event {
        position: event.position,
        revision: event.category_revision.unwrap_or(0),
        category_revision: None,
        stream: format!("$ce-{category}").into(),
        // The same at every reading.
        id: Uuid::new_v5(&event.id, data.as_bytes()),
        kind: LINK.into(),
        created: event.created,
        json: false,
        metadata: Bytes::new(),
        data: data.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_a_revision_and_a_stream() {
        assert_eq!(target(b"7@a-1@b"), Some((7, "a-1@b".into())));
        for wrong in [&b""[..], b"7", b"@a", b"x@a", b"-1@a", b"7@\xff", b"99999999999999999999@a"] {
            assert_eq!(target(wrong), None);
        }
    }
}
