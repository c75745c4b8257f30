//! Drafts that specs begin with.

use events::{ConversationId, DraftEvent, DraftPlace};
use uuid::Uuid;

use crate::conversation::samples::CHANNEL;
use crate::message::samples::HELLO;

pub(crate) const HERE: DraftPlace = DraftPlace { conversation: CHANNEL, thread: None };
pub(crate) const THREAD: DraftPlace = DraftPlace { conversation: CHANNEL, thread: Some(HELLO) };

pub(crate) fn drafted(place: DraftPlace, text: &str) -> DraftEvent {
    DraftEvent::DraftSaved { conversation: place.conversation, thread: place.thread, text: text.into() }
}

/// So many places besides these.
pub(crate) fn others(count: u128) -> impl Iterator<Item = DraftPlace> {
    (0..count).map(|n| DraftPlace { conversation: ConversationId::new(Uuid::from_u128(0x1_0000 + n)), thread: None })
}

pub(crate) fn places(places: impl IntoIterator<Item = DraftPlace>) -> DraftEvent {
    DraftEvent::DraftPlacesChanged { places: places.into_iter().collect() }
}
