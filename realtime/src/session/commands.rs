//! Commands of one session: carried out one after the other, so that a person's messages stand in the order she sent
//! them. What waits is bounded.

use std::collections::VecDeque;

use events::{ConversationId, MessageId, Position};
use serde_json::json;
use service_kit::Problem;

use super::{Output, error, send};
use crate::protocol::ServerFrame;

/// How many commands of one session may wait.
const MOST_WAITING: usize = 64;
/// How many bytes of them.
const MOST_WAITING_BYTES: usize = 256 * 1024;

/// Which command, as in `confab.command.{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandName {
    /// Say something.
    PostMessage,
    /// Move the read pointer.
    MarkRead,
}

impl CommandName {
    /// The last word of its subject.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PostMessage => "post_message",
            Self::MarkRead => "mark_read",
        }
    }
}

/// A command on its way to the command service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The id of the answer.
    pub id: String,
    /// Which.
    pub name: CommandName,
    /// Its JSON body.
    pub body: String,
}

impl Command {
    pub(super) fn post_message(
        id: MessageId,
        conversation: ConversationId,
        text: String,
        thread: Option<MessageId>,
    ) -> Self {
        let mut body = json!({ "id": id, "conversation": conversation, "text": text });
        if let Some(thread) = thread {
            body["thread"] = json!(thread);
        }
        Self { id: id.to_string(), name: CommandName::PostMessage, body: body.to_string() }
    }

    pub(super) fn mark_read(id: String, conversation: ConversationId, position: Position) -> Self {
        let body = json!({ "conversation": conversation, "position": position });
        Self { id, name: CommandName::MarkRead, body: body.to_string() }
    }
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It was carried out; its fact stands here.
    Done(Position),
    /// It was refused, or could not be tried.
    Refused(Box<Problem>),
}

/// The commands of one session: at most one under way.
#[derive(Debug, Default)]
pub(super) struct Commands {
    under_way: Option<String>,
    waiting: VecDeque<Command>,
}

impl Commands {
    pub(super) fn give(&mut self, command: Command, out: &mut Vec<Output>) {
        if self.under_way.is_none() {
            self.start(command, out);
        } else if self.waiting.len() < MOST_WAITING && self.waiting_bytes() < MOST_WAITING_BYTES {
            self.waiting.push_back(command);
        } else {
            let problem = Problem::new(429, "too_many_requests", "Too many commands are waiting: send them again.");
            error(Some(command.id), problem, out);
        }
    }

    pub(super) fn replied(&mut self, reply: Reply, out: &mut Vec<Output>) {
        let Some(id) = self.under_way.take() else { return };
        match reply {
            Reply::Done(position) => send(&ServerFrame::Ack { id, position }, out),
            Reply::Refused(problem) => error(Some(id), *problem, out),
        }
        match self.waiting.pop_front() {
            Some(next) => self.start(next, out),
            None => self.waiting = VecDeque::new(),
        }
    }

    fn waiting_bytes(&self) -> usize {
        self.waiting.iter().map(|command| command.body.len()).sum()
    }

    fn start(&mut self, command: Command, out: &mut Vec<Output>) {
        self.under_way = Some(command.id.clone());
        out.push(Output::Command(command));
    }
}
