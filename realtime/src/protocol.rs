//! The websocket protocol: every frame a client may send, every frame it may get, and the codes a socket closes with.
//! The AsyncAPI document is made from these types.

use events::public::{CommandAnswer, PresenceState, PublicFact};
use events::{ConversationId, MessageId, Position, SessionId, UserId};
use serde::{Deserialize, Serialize};
use service_kit::Problem;
use utoipa::ToSchema;

/// Largest frame a client may send, bytes.
pub const LARGEST_FRAME: usize = 64 * 1024;
/// More than the largest frame a client may get, bytes: a long message is told with its text and with what that means.
pub const LARGEST_EVENT: usize = 256 * 1024;
/// Most people one socket may watch.
pub const MOST_WATCHED: usize = 500;
/// Longest `id` of a command, bytes.
pub const LONGEST_ID: usize = 64;

/// What a client sends. The first frame is `hello`, within 5 s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Who I am, and the last event I have seen.
    Hello {
        /// An access token.
        token: String,
        /// The cursor of the last event seen; everything missed since then comes first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Position>,
    },
    /// Post a message. Answered by `ack` or `error`; may be repeated with the same id until then.
    Send {
        /// The message's own id, chosen by the client; also the id of the answer.
        id: MessageId,
        /// Where.
        conversation: ConversationId,
        /// What, 1 to 12,000 characters.
        text: String,
        /// The message it answers in a thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<MessageId>,
        /// Whether an answer is to stand in the channel too.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        in_channel: bool,
        /// The message that it passes on; then `text` may be empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        forwards: Option<MessageId>,
    },
    /// Change what a message of mine says. Answered by `ack` or `error`, as all that follow up to `delivered`.
    Edit {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Which message.
        message: MessageId,
        /// What it is to say, 1 to 12,000 characters.
        text: String,
    },
    /// Delete a message.
    Delete {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Which message.
        message: MessageId,
    },
    /// React to a message.
    React {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Which message.
        message: MessageId,
        /// One emoji.
        emoji: String,
    },
    /// Take a reaction back.
    Unreact {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Which message.
        message: MessageId,
        /// Which emoji.
        emoji: String,
    },
    /// I have read a conversation, or a thread of it, up to a position. Answered by `ack` or `error`.
    Read {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Where.
        conversation: ConversationId,
        /// Position of the newest message read.
        position: Position,
        /// Which thread, by the message at its head; without it, the conversation's own list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<MessageId>,
        /// The newest cursor heard: a report from before something was marked unread elsewhere changes nothing then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        known: Option<Position>,
    },
    /// This device has received a conversation up to a position. Answered by `ack` or `error`.
    Delivered {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Where.
        conversation: ConversationId,
        /// Position of the newest message received.
        position: Position,
    },
    /// Carry out a slash command, as `POST /v1/conversations/{conversation}/commands` does. Answered by `answer` or
    /// `error`.
    Command {
        /// The id of the answer, at most 64 bytes.
        #[schema(min_length = 1, max_length = 64)]
        id: String,
        /// Where it is typed.
        conversation: ConversationId,
        /// The command, from its slash on, 1 to 12,000 characters.
        text: String,
        /// The thread that it is typed in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<MessageId>,
        /// The id of the message that it posts, if it posts one: given again, it posts once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<MessageId>,
        /// How many minutes the clock of whoever types is ahead of UTC, -1440 to 1440.
        #[serde(default)]
        utc_offset_minutes: i16,
    },
    /// I am typing. Not answered; shown to the members for a moment.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// In which thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<MessageId>,
        /// The id of an error about this frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// Whether this device is in use. Every socket starts as active. Not answered.
    Presence {
        /// How I am.
        state: Activity,
        /// The id of an error about this frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// Whose presence I want to know; replaces the former list. Answered by one `presence` for each of them.
    Watch {
        /// At most 500 people.
        #[schema(max_items = 500)]
        users: Vec<UserId>,
        /// The id of an error about this frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// A newer access token of the same session, before the old one expires. Answered only by an error.
    Token {
        /// The token.
        token: String,
        /// The id of an error about this frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// Are you there, and how far am I? Answered by `pong`. Every half minute is often enough.
    Ping {
        /// The id of an error about this frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
}

/// Whether a device is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// In use.
    Active,
    /// Open, not in use.
    Away,
}

/// What a client gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Welcome. Missed events follow, then live ones.
    Ready {
        /// Your session.
        session: SessionId,
        /// Where the events that follow begin: yours, or the present one.
        cursor: Position,
        /// You.
        user: UserId,
    },
    /// Something happened that is for you. Cursors only grow.
    Event {
        /// Remember the newest; say it in the next `hello`.
        cursor: Position,
        /// What happened.
        event: PublicFact,
    },
    /// A command was carried out.
    Ack {
        /// The command's id.
        id: String,
        /// Where its fact stands.
        position: Position,
    },
    /// A slash command was carried out.
    Answer {
        /// The frame's id.
        id: String,
        /// What came of it.
        #[serde(flatten)]
        answer: CommandAnswer,
    },
    /// A command or frame was refused.
    Error {
        /// The command's id, when it had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// Why.
        problem: Problem,
    },
    /// Somebody is typing, in a conversation of yours.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// In which thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<MessageId>,
    },
    /// How somebody you watch is.
    Presence {
        /// Who.
        user: UserId,
        /// How.
        state: PresenceState,
    },
    /// What you missed cannot be told one by one: fetch everything again and go on from the cursor in `ready`.
    Reset {
        /// Why.
        reason: ResetReason,
    },
    /// I am here.
    Pong {
        /// Everything for you up to here has been sent: as good a cursor as that of the newest `event`, and newer.
        cursor: Position,
    },
    /// This server stops; come back after so long.
    Closing {
        /// Milliseconds, different for everybody.
        retry_after_ms: u32,
    },
}

