//! The log: every event in the order of its commit, in files of some 64 MiB, never changed in place.
//! It is the truth; the index is made from it. A position is an event's distance from the log's start.

mod cursor;
mod mark;
mod record;
mod recovery;
mod segment;
mod segments;
mod tail;

pub(crate) use cursor::Cursor;
pub(crate) use record::{Body, LAST_REVISION, length_of};
pub(crate) use recovery::open;
pub(crate) use segment::{Segment, Window};
pub(crate) use segments::Segments;
pub(crate) use tail::{NoRoom, Place, Tail};
