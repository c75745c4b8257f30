//! The table of websocket commands: what each asks of whoever sends it, and what comes back.
//!
//! **A new frame of clients needs one row here**: its `type`, what must be so (as in `routes.rs`), the frame, and what
//! answers it. A frame that does what a route does asks the same: name the route with `like("operation_id")`.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::cell::Ask::{self, Belongs, SignedIn};
use crate::place::Target;
use crate::routes::row;

/// What answers a frame that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// `ack` with its id.
    Ack,
    /// Nothing; the members who are there get a `typing`.
    Typing,
    /// A frame of this type.
    Frame(&'static str),
    /// Nothing at all.
    Silence,
}

/// What one frame asks.
pub struct FrameRow {
    pub kind: &'static str,
    asks: Asks,
    /// Whether no conversation is concerned.
    pub about_nothing: bool,
    pub frame: fn(&Target) -> Value,
    pub reply: Reply,
}

enum Asks {
    These(&'static [Ask]),
    AsRoute(&'static str),
}

impl FrameRow {
    /// Whether its success changes no other cell's answer.
    pub fn is_harmless(&self) -> bool {
        match self.asks {
            Asks::These(_) => true,
            Asks::AsRoute(operation) => row(operation, "").harmless,
        }
    }

    pub fn asks(&self) -> &'static [Ask] {
        match self.asks {
            Asks::These(asks) => asks,
            Asks::AsRoute(operation) => row(operation, "").asks,
        }
    }
}

const fn like(kind: &'static str, route: &'static str, frame: fn(&Target) -> Value) -> FrameRow {
    FrameRow { kind, asks: Asks::AsRoute(route), about_nothing: false, frame, reply: Reply::Ack }
}

const fn alone(kind: &'static str, frame: fn(&Target) -> Value, reply: Reply) -> FrameRow {
    FrameRow { kind, asks: Asks::These(&[SignedIn]), about_nothing: true, frame, reply }
}

pub const FRAMES: &[FrameRow] = &[
    like(
        "send",
        "post_message",
        |target| json!({ "id": Uuid::now_v7(), "conversation": target.conversation, "text": "sent by a cell" }),
    ),
    like("edit", "edit_message", |target| json!({ "id": "1", "message": target.message, "text": "edited by a cell" })),
    like("delete", "delete_message", |target| json!({ "id": "1", "message": target.message })),
    like("react", "add_reaction", |target| json!({ "id": "1", "message": target.message, "emoji": "👍" })),
    like("unreact", "remove_reaction", |target| json!({ "id": "1", "message": target.message, "emoji": "👍" })),
    like(
        "read",
        "mark_read",
        |target| json!({ "id": "1", "conversation": target.conversation, "position": target.position }),
    ),
    like(
        "delivered",
        "mark_delivered",
        |target| json!({ "id": "1", "conversation": target.conversation, "position": target.position }),
    ),
    FrameRow {
        reply: Reply::Frame("answer"),
        ..like(
            "command",
            "run_command",
            |target| json!({ "id": "1", "conversation": target.conversation, "text": "/shortcuts" }),
        )
    },
    FrameRow {
        kind: "typing",
        asks: Asks::These(&[SignedIn, Belongs]),
        about_nothing: false,
        frame: |target| json!({ "conversation": target.conversation }),
        reply: Reply::Typing,
    },
    alone("hello", |_| json!({}), Reply::Frame("ready")),
    alone("presence", |_| json!({ "state": "away" }), Reply::Silence),
    alone("watch", |target| json!({ "users": [target.user] }), Reply::Frame("presence")),
    alone("token", |_| json!({}), Reply::Silence),
    alone("ping", |_| json!({}), Reply::Frame("pong")),
];
