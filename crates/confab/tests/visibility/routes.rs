//! The table of HTTP routes: what each of them asks of whoever comes.
//!
//! **A new route needs one row here**, or `every_route_frame_event_and_count_has_a_row` fails with its name:
//!
//! 1. `Row::of("operation_id", &[…])` with what must be so, in the order in which the answers take precedence: the first
//!    `Ask` that is not met gives the expected answer (`cell.rs` says which). Method and path come from the OpenAPI
//!    document, path parameters from `Target` (`place.rs`).
//! 2. `.with(|target| json!(…))` if it takes a body, `.query(…)` if it takes a query.
//! 3. `.showing(what, when)` if its answer shows a thing to some of those who are allowed: `what` stands in the answer
//!    exactly for those who meet `when`.
//! 4. `.harmless()` if it is a write whose success changes no other cell's answer: it shares its conversations with others
//!    of that kind. Reads are harmless anyway; all other rows get conversations of their own.
//! 5. `.about_nothing()` if no conversation is concerned.
//!
//! A route that is used in several ways has several rows, told apart by `.when("…")`.

use std::time::SystemTime;

use events::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cell::Ask;
use crate::cell::Ask::{
    Admin, Archived, Author, AuthorOrAdmin, Belongs, Channel, Follows, Group, Hers, Invited, Manager,
    ManagerWherePublic, MayPost, MaySee, MemberOrAdmin, NotDeleted, Open, OpenOrIn, Proof, Public, Receipts, Saved,
    SignedIn, ThreadStands,
};
use crate::place::Target;

/// What one route asks.
pub struct Row {
    pub operation: &'static str,
    /// Which use of the route, where there are several.
    pub note: &'static str,
    pub asks: &'static [Ask],
    pub about_nothing: bool,
    pub harmless: bool,
    pub body: Option<fn(&Target) -> Value>,
    pub query: Option<fn(&Target) -> String>,
    pub shows: Option<Shows>,
}

/// What stands in an answer for some of those who get one.
pub struct Shows {
    pub what: fn(&Target) -> String,
    pub when: &'static [Ask],
}

impl Row {
    const fn of(operation: &'static str, asks: &'static [Ask]) -> Self {
        let (body, query, shows) = (None, None, None);
        Self { operation, note: "", asks, about_nothing: false, harmless: false, body, query, shows }
    }

    const fn when(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    const fn with(self, body: fn(&Target) -> Value) -> Self {
        Self { body: Some(body), ..self }
    }

    const fn query(self, query: fn(&Target) -> String) -> Self {
        Self { query: Some(query), ..self }
    }

    const fn showing(self, what: fn(&Target) -> String, when: &'static [Ask]) -> Self {
        Self { shows: Some(Shows { what, when }), ..self }
    }

    const fn harmless(self) -> Self {
        Self { harmless: true, ..self }
    }

    const fn about_nothing(self) -> Self {
        Self { about_nothing: true, ..self }
    }
}

/// The first row of an operation, or the one of this use.
pub fn row(operation: &str, note: &str) -> &'static Row {
    let mut rows = ROUTES.iter();
    rows.find(|row| row.operation == operation && row.note == note)
        .unwrap_or_else(|| panic!("no row for {operation} {note}"))
}

/// A moment to come that is soon over: else nothing would notify anybody here any more.
pub fn soon() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
    Timestamp::from_unix_ms(i64::try_from(now).unwrap() + 1_500).to_string()
}

fn conversation(target: &Target) -> String {
    target.conversation.clone()
}

fn said(target: &Target) -> String {
    target.text.clone()
}

