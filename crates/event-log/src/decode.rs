//! From the client's records to facts and back.

use std::sync::Arc;

use events::{DecodeError, Fact, Family, Metadata, Position, Recorded, StreamName, Timestamp};
use eventstore::RecordedEvent;
use serde_json::Value;
use uuid::Uuid;

use crate::LogError;

/// Our order is the prepare position: unlike the commit position it differs for events of one append.
pub(crate) fn position(position: eventstore::Position) -> Position {
    Position(position.prepare)
}

/// Where to resume after a position. Never skips: at worst events of one append come again and are dropped.
pub(crate) fn resume(position: Position) -> eventstore::Position {
    eventstore::Position { commit: position.0, prepare: position.0 }
}

/// Reads an event of a known family.
pub(crate) fn typed<F: Family>(event: &RecordedEvent) -> Result<Recorded<F>, LogError> {
    recorded(event, |_, name, data| F::decode(name, data)).map_err(|source| unreadable(event, source))
}

/// Reads an event of any category.
pub(crate) fn fact(event: &RecordedEvent) -> Result<Recorded, DecodeError> {
    recorded(event, Fact::decode)
}

pub(crate) fn unreadable(event: &RecordedEvent, source: DecodeError) -> LogError {
    LogError::Unreadable { stream: event.stream_id.clone(), revision: event.revision, source: Arc::new(source) }
}

fn recorded<E>(
    event: &RecordedEvent,
    decode: impl FnOnce(&StreamName, &str, Value) -> Result<E, DecodeError>,
) -> Result<Recorded<E>, DecodeError> {
    let shape = |source| DecodeError::UnknownShape { name: event.event_type.clone(), source };
    let stream = StreamName::stored(event.stream_id.clone());
    let data = serde_json::from_slice(&event.data).map_err(shape)?;
    let decoded = decode(&stream, &event.event_type, data)?;
    Ok(Recorded {
        position: position(event.position),
        revision: event.revision,
        at: Timestamp::from_unix_ms(event.created.timestamp_millis()),
        event_id: event.id,
        metadata: metadata(event),
        stream,
        event: decoded,
    })
}

/// Foreign tools may append without our metadata; such an event is its own cause.
fn metadata(event: &RecordedEvent) -> Metadata {
    serde_json::from_slice(&event.custom_metadata).unwrap_or(Metadata {
        actor: None,
        session: None,
        correlation_id: Uuid::nil(),
        causation_id: event.id,
    })
}
