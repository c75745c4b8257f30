//! The commands that sockets give too: HTTP and NATS both come through here, so both get the same answers.

use domain::conversation::Poster;
use domain::message::{self, Message, MessageText, PostMessage, State, Thread};
use domain::presence::SetPresence;
use domain::{Aggregate, Command, replay};
use event_log::{Appended, Expected, NewEvent};
use events::public::PresenceState;
use events::{ConversationId, MessageEvent, MessageId, Position, StreamName, UserId};
use service_kit::{Principal, Problem};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::execute::{Cause, Failure, execute};
use crate::forwarding;
use crate::measure::Measure;
use crate::people::registered;
use crate::problems::{Answer, busy, log_problem};

/// A message to send.
#[derive(Debug)]
pub(crate) struct Send {
    pub(crate) id: MessageId,
    pub(crate) conversation: ConversationId,
    pub(crate) text: String,
    pub(crate) thread: Option<MessageId>,
    /// Whether an answer is to stand in the channel too.
    pub(crate) in_channel: bool,
    /// The message to pass on.
    pub(crate) forwards: Option<MessageId>,
}

/// What came of a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Where the message stands; the same for every repeat.
    pub(crate) position: Position,
    /// Whether it stood there before.
    pub(crate) repeated: bool,
}

/// Posts a message. Its stream is not read first: expecting it not to exist settles everything but repeats.
pub(crate) async fn post(app: &App, by: Principal, cause: &Cause, send: Send) -> Result<Sent, Problem> {
    let parse = if send.forwards.is_some() { MessageText::beside } else { MessageText::parse };
    let text = parse(send.text).map_err(|error| Problem::invalid_field("/text", &error.to_string()))?;
    let poster = app.conversations.poster(send.conversation, by).await?;
    let thread = thread(app, poster, send.thread).await?;
    let forwards = forwarding::original(app, by, send.forwards).await?;
    let command = PostMessage { by: poster, text, thread, in_channel: send.in_channel, forwards };
    let events = command.decide(&State::Missing).map_err(Answer::problem)?;
    let known = app.newest();
    let (stream, numbered) = (Message::stream(&send.id), number(send.id, cause, &command, events));
    let measure = Measure::start(&stream);
    let appended = app.log.append_pipelined(&stream, Expected::NoStream, numbered).await;
    measure.end(if appended.is_ok() { "done" } else { "failed" });
    match appended.map_err(|error| log_problem(&error))? {
        Appended::At(position) => {
            app.saw(position);
            // The store gives the first answer again when the same event comes again.
            Ok(Sent { position, repeated: position <= known })
        }
        Appended::Conflict => first_answer(app, &stream, &command).await,
    }
}

async fn thread(app: &App, poster: Poster, root: Option<MessageId>) -> Result<Option<Thread>, Problem> {
    let Some(root) = root else { return Ok(None) };
    let history = app.log.read(&Message::stream(&root)).await.map_err(|error| log_problem(&error))?;
    let thread = replay::<Message>(&history.events).thread(root, poster.conversation());
    thread.map(Some).map_err(Answer::problem)
}

async fn first_answer(app: &App, stream: &StreamName, command: &PostMessage) -> Result<Sent, Problem> {
    let history = app.log.read(stream).await.map_err(|error| log_problem(&error))?;
    let state = replay::<Message>(&history.events);
    command.decide(&state).map_err(Answer::problem)?;
    match state {
        State::Posted(posted) => Ok(Sent { position: posted.position, repeated: true }),
        State::Missing => Err(busy()),
    }
}

/// The namespace of the ids of posted messages' events. Never changes: a send may be repeated years later.
const SENDS: Uuid = Uuid::from_u128(0x5a1f_93d7_0c64_4c0b_b6f1_2a55_8e0d_41b9);

/// The same send is the same event for ever: its id comes from the message's id and content alone.
fn number(
    id: MessageId,
    cause: &Cause,
    command: &PostMessage,
    events: Vec<MessageEvent>,
) -> Vec<NewEvent<MessageEvent>> {
    let message::Content { conversation, author, text, thread, in_channel, forwards, .. } = command.content();
    let thread = thread.map(|thread| thread.to_string()).unwrap_or_default();
    // What was not there from the start is only added where it says something, or old ids would change.
    let also = if in_channel { "\nin_channel" } else { "" };
    let original = forwards.map(|original| format!("\nforwards {original}")).unwrap_or_default();
    let content = Sha256::digest(format!("{conversation}\n{author}\n{thread}{also}{original}\n{text}"));
    let event_id = Uuid::new_v5(&SENDS, format!("{id}\n{}", hex::encode(content)).as_bytes());
    let numbered = events.into_iter().map(|event| NewEvent { id: event_id, event, metadata: cause.metadata() });
    numbered.collect()
}

/// Sets somebody's presence.
pub(crate) async fn set_presence(
    app: &App,
    user: UserId,
    cause: &Cause,
    state: PresenceState,
) -> Result<Position, Problem> {
    registered(app, user).await?;
    let decided = execute(&app.log, &user, cause, &SetPresence { state }).await.map_err(as_problem)?;
    app.saw(decided.position);
    Ok(decided.position)
}

fn as_problem<R: Answer + std::error::Error + 'static>(failure: Failure<R>) -> Problem {
    failure.into()
}