/// Why a client has to fetch everything again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// More than 10,000 facts have happened since the cursor.
    TooFarBehind,
    /// The cursor is of no history known here.
    UnknownCursor,
}

/// Why a socket closes, each with its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// No `hello`, no valid token in it, or nothing heard for too long.
    Policy(&'static str),
    /// A frame was larger than 64 KiB.
    TooBig,
    /// A text frame was not UTF-8.
    NotUtf8,
    /// The websocket protocol was broken.
    Protocol,
    /// The server stops.
    Restart,
    /// Something it needs is away, or the client reads too slowly: come back later and resume.
    TryLater(&'static str),
    /// The session was revoked, or its token expired without renewal.
    SessionOver(&'static str),
    /// Too many frames.
    Flooding,
}

impl Close {
    /// Every code with its meaning, as documented.
    pub const CODES: [(u16, &'static str); 8] = [
        (1002, "The websocket protocol was broken."),
        (1007, "A text frame was not UTF-8."),
        (1008, "No hello within 5 s, a hello that proves nothing, or nothing heard for a minute."),
        (1009, "A frame was larger than 64 KiB."),
        (1012, "The server restarts: come back after the time in closing and resume."),
        (1013, "Try later: a part is away, or the socket was read too slowly. Come back and resume."),
        (4001, "The session was revoked, or its access token expired without renewal."),
        (4029, "Too many frames in too short a time."),
    ];

    /// The websocket close code.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol => 1002,
            Self::NotUtf8 => 1007,
            Self::Policy(_) => 1008,
            Self::TooBig => 1009,
            Self::Restart => 1012,
            Self::TryLater(_) => 1013,
            Self::SessionOver(_) => 4001,
            Self::Flooding => 4029,
        }
    }

    /// One word for programs, sent with the code.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Policy(reason) | Self::TryLater(reason) | Self::SessionOver(reason) => reason,
            Self::TooBig => "frame_too_big",
            Self::NotUtf8 => "not_utf8",
            Self::Protocol => "protocol_error",
            Self::Restart => "restart",
            Self::Flooding => "flooding",
        }
    }
}

/// A frame that cannot be taken, and the id that its error should carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The frame's id, where one could be made out.
    pub id: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// Reads a client's frame.
///
/// # Errors
/// When it is no JSON, no known frame, or its fields are not valid.
pub fn read(text: &str) -> Result<ClientFrame, Unreadable> {
    let refused = |problem| Unreadable { id: id_of(text), problem };
    let frame: ClientFrame = serde_json::from_str(text).map_err(|error| refused(problem_of(&error)))?;
    match frame {
        ClientFrame::Read { ref id, .. }
        | ClientFrame::Delivered { ref id, .. }
        | ClientFrame::Edit { ref id, .. }
        | ClientFrame::Delete { ref id, .. }
        | ClientFrame::React { ref id, .. }
        | ClientFrame::Unreact { ref id, .. }
        | ClientFrame::Command { ref id, .. }
            if id.is_empty() || id.len() > LONGEST_ID =>
        {
            Err(refused(Problem::invalid_field("/id", "must have 1 to 64 bytes")))
        }
        ClientFrame::Watch { ref users, .. } if users.len() > MOST_WATCHED => {
            Err(refused(Problem::invalid_field("/users", "must name at most 500 people")))
        }
        frame => Ok(frame),
    }
}

fn problem_of(error: &serde_json::Error) -> Problem {
    use serde_json::error::Category;
    match error.classify() {
        // The text names only fields and types of our own protocol, and what the client itself wrote.
        Category::Data => Problem::invalid_field("", &error.to_string()),
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::new(400, "malformed_json", "The frame is not valid JSON.")
        }
    }
}

fn id_of(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    let id = serde_json::from_str::<Identified>(text).ok()?.id;
    (id.len() <= LONGEST_ID).then_some(id)
}

/// The text of a frame.
#[must_use]
pub fn write(frame: &ServerFrame) -> String {
    // Every frame consists of strings, numbers and enums, so this cannot fail.
    serde_json::to_string(frame).unwrap_or_default()
}
