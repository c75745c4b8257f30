//! The log: every event in the order of its commit, in files of some 64 MiB, never changed in place.
//! It is the truth; the index is made from it. A position is an event's distance from the log's start.

mod cursor;
mod mark;
mod record;
mod recovery;
mod segment;
mod segments;
mod snapshot;
mod tail;

pub(crate) use cursor::Cursor;
pub(crate) use mark::Mark;
pub(crate) use record::{Body, Chain, LAST_REVISION, Record, length_of, write_gap};
pub(crate) use recovery::open;
pub(crate) use segment::{Header, Segment, Window};
pub(crate) use segments::Segments;
pub(crate) use snapshot::{Seen, Snapshot};
pub(crate) use tail::{NoRoom, Place, Tail};
