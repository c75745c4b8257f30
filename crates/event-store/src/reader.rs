//! Reads pages of the log. A page is short, so no reader holds another up for long.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::error::ReadError;
use crate::event::{Event, category_of};
use crate::filter::Filter;
use crate::index::Key;
use crate::live::Live;
use crate::log::Cursor;
use crate::lookup::{Head, Lookup};
use crate::retention::Visible;

/// Reads at a time.
const READS: usize = 4;
/// Bytes in a page; at least one event is always in.
const PAGE_BYTES: usize = 1 << 20;
/// Events looked at for one page.
pub(crate) const PAGE_EVENTS: u64 = 512;

/// Which way a read goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Forwards,
    Backwards,
}

/// Part of `$all`.
#[derive(Debug, Default)]
pub(crate) struct AllPage {
    pub(crate) events: Vec<Event>,
    /// The last position looked at, whether it matched or not.
    pub(crate) looked_at: Option<u64>,
    /// How many events were looked at.
    pub(crate) looked: u64,
    /// There is nothing further this way.
    pub(crate) end: bool,
}

/// Part of a stream.
#[derive(Debug)]
pub(crate) struct StreamPage {
    pub(crate) events: Vec<Event>,
    pub(crate) first_visible: u64,
    pub(crate) last_revision: u64,
    pub(crate) last_position: u64,
    pub(crate) end: bool,
}

/// Part of a category.
#[derive(Debug)]
pub(crate) struct CategoryPage {
    /// Each with its number in the category.
    pub(crate) events: Vec<(u64, Event)>,
    /// The number of the category's newest event.
    pub(crate) last: u64,
    pub(crate) end: bool,
}

/// Reads for whoever asks, a few at a time.
#[derive(Debug)]
pub(crate) struct Readers {
    lookup: Lookup,
    live: Arc<Live>,
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn new(lookup: Lookup, live: Arc<Live>) -> Self {
        Self { lookup, live, permits: Semaphore::new(READS) }
    }

    /// Events after a position (forwards) or before it (backwards).
    pub(crate) async fn all(
        self: &Arc<Self>,
        direction: Direction,
        from: u64,
        limit: u64,
        filter: Option<Arc<Filter>>,
    ) -> Result<AllPage, ReadError> {
        self.run(move |lookup| all_page(lookup, direction, from, limit, filter.as_deref())).await
    }

    /// Events from a revision on, itself included. `None`: there is no such stream.
    pub(crate) async fn stream(
        self: &Arc<Self>,
        name: Arc<str>,
        direction: Direction,
        from: u64,
        limit: u64,
    ) -> Result<Option<StreamPage>, ReadError> {
        self.live.until_indexed().await;
        self.run(move |lookup| stream_page(lookup, &name, direction, from, limit)).await
    }

    /// Events of the streams whose names begin with a category and a dash, from a number on, itself
    /// included. `None`: there is no such category.
    pub(crate) async fn category(
        self: &Arc<Self>,
        category: Arc<str>,
        direction: Direction,
        from: u64,
        limit: u64,
    ) -> Result<Option<CategoryPage>, ReadError> {
        self.live.until_indexed().await;
        self.run(move |lookup| category_page(lookup, &category, direction, from, limit)).await
    }

    async fn run<T, F>(self: &Arc<Self>, read: F) -> Result<T, ReadError>
    where
        T: Send + 'static,
        F: FnOnce(&Lookup) -> Result<T, ReadError> + Send + 'static,
    {
        let _permit = self.permits.acquire().await.map_err(|_| ReadError::Thread)?;
        let readers = self.clone();
        tokio::task::spawn_blocking(move || read(&readers.lookup)).await.map_err(|_| ReadError::Thread)?
    }
}

