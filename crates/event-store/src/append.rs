//! What may be appended: expected revisions and repeats (SPEC.md §2). Runs inside the writer's group.

use std::sync::Arc;
use std::time::Instant;

use crate::error::Refusal;
use crate::event::{Event, Expected, Proposed};
use crate::ledger::{Head, Ledger};

/// Called once, after the group is on the disk.
pub(crate) type Answer = Box<dyn FnOnce(Result<Written, Refusal>) + Send>;

/// Events for the end of one stream: all of them or none.
pub(crate) struct Append {
    pub(crate) stream: Arc<str>,
    pub(crate) expected: Expected,
    pub(crate) events: Vec<Proposed>,
    /// When it passes before the writer gets here, nothing is written.
    pub(crate) deadline: Option<Instant>,
}

/// Where the last event of an append is; `None` where there is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) revision: Option<u64>,
    pub(crate) position: Option<u64>,
}

enum Decision {
    Add,
    Nothing(Written),
    Refuse,
}

/// Outcome of one append, and the events it added.
pub(crate) type Outcome = (Result<Written, Refusal>, Vec<Arc<Event>>);

/// Decides and adds. An error means the group must not be committed.
pub(crate) fn apply(ledger: &mut Ledger, append: Append) -> rusqlite::Result<Outcome> {
    if append.deadline.is_some_and(|at| at <= Instant::now()) {
        return Ok((Err(Refusal::Expired), Vec::new()));
    }
    let head = ledger.head(&append.stream)?;
    match decide(ledger, head, append.expected, &append.events)? {
        Decision::Add => {
            let added = ledger.add(&append.stream, head, append.events)?;
            let written = Written {
                revision: added.last().map(|event| event.revision),
                position: added.last().map(|event| event.position),
            };
            Ok((Ok(written), added))
        }
        Decision::Nothing(written) => Ok((Ok(written), Vec::new())),
        Decision::Refuse => {
            let current = head.map(|head| head.revision);
            Ok((Err(Refusal::WrongExpected { current }), Vec::new()))
        }
    }
}

fn decide(ledger: &Ledger, head: Option<Head>, expected: Expected, events: &[Proposed]) -> rusqlite::Result<Decision> {
    if events.is_empty() {
        return Ok(decide_empty(head, expected));
    }
    let Some(head) = head else {
        return Ok(match expected {
            Expected::Any | Expected::NoStream => Decision::Add,
            Expected::Exists | Expected::Revision(_) => Decision::Refuse,
        });
    };
    match expected {
        Expected::Any | Expected::Exists => decide_by_id(ledger, head, events),
        Expected::Revision(revision) if revision == head.revision => Ok(Decision::Add),
        Expected::Revision(revision) if revision > head.revision => Ok(Decision::Refuse),
        Expected::Revision(revision) => repeat_at(ledger, head, revision + 1, events),
        Expected::NoStream => repeat_at(ledger, head, 0, events),
    }
}

/// Nothing to add: only the expectation is checked.
fn decide_empty(head: Option<Head>, expected: Expected) -> Decision {
    let holds = match expected {
        Expected::Any => true,
        Expected::Exists => head.is_some(),
        Expected::NoStream => head.is_none(),
        Expected::Revision(revision) => head.is_some_and(|head| head.revision == revision),
    };
    if !holds {
        return Decision::Refuse;
    }
    Decision::Nothing(Written { revision: head.map(|head| head.revision), position: None })
}

/// No revision to go by: known ids make it a repeat, but only all of them, side by side.
fn decide_by_id(ledger: &Ledger, head: Head, events: &[Proposed]) -> rusqlite::Result<Decision> {
    if let Some(first) = ledger.revision_of(head.stream, events[0].id)? {
        return repeat_at(ledger, head, first, events);
    }
    for event in &events[1..] {
        if ledger.revision_of(head.stream, event.id)?.is_some() {
            return Ok(Decision::Refuse);
        }
    }
    Ok(Decision::Add)
}

/// A repeat has the same ids, in the same order, from `first` on.
fn repeat_at(ledger: &Ledger, head: Head, first: u64, events: &[Proposed]) -> rusqlite::Result<Decision> {
    let mut written = None;
    for (revision, event) in (first..).zip(events) {
        match ledger.event_at(head.stream, revision)? {
            Some((id, position)) if id == event.id => written = Some((revision, position)),
            _ => return Ok(Decision::Refuse),
        }
    }
    Ok(match written {
        Some((revision, position)) => Decision::Nothing(Written { revision: Some(revision), position: Some(position) }),
        None => Decision::Refuse,
    })
}
