//! The ready-to-send websocket frame of a public fact: encoded here once, forwarded everywhere as it is.

use bytes::Bytes;
use events::Position;
use events::public::{PublicEvent, PublicFact};
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Event {
        cursor: Position,
        event: &'a PublicFact,
    },
    /// Presence is of the moment: it has no cursor and is never replayed.
    Presence {
        user: events::UserId,
        state: events::public::PresenceState,
    },
}

/// The frame's bytes.
pub(crate) fn of(fact: &PublicFact) -> serde_json::Result<Bytes> {
    let frame = match &fact.event {
        PublicEvent::PresenceChanged { user, state } => Frame::Presence { user: *user, state: *state },
        _ => Frame::Event { cursor: fact.position, event: fact },
    };
    serde_json::to_vec(&frame).map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::public::PresenceState;
    use events::{Timestamp, UserId};
    use serde_json::json;
    use uuid::Uuid;

    fn framed(event: PublicEvent) -> serde_json::Value {
        let fact = PublicFact { position: Position(7), at: Timestamp::from_unix_ms(0), actor: None, event };
        serde_json::from_slice(&of(&fact).unwrap()).unwrap()
    }

    #[test]
    fn a_fact_is_framed_with_its_cursor() {
        let user = UserId::new(Uuid::nil());
        let conversation = events::ConversationId::new(Uuid::nil());
        let frame = framed(PublicEvent::MemberJoined { conversation, user });
        assert_eq!((&frame["type"], &frame["cursor"]), (&json!("event"), &json!(7)));
        assert_eq!((&frame["event"]["type"], &frame["event"]["position"]), (&json!("member_joined"), &json!(7)));
    }

    #[test]
    fn presence_has_a_frame_of_its_own() {
        let user = UserId::new(Uuid::nil());
        let frame = framed(PublicEvent::PresenceChanged { user, state: PresenceState::Away });
        assert_eq!(frame, json!({ "type": "presence", "user": user, "state": "away" }));
    }
}
