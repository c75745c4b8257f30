//! What somebody has begun to write in one place, and in which places she has. The text stands in a stream of its own
//! for each place, of which only the newest fact is kept; the places stand together, since there are so many and no more.

mod close_draft;
mod open_draft;
mod remove_draft;
mod save_draft;

use std::collections::BTreeSet;

use events::{DraftEvent, DraftPlace, Recorded, StreamName, UserId};

use crate::Aggregate;

pub use close_draft::CloseDraft;
pub use open_draft::{MOST_DRAFTS, OpenDraft};
pub use remove_draft::RemoveDraft;
pub use save_draft::SaveDraft;

/// The aggregate of `draft-{conversation}.{user}` and `draft-{conversation}.{thread}.{user}`.
#[derive(Debug)]
pub struct Draft;

/// The aggregate of `draft-{user}`.
#[derive(Debug)]
pub struct Places;

/// Why a draft says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The thread stands in another conversation.
    #[error("the thread stands elsewhere")]
    Elsewhere,
    /// She has drafts in as many places as may be.
    #[error("too many drafts")]
    TooMany,
}

impl Aggregate for Draft {
    type Id = (DraftPlace, UserId);
    /// The text so far; empty when there is none.
    type State = String;
    type Event = DraftEvent;
    type Refusal = Refusal;

    fn stream((place, user): &(DraftPlace, UserId)) -> StreamName {
        StreamName::draft(*place, *user)
    }

    fn evolve(known: String, fact: &Recorded<DraftEvent>) -> String {
        match &fact.event {
            DraftEvent::DraftSaved { text, .. } => text.clone(),
            DraftEvent::DraftPlacesChanged { .. } => known,
        }
    }
}

impl Aggregate for Places {
    type Id = UserId;
    type State = BTreeSet<DraftPlace>;
    type Event = DraftEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::draft_places(*id)
    }

    fn evolve(known: BTreeSet<DraftPlace>, fact: &Recorded<DraftEvent>) -> BTreeSet<DraftPlace> {
        match &fact.event {
            DraftEvent::DraftPlacesChanged { places } => places.iter().copied().collect(),
            DraftEvent::DraftSaved { .. } => known,
        }
    }
}

fn changed(places: BTreeSet<DraftPlace>) -> Vec<DraftEvent> {
    vec![DraftEvent::DraftPlacesChanged { places: places.into_iter().collect() }]
}

#[cfg(test)]
pub(crate) mod samples;
