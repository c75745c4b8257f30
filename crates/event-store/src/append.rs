//! What may be appended: expected revisions, repeats and removals (SPEC.md §2, §6). Runs inside the
//! writer's group.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use uuid::Uuid;

use crate::error::{ReadError, Refusal};
use crate::event::{Expected, Proposed};
use crate::ledger::Ledger;
use crate::log::{LAST_REVISION, length_of};
use crate::lookup::Head;
use crate::retention::truncated;

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

impl Append {
    /// Bytes that count against the append limit.
    pub(crate) fn size(&self) -> usize {
        self.events.iter().map(Proposed::size).sum()
    }
}

/// Where the last event of an append is; `None` where there is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The revision of the stream's last event.
    pub revision: Option<u64>,
    /// The position of the append's last event.
    pub position: Option<u64>,
}

/// The end of a stream: until something is appended, or for ever.
pub(crate) struct Removal {
    pub(crate) stream: Arc<str>,
    pub(crate) expected: Expected,
    pub(crate) for_ever: bool,
}

/// What the writer is asked to do.
pub(crate) enum Command {
    Append(Append),
    Remove(Removal),
    /// To begin a new file of the log; answered with its position.
    Close,
}

enum Decision {
    Add,
    Nothing(Written),
    Refuse,
}

/// Where a stream stands, as far as expectations go.
#[derive(Clone, Copy)]
struct Standing {
    head: Head,
    /// Deleted, though not for ever.
    deleted: bool,
    /// The first revision that was not deleted.
    first: u64,
}

/// The outcome of one command. After an error it has added nothing.
pub(crate) type Outcome = Result<Result<Written, Refusal>, ReadError>;

/// Bytes of the metadata that a command may add beside its own events.
const METADATA_BYTES: usize = 4 << 10;

impl Command {
    /// Bytes that it adds to the log at most.
    pub(crate) fn length(&self) -> u64 {
        let (stream, events) = match self {
            Self::Append(append) => (&append.stream, append.events.as_slice()),
            Self::Remove(removal) => (&removal.stream, [].as_slice()),
            Self::Close => return 0,
        };
        let events = events.iter().map(|event| length_of(stream, &event.kind, &event.metadata, &event.data));
        (events.sum::<usize>() + stream.len() + METADATA_BYTES) as u64
    }

    /// Decides and adds.
    pub(crate) fn apply(self, ledger: &mut Ledger) -> Outcome {
        match self {
            Self::Append(append) => apply(ledger, append),
            Self::Remove(removal) => remove(ledger, removal),
            // The writer does it when the group is written.
            Self::Close => Ok(Ok(written(None))),
        }
    }
}

fn apply(ledger: &mut Ledger, append: Append) -> Outcome {
    if append.deadline.is_some_and(|at| at <= Instant::now()) {
        return Ok(Err(Refusal::Expired));
    }
    let standing = standing(ledger, &append.stream)?;
    if standing.is_some_and(|standing| standing.head.tombstoned()) {
        return Ok(Err(Refusal::Deleted { stream: append.stream }));
    }
    match decide(ledger, &append.stream, standing, append.expected, &append.events)? {
        Decision::Add => {
            if let Some(Standing { head, deleted: true, .. }) = standing {
                ledger.know_category(&append.stream)?;
                set_truncated(ledger, &append.stream, Some(head.revision + 1), true)?;
            }
            let first = standing.map_or(0, |standing| standing.head.revision + 1);
            Ok(Ok(written(ledger.add(&append.stream, first, append.events, false)?)))
        }
        Decision::Nothing(written) => Ok(Ok(written)),
        Decision::Refuse => {
            Ok(Err(Refusal::WrongExpected { current: standing.map(|standing| standing.head.revision) }))
        }
    }
}

fn standing(ledger: &mut Ledger, stream: &Arc<str>) -> Result<Option<Standing>, ReadError> {
    let Some(head) = ledger.head(stream)? else {
        return Ok(None);
    };
    if stream.starts_with("$$") {
        return Ok(Some(Standing { head, deleted: false, first: 0 }));
    }
    let (retention, _) = ledger.metadata(stream)?;
    let deleted = retention.deleted();
    Ok(Some(Standing { head, deleted, first: if deleted { 0 } else { retention.truncated_before() } }))
}

fn written(head: Option<Head>) -> Written {
    Written { revision: head.map(|head| head.revision), position: head.map(|head| head.position) }
}

