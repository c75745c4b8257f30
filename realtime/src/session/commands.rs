//! Commands of one session: carried out one after the other, so that a person's messages stand in the order she sent
//! them. What waits is bounded.

use std::collections::VecDeque;

use events::Position;
use events::public::CommandAnswer;
use serde_json::{Value, json};
use service_kit::Problem;

use super::{Output, error, send};
use crate::protocol::{ClientFrame, ServerFrame};

/// How many commands of one session may wait.
const MOST_WAITING: usize = 64;
/// How many bytes of them.
const MOST_WAITING_BYTES: usize = 256 * 1024;

/// Which command, as in `confab.command.{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandName {
    /// Say something.
    PostMessage,
    /// Change what a message says.
    EditMessage,
    /// Take a message away.
    DeleteMessage,
    /// React to a message.
    AddReaction,
    /// Take a reaction back.
    RemoveReaction,
    /// Move the read pointer.
    MarkRead,
    /// Move the read pointer of a thread.
    MarkThreadRead,
    /// Move the pointer of what was received.
    MarkDelivered,
    /// Carry out what was typed.
    RunCommand,
}

impl CommandName {
    /// The last word of its subject.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PostMessage => "post_message",
            Self::EditMessage => "edit_message",
            Self::DeleteMessage => "delete_message",
            Self::AddReaction => "add_reaction",
            Self::RemoveReaction => "remove_reaction",
            Self::MarkRead => "mark_read",
            Self::MarkThreadRead => "mark_thread_read",
            Self::MarkDelivered => "mark_delivered",
            Self::RunCommand => "run_command",
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
    /// The command that a frame gives; any other frame comes back.
    pub(super) fn of(frame: ClientFrame) -> Result<Self, ClientFrame> {
        let (id, name, body) = match frame {
            ClientFrame::Send { id, conversation, text, thread, in_channel, forwards } => {
                let body = json!({ "id": id, "conversation": conversation, "text": text });
                let in_channel = in_channel.then_some(true);
                let more =
                    [("thread", json!(thread)), ("in_channel", json!(in_channel)), ("forwards", json!(forwards))];
                (id.to_string(), CommandName::PostMessage, with(body, more))
            }
            ClientFrame::Edit { id, message, text } => {
                (id, CommandName::EditMessage, json!({ "message": message, "text": text }))
            }
            ClientFrame::Delete { id, message } => (id, CommandName::DeleteMessage, json!({ "message": message })),
            ClientFrame::React { id, message, emoji } => {
                (id, CommandName::AddReaction, json!({ "message": message, "emoji": emoji }))
            }
            ClientFrame::Unreact { id, message, emoji } => {
                (id, CommandName::RemoveReaction, json!({ "message": message, "emoji": emoji }))
            }
            ClientFrame::Read { id, conversation, position, thread, known } => {
                let (name, body) = match thread {
                    Some(thread) => (CommandName::MarkThreadRead, json!({ "thread": thread, "position": position })),
                    None => (CommandName::MarkRead, json!({ "conversation": conversation, "position": position })),
                };
                (id, name, with(body, [("known", json!(known))]))
            }
            ClientFrame::Delivered { id, conversation, position } => {
                (id, CommandName::MarkDelivered, json!({ "conversation": conversation, "position": position }))
            }
            ClientFrame::Command { id, conversation, text, thread, message, utc_offset_minutes } => {
                let body =
                    json!({ "conversation": conversation, "text": text, "utc_offset_minutes": utc_offset_minutes });
                let more = [("thread", json!(thread)), ("message", json!(message))];
                (id, CommandName::RunCommand, with(body, more))
            }
            frame @ (ClientFrame::Hello { .. }
            | ClientFrame::Typing { .. }
            | ClientFrame::Presence { .. }
            | ClientFrame::Watch { .. }
            | ClientFrame::Token { .. }
            | ClientFrame::Ping { .. }) => return Err(frame),
        };
        Ok(Self { id, name, body: body.to_string() })
    }
}

/// A body with those of these fields that say something.
fn with<const N: usize>(mut body: Value, more: [(&str, Value); N]) -> Value {
    for (field, value) in more.into_iter().filter(|(_, value)| !value.is_null()) {
        body[field] = value;
    }
    body
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It was carried out; its fact stands here.
    Done(Position),
    /// It was carried out, and this came of it.
    Answered(Box<CommandAnswer>),
    /// It was refused, or could not be tried.
    Refused(Box<Problem>),
}

impl Reply {
    /// What the command service says came of a command of this name.
    #[must_use]
    pub fn to(name: CommandName, outcome: Result<CommandAnswer, Problem>) -> Self {
        match (name, outcome) {
            (_, Err(problem)) => Self::Refused(Box::new(problem)),
            (CommandName::RunCommand, Ok(answer)) => Self::Answered(Box::new(answer)),
            // Every other command leads to a fact, or finds one there.
            (_, Ok(answer)) => Self::Done(answer.position.unwrap_or_default()),
        }
    }
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
            Reply::Answered(answer) => send(&ServerFrame::Answer { id, answer: *answer }, out),
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
