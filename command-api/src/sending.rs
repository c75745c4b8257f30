//! The commands that sockets give too: HTTP and NATS both come through here, so both get the same answers.

use domain::conversation::Poster;
use domain::message::{self, Content, Head, Message, MessageText, PostMessage, SpokenTo, State, Thread};
use domain::presence::SetPresence;
use domain::{Aggregate, Command};
use event_log::{Appended, Expected, Folded, NewEvent};
use events::public::PresenceState;
use events::{ConversationId, MessageEvent, MessageId, Position, StreamName, UserId};
use service_kit::{Principal, Problem};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::execute::{Cause, Failure, execute, load};
use crate::measure::Measure;
use crate::people::registered;
use crate::problems::{Answer, busy, log_problem};
use crate::{forwarding, messages, threads};

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

/// Posts a message. What is refused by now may have been posted before: its repeat gets the first answer.
pub(crate) async fn post(app: &App, by: Principal, cause: &Cause, mut send: Send) -> Result<Sent, Problem> {
    let parse = if send.forwards.is_some() { MessageText::beside } else { MessageText::parse };
    let text = parse(std::mem::take(&mut send.text));
    let text = text.map_err(|error| Problem::invalid_field("/text", &error.to_string()))?;
    match post_anew(app, by, cause, &send, text.clone()).await {
        Err(refused) if refused.status < 500 => posted_before(app, by, &send, &text).await?.ok_or(refused),
        outcome => outcome,
    }
}

/// The message's own stream is not read first: expecting it not to exist settles everything but repeats.
async fn post_anew(app: &App, by: Principal, cause: &Cause, send: &Send, text: MessageText) -> Result<Sent, Problem> {
    let poster = app.conversations.poster(send.conversation, by).await?;
    let root = root(app, poster, send.thread).await?;
    let forwards = forwarding::original(app, by, send.forwards).await?;
    let thread = root.map(|(thread, _)| thread);
    let command = PostMessage { by: poster, text, thread, in_channel: send.in_channel, forwards };
    let events = command.decide(&State::Missing).map_err(Answer::problem)?;
    if let Some((_, head)) = root {
        involve(app, cause, send.id, head, &command).await?;
    }
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

/// The message that is answered, proven both to carry a thread and to be at its head.
async fn root(app: &App, poster: Poster, root: Option<MessageId>) -> Result<Option<(Thread, Head)>, Problem> {
    let Some(root) = root else { return Ok(None) };
    let state = messages::state(app, root).await?;
    let thread = state.thread(root, poster.conversation()).map_err(Answer::problem)?;
    Ok(Some((thread, state.head(root).map_err(Answer::problem)?)))
}

/// Whoever answers follows the thread from then on, and so do those whom she names. That is said before the answer is, so
/// that the answer is new to them; a repeat says it of nobody, who may have thought better of it.
async fn involve(app: &App, cause: &Cause, id: MessageId, head: Head, answer: &PostMessage) -> Result<(), Problem> {
    match messages::state(app, id).await? {
        State::Posted(_) => Ok(()),
        State::Missing => {
            let named = SpokenTo::of(answer.text.as_str()).users;
            threads::involve(app, cause, head, [answer.by.user()].into_iter().chain(named)).await
        }
    }
}

/// The first answer to a send that was carried out before, whatever has become of what it answers or passes on.
async fn posted_before(app: &App, by: Principal, send: &Send, text: &MessageText) -> Result<Option<Sent>, Problem> {
    let state = messages::state(app, send.id).await?;
    let content = |forwards| Content {
        conversation: send.conversation,
        author: by.user,
        text: text.as_str().to_owned(),
        thread: send.thread,
        files: Vec::new(),
        in_channel: send.in_channel && send.thread.is_some(),
        forwards,
    };
    let position = match state.posted_as(&content(send.forwards)) {
        Some(position) => Some(position),
        // What passes another message on stood for that one.
        None => match send.forwards {
            Some(named) => state.posted_as(&content(messages::state(app, named).await?.forwards())),
            None => None,
        },
    };
    Ok(position.map(|position| Sent { position, repeated: true }))
}

async fn first_answer(app: &App, stream: &StreamName, command: &PostMessage) -> Result<Sent, Problem> {
    let Folded { state, .. } = load::<Message>(&app.log, stream).await.map_err(|error| log_problem(&error))?;
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