fn all_page(
    lookup: &Lookup,
    direction: Direction,
    from: u64,
    limit: u64,
    filter: Option<&Filter>,
) -> Result<AllPage, ReadError> {
    let start = match direction {
        Direction::Forwards => from.saturating_add(1),
        Direction::Backwards => from,
    };
    let mut cursor = Cursor::at(&lookup.segments, start)?;
    let (mut page, mut bytes) = (AllPage::default(), 0);
    while page.looked < PAGE_EVENTS && (page.events.len() as u64) < limit && bytes < PAGE_BYTES {
        let record = match direction {
            Direction::Forwards => cursor.forwards(),
            Direction::Backwards => cursor.backwards(),
        };
        let record = match record {
            // What is before the damage is served; the next page says what is wrong.
            Err(ReadError::Damaged { .. }) if page.looked > 0 => break,
            record => record?,
        };
        let Some(record) = record else {
            page.end = true;
            break;
        };
        page.looked_at = Some(record.position);
        if record.revision().is_none() {
            continue;
        }
        page.looked += 1;
        let wanted = filter.map_or(Ok(true), |filter| filter.matches(record.stream(), record.kind()))?;
        if let Some(event) = record.event().filter(|_| wanted) {
            bytes += event.weight();
            page.events.push(event);
        }
    }
    Ok(page)
}

fn stream_page(
    lookup: &Lookup,
    name: &Arc<str>,
    direction: Direction,
    from: u64,
    limit: u64,
) -> Result<Option<StreamPage>, ReadError> {
    let Some(head) = lookup.head(name)? else {
        return Ok(None);
    };
    if head.tombstoned() {
        return Err(ReadError::Deleted { stream: name.clone() });
    }
    let visible = lookup.retention(name)?.visible(head.revision);
    let Some(first_visible) = first_visible(lookup, name, head, visible)? else {
        return Ok(None);
    };
    let from = match direction {
        Direction::Forwards => from.max(first_visible),
        Direction::Backwards => from,
    };
    // One more than wanted tells whether there is more.
    let wanted = limit.min(PAGE_EVENTS) as usize;
    let found = lookup.page(Key::stream(name), from, direction, wanted + 1, |event| event.stream == *name)?;
    let seen = found.into_iter().map(|(_, event)| event).take_while(|event| event.revision >= first_visible);
    let (events, end) = cut(seen.filter(|event| event.created >= visible.created_from), wanted, |event| event);
    Ok(Some(StreamPage { events, first_visible, last_revision: head.revision, last_position: head.position, end }))
}

/// The first revision that may be seen; `None` when nothing may.
fn first_visible(lookup: &Lookup, name: &str, head: Head, visible: Visible) -> Result<Option<u64>, ReadError> {
    if visible.first_revision > head.revision {
        return Ok(None);
    }
    if visible.created_from == i64::MIN {
        return Ok(Some(visible.first_revision));
    }
    // Revisions are in the order of time, so the first young one is found by halving.
    let (mut low, mut high) = (visible.first_revision, head.revision + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match lookup.event_from(name, middle)? {
            Some(event) if event.created < visible.created_from => low = event.revision + 1,
            _ => high = middle,
        }
    }
    Ok((low <= head.revision).then_some(low))
}

fn category_page(
    lookup: &Lookup,
    category: &str,
    direction: Direction,
    from: u64,
    limit: u64,
) -> Result<Option<CategoryPage>, ReadError> {
    let Some(last) = lookup.category_head(category)? else {
        return Ok(None);
    };
    let wanted = limit.min(PAGE_EVENTS) as usize;
    let is_meant = |event: &Event| category_of(&event.stream) == Some(category);
    let found = lookup.page(Key::category(category), from, direction, wanted + 1, is_meant)?;
    let numbered = found.into_iter().map(|(entry, event)| (entry.revision, event));
    let (events, end) = cut(numbered, wanted, |(_, event)| event);
    Ok(Some(CategoryPage { events, last, end }))
}

/// As many as fit in a page, and whether these were all.
fn cut<T>(all: impl Iterator<Item = T>, wanted: usize, event: impl Fn(&T) -> &Event) -> (Vec<T>, bool) {
    let (mut page, mut bytes) = (Vec::new(), 0);
    for item in all {
        if page.len() >= wanted || bytes >= PAGE_BYTES {
            return (page, false);
        }
        bytes += event(&item).weight();
        page.push(item);
    }
    (page, true)
}