pub const ROUTES: &[Row] = &[
    // Signing in.
    Row::of("show_signing_keys", &[]).about_nothing(),
    Row::of("register", &[]).about_nothing().with(|_| {
        let name = Uuid::now_v7().simple();
        json!({ "name": "New", "email": format!("{name}@example.org"), "password": "long enough for anybody" })
    }),
    Row::of("log_in", &[Proof("invalid_credentials")])
        .about_nothing()
        .with(|target| json!({ "identifier": target.email, "password": target.password })),
    Row::of("refresh_session", &[Proof("session_expired")])
        .about_nothing()
        .with(|target| json!({ "refresh_token": target.spare_refresh })),
    Row::of("log_out", &[SignedIn]).about_nothing().with(|target| json!({ "refresh_token": target.over_refresh })),
    Row::of("list_sessions", &[SignedIn]).about_nothing().showing(|target| target.session.clone(), &[Ask::SignedIn]),
    Row::of("revoke_session", &[SignedIn, Hers]).about_nothing(),
    // Reading about people.
    Row::of("list_users", &[SignedIn]).showing(|target| target.author.clone(), &[]),
    Row::of("list_users", &[SignedIn])
        .when("ids")
        .query(|target| format!("ids={}", target.user))
        .showing(|target| target.user.clone(), &[]),
    Row::of("get_user", &[SignedIn]).showing(|target| target.user.clone(), &[]),
    Row::of("get_me", &[SignedIn]).about_nothing().showing(|target| target.email.clone(), &[]),
    // Reading about conversations.
    Row::of("get_conversation", &[SignedIn, MaySee]).showing(conversation, &[]),
    Row::of("list_conversations", &[SignedIn]).showing(conversation, &[Belongs]),
    Row::of("list_channels", &[SignedIn])
        .query(|target| format!("q={}", target.name))
        .showing(conversation, &[Public, Open]),
    Row::of("list_channels", &[SignedIn])
        .when("archived")
        .query(|target| format!("archived=true&q={}", target.name))
        .showing(conversation, &[Archived]),
    Row::of("list_members", &[SignedIn, MaySee]).showing(|target| target.member.clone(), &[]),
    Row::of("list_receipts", &[SignedIn, Belongs]).showing(|target| target.member.clone(), &[Receipts]),
    Row::of("count_mentions", &[SignedIn, MaySee]),
    Row::of("recount_conversation", &[SignedIn, MaySee]).showing(|_| r#""differing":[]"#.to_owned(), &[]),
    Row::of("get_preferences", &[SignedIn]).about_nothing(),
    // Reading messages.
    Row::of("list_messages", &[SignedIn, MaySee]).showing(said, &[NotDeleted]),
    Row::of("get_message", &[SignedIn, MaySee]).showing(said, &[NotDeleted]),
    Row::of("get_message_history", &[SignedIn, MaySee]).showing(|target| target.former.clone(), &[NotDeleted]),
    Row::of("list_message_receipts", &[SignedIn, Belongs]),
    Row::of("get_thread", &[SignedIn, MaySee]).showing(|target| target.answered.clone(), &[]),
    Row::of("list_threads", &[SignedIn]).showing(|target| target.message.clone(), &[Follows, MaySee]),
    Row::of("list_pins", &[SignedIn, MaySee]).showing(said, &[NotDeleted]),
    // What concerned somebody, and why it notified her.
    Row::of("list_activity", &[SignedIn])
        .query(|_| "kind=invitation".to_owned())
        .showing(conversation, &[Invited, MaySee]),
    Row::of("get_notification", &[SignedIn, MaySee]).showing(|target| target.message.clone(), &[]),
    // Other names of routes.
    Row::of("get_messages", &[SignedIn, MaySee])
        .query(|target| format!("conversation={}", target.conversation))
        .showing(said, &[NotDeleted]),
    Row::of("get_profile", &[SignedIn])
        .query(|target| format!("user={}", target.user))
        .showing(|target| target.user.clone(), &[]),
    Row::of("send_message", &[SignedIn, Belongs, Open, MayPost])
        .with(|target| json!({ "conversation": target.conversation, "id": Uuid::now_v7(), "text": "sent by a cell" }))
        .harmless(),
    Row::of("create_group", &[SignedIn])
        .about_nothing()
        .with(|target| json!({ "members": [target.user, target.extra] })),
    Row::of("join_group", &[SignedIn, MaySee, OpenOrIn]).with(|target| json!({ "conversation": target.conversation })),
    Row::of("leave_group", &[SignedIn, MaySee, Channel]).with(|target| json!({ "conversation": target.conversation })),
    // Beginning conversations.
    Row::of("create_conversation", &[SignedIn])
        .when("channel")
        .about_nothing()
        .with(|_| json!({ "kind": "channel", "name": format!("n-{}", Uuid::now_v7().simple()) })),
    Row::of("create_conversation", &[SignedIn])
        .when("group")
        .about_nothing()
        .with(|target| json!({ "kind": "group", "members": [target.user, target.extra] })),
    Row::of("create_conversation", &[SignedIn])
        .when("direct")
        .about_nothing()
        .with(|target| json!({ "kind": "direct", "user": target.user })),
    // Changing channels.
    Row::of("change_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open])
        .when("topic")
        .harmless()
        .with(|_| json!({ "topic": format!("about {}", Uuid::now_v7().simple()) })),
    Row::of("change_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open])
        .when("description")
        .harmless()
        .with(|_| json!({ "description": format!("for {}", Uuid::now_v7().simple()) })),
    Row::of("change_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open])
        .when("name")
        .harmless()
        .with(|_| json!({ "name": format!("n-{}", Uuid::now_v7().simple()) })),
    // What is so already needs nobody's leave: what is private stays private, what is restricted stays so.
    Row::of("change_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open, ManagerWherePublic])
        .when("visibility")
        .with(|_| json!({ "visibility": "private" })),
    Row::of("change_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open, Manager])
        .when("posting")
        .with(|target| json!({ "posting": if target.is_restricted { "everyone" } else { "admins" } })),
    Row::of("change_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open, Manager])
        .when("receipts")
        .with(|_| json!({ "receipts": true })),
    Row::of("archive_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin]),
    Row::of("unarchive_channel", &[SignedIn, MaySee, Channel, MemberOrAdmin]),
    Row::of("convert_to_channel", &[SignedIn, MaySee, Group])
        .with(|_| json!({ "name": format!("n-{}", Uuid::now_v7().simple()) })),
    Row::of("join_channel", &[SignedIn, MaySee, OpenOrIn]),
    Row::of("leave_channel", &[SignedIn, MaySee, Channel]),
    Row::of("add_members", &[SignedIn, MaySee, MemberOrAdmin, Open])
        .with(|target| json!({ "users": [target.extra] }))
        .harmless(),
    Row::of("remove_member", &[SignedIn, MaySee, Channel, MemberOrAdmin, Open, ManagerWherePublic]),
    Row::of("add_default_channel", &[SignedIn, MaySee, Channel, Public, Open, Admin]).harmless(),
    Row::of("remove_default_channel", &[SignedIn, Admin]).harmless(),
    // One's own settings.
    Row::of("star_conversation", &[SignedIn, Belongs]).harmless(),
    Row::of("unstar_conversation", &[SignedIn, Belongs]).harmless(),
    Row::of("mute_conversation", &[SignedIn, Belongs]).harmless(),
    Row::of("unmute_conversation", &[SignedIn, Belongs]).harmless(),
    Row::of("set_notification_level", &[SignedIn, Belongs]).harmless().with(|_| json!({ "level": "mentions" })),
    Row::of("list_saved", &[SignedIn]).about_nothing(),
    Row::of("save_message", &[SignedIn, MaySee, NotDeleted]).harmless().with(|_| json!({})),
    Row::of("set_saved_state", &[SignedIn, Saved]).with(|_| json!({ "state": "completed" })),
    Row::of("unsave_message", &[SignedIn]).harmless(),
    Row::of("set_status", &[SignedIn])
        .about_nothing()
        .with(|_| json!({ "emoji": "🌴", "text": Uuid::now_v7().simple().to_string() })),
    Row::of("clear_status", &[SignedIn]).about_nothing(),
    Row::of("list_drafts", &[SignedIn]).about_nothing(),
    Row::of("save_draft", &[SignedIn, Belongs]).harmless().with(|target| {
        let text = format!("drafted {}", Uuid::now_v7().simple());
        json!({ "conversation": target.conversation, "text": text })
    }),
    Row::of("change_preferences", &[SignedIn])
        .about_nothing()
        .with(|target| json!({ "sections": [{ "name": "Work", "conversations": [target.conversation] }] })),
    Row::of("set_dnd", &[SignedIn]).about_nothing().with(|_| json!({ "until": soon() })),
    Row::of("clear_dnd", &[SignedIn]).about_nothing(),
    // Others are told once.
    Row::of("mark_delivered", &[SignedIn, Belongs]).with(|target| json!({ "position": target.position })),
    Row::of("mark_unread", &[SignedIn, Belongs]).harmless(),
    Row::of("mark_all_read", &[SignedIn]).about_nothing().with(|_| json!({ "position": 1 })),
    // Not far: the event of reading on needs something that is still unread.
    Row::of("mark_activity_read", &[SignedIn]).about_nothing().with(|_| json!({ "position": 1 })),
    Row::of("mark_read", &[SignedIn, Belongs]).with(|target| json!({ "position": target.position })).harmless(),
    // Messages.
    Row::of("post_message", &[SignedIn, Belongs, Open, MayPost])
        .with(|_| json!({ "id": Uuid::now_v7(), "text": "said by a cell" }))
        .harmless(),
    Row::of("post_message", &[SignedIn, Belongs, Open, MayPost, ThreadStands])
        .when("answer")
        .with(|target| json!({ "id": Uuid::now_v7(), "text": "answered by a cell", "thread": target.message }))
        .harmless(),
    Row::of("post_message", &[SignedIn, Belongs, Open, MayPost, NotDeleted])
        .when("forward")
        .with(|target| json!({ "id": Uuid::now_v7(), "text": "", "forwards": target.message }))
        .harmless(),
    // What a command does asks what the routes of the same things ask; the command itself, that one sees where one is.
    Row::of("run_command", &[SignedIn, MaySee]).with(|_| json!({ "text": "/shortcuts" })).harmless(),
    Row::of("run_command", &[SignedIn, MaySee, Belongs, Open, MayPost])
        .when("saying")
        .with(|_| json!({ "text": "/me waves", "id": Uuid::now_v7() }))
        .harmless(),
    Row::of("edit_message", &[SignedIn, Belongs, Open, MayPost, NotDeleted, Author])
        .with(|_| json!({ "text": format!("edited {}", Uuid::now_v7().simple()) }))
        .harmless(),
    Row::of("delete_message", &[SignedIn, Belongs, Open, AuthorOrAdmin]),
    Row::of("add_reaction", &[SignedIn, Belongs, Open, NotDeleted]).harmless(),
    Row::of("remove_reaction", &[SignedIn, Belongs, Open]).harmless(),
    Row::of("pin_message", &[SignedIn, Belongs, Open, MayPost, NotDeleted]).harmless(),
    Row::of("unpin_message", &[SignedIn, Belongs, Open, MayPost]).harmless(),
    Row::of("follow_thread", &[SignedIn, Belongs]).harmless(),
    Row::of("unfollow_thread", &[SignedIn, Belongs]).harmless(),
    Row::of("mark_thread_read", &[SignedIn, Belongs]).with(|target| json!({ "position": target.position })).harmless(),
];