/// Changes how much of a stream is hidden, by an event of its metadata.
fn set_truncated(
    ledger: &mut Ledger,
    stream: &str,
    before: Option<u64>,
    more: bool,
) -> Result<Option<Head>, ReadError> {
    let name: Arc<str> = format!("$${stream}").into();
    let (_, metadata) = ledger.metadata(stream)?;
    let next = ledger.head(&name)?.map_or(0, |head| head.revision + 1);
    let event = own_event("$metadata", true, truncated(&metadata, before).into());
    ledger.add(&name, next, vec![event], more)
}

fn own_event(kind: &str, json: bool, data: Bytes) -> Proposed {
    Proposed { id: Uuid::new_v4(), kind: kind.into(), json, metadata: Bytes::new(), data }
}

fn remove(ledger: &mut Ledger, removal: Removal) -> Outcome {
    let standing = standing(ledger, &removal.stream)?;
    if standing.is_some_and(|standing| standing.head.tombstoned()) {
        return Ok(Err(Refusal::Deleted { stream: removal.stream }));
    }
    if let Decision::Refuse = decide_empty(standing, removal.expected) {
        return Ok(Err(Refusal::WrongExpected { current: standing.map(|standing| standing.head.revision) }));
    }
    if standing.is_none() && !removal.for_ever {
        return Ok(Ok(written(None)));
    }
    let head = match removal.for_ever {
        true => {
            let end = own_event("$streamDeleted", false, Bytes::new());
            ledger.add(&removal.stream, LAST_REVISION, vec![end], false)?
        }
        false => set_truncated(ledger, &removal.stream, None, false)?,
    };
    Ok(Ok(written(head)))
}

fn decide(
    ledger: &Ledger,
    stream: &str,
    standing: Option<Standing>,
    expected: Expected,
    events: &[Proposed],
) -> Result<Decision, ReadError> {
    if events.is_empty() {
        return Ok(decide_empty(standing, expected));
    }
    let Some(Standing { head, deleted, first }) = standing else {
        return Ok(match expected {
            Expected::Any | Expected::NoStream => Decision::Add,
            Expected::Exists | Expected::Revision(_) => Decision::Refuse,
        });
    };
    match expected {
        Expected::NoStream if deleted => Ok(Decision::Add),
        Expected::Exists if deleted => Ok(Decision::Refuse),
        Expected::Any | Expected::Exists => decide_by_id(ledger, stream, events),
        Expected::Revision(revision) if revision == head.revision => Ok(Decision::Add),
        Expected::Revision(revision) if revision > head.revision => Ok(Decision::Refuse),
        Expected::Revision(revision) => repeat_at(ledger, stream, revision + 1, events),
        // A stream that was deleted and begun anew begins behind what was deleted.
        Expected::NoStream => repeat_at(ledger, stream, first, events),
    }
}

/// Nothing to add: only the expectation is checked.
fn decide_empty(standing: Option<Standing>, expected: Expected) -> Decision {
    let exists = standing.is_some_and(|standing| !standing.deleted);
    let holds = match expected {
        Expected::Any => true,
        Expected::Exists => exists,
        Expected::NoStream => !exists,
        Expected::Revision(revision) => standing.is_some_and(|standing| standing.head.revision == revision),
    };
    if !holds {
        return Decision::Refuse;
    }
    Decision::Nothing(Written { revision: standing.map(|standing| standing.head.revision), position: None })
}

/// No revision to go by: known ids make it a repeat, but only all of them, side by side.
fn decide_by_id(ledger: &Ledger, stream: &str, events: &[Proposed]) -> Result<Decision, ReadError> {
    if let Some(first) = ledger.revision_of(stream, events[0].id) {
        return repeat_at(ledger, stream, first, events);
    }
    let mixed = events[1..].iter().any(|event| ledger.revision_of(stream, event.id).is_some());
    Ok(if mixed { Decision::Refuse } else { Decision::Add })
}

/// A repeat has the same ids, in the same order, from `first` on.
fn repeat_at(ledger: &Ledger, stream: &str, first: u64, events: &[Proposed]) -> Result<Decision, ReadError> {
    let mut written = None;
    for (revision, event) in (first..).zip(events) {
        match ledger.event_at(stream, revision)? {
            Some((id, position)) if id == event.id => written = Some((revision, position)),
            _ => return Ok(Decision::Refuse),
        }
    }
    Ok(match written {
        Some((revision, position)) => Decision::Nothing(Written { revision: Some(revision), position: Some(position) }),
        None => Decision::Refuse,
    })
}
