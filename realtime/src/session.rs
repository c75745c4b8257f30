//! One websocket session as a pure state machine: inputs in, outputs out. No clock and no socket: time comes with the
//! inputs, and every rule of the protocol stands here.

mod commands;
mod live;
mod pace;
#[cfg(test)]
mod specs;

use axum::extract::ws::Utf8Bytes;
use events::{ConversationId, MessageId, Position, SessionId, UserId};
use service_kit::{Problem, TokenError};

use self::commands::Commands;
pub use self::commands::{Command, CommandName, Reply};
use self::live::Live;
use self::pace::{Bucket, Hearing, Silence};
pub use self::pace::{Moment, Pace};
use crate::protocol::{self, Activity, ClientFrame, Close, ResetReason, ServerFrame};

/// How long a client may take to say `hello`, ms.
pub const HELLO_WITHIN: u64 = 5_000;

/// Watching so many people costs a client as much as one more frame: each of them is answered.
const WATCHED_PER_FRAME: usize = 50;

/// Something that happened to the session.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A text frame came.
    Frame(Utf8Bytes),
    /// A binary frame came.
    Binary,
    /// The client's end of the socket broke a rule of the websocket protocol.
    Broken(Close),
    /// The client is alive: a websocket ping or pong came.
    Heard,
    /// The answer to [`Output::Verify`].
    Verified(Result<Proof, TokenError>),
    /// The answer to [`Output::Join`].
    Joined(Start),
    /// A fact for this person, ready to send.
    Event {
        /// Its position.
        position: Position,
        /// The frame.
        frame: Utf8Bytes,
    },
    /// The answer to [`Output::Reached`]: everything for this person up to here has come.
    Reached(Position),
    /// Another frame for this person, ready to send: presence or typing.
    Forward(Utf8Bytes),
    /// The answer to [`Output::Command`].
    Replied(Reply),
    /// The session was revoked.
    Revoked,
    /// The client reads more slowly than its facts come.
    TooSlow,
    /// A part that sockets need is away.
    Away,
    /// The server stops.
    Stopping {
        /// What to tell the client.
        retry_after_ms: u32,
    },
    /// Time has passed; see [`Session::deadline`].
    Tick,
}

/// What a valid access token proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// The person.
    pub user: UserId,
    /// Her session.
    pub session: SessionId,
    /// When the token expires.
    pub expires: Moment,
}

/// Where the events of a session begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After this position.
    From(Position),
    /// After this position, but what the client has is worthless.
    Reset(Position, ResetReason),
    /// A part that is needed is away.
    Unavailable,
    /// The session was revoked a moment ago; its token does not know yet.
    Revoked,
}

/// Something the session wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send this frame.
    Send(Utf8Bytes),
    /// Send a websocket ping.
    Ping,
    /// Check this token.
    Verify(String),
    /// Find out where this person's events begin, then bring them.
    Join {
        /// Who.
        proof: Proof,
        /// The last event she has seen.
        cursor: Option<Position>,
    },
    /// Her device is now in use, or not.
    Present(Activity),
    /// Bring the presence of these people, now and whenever it changes.
    Watch(Vec<UserId>),
    /// Find out how far she is, behind everything that is on its way to her.
    Reached,
    /// Tell the members that she is typing.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// In which thread.
        thread: Option<MessageId>,
    },
    /// Have this command carried out.
    Command(Command),
    /// Close the socket. Nothing follows.
    Close(Close),
}

/// One session. Outputs are appended to `out`, so that a burst needs no allocation of its own.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    bucket: Bucket,
    hearing: Hearing,
    token: String,
}

#[derive(Debug)]
enum Phase {
    Silent { until: Moment },
    Checking { cursor: Option<Position> },
    Joining { proof: Proof },
    Live(Box<Live>),
    Closed,
}

impl Session {
    /// A socket that has just opened.
    #[must_use]
    pub fn new(now: Moment, pace: Pace) -> Self {
        Self {
            phase: Phase::Silent { until: now.after(HELLO_WITHIN) },
            bucket: Bucket::full(now, pace),
            hearing: Hearing::at(now),
            token: String::new(),
        }
    }

    /// The newest valid token; empty before `hello`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// When [`Input::Tick`] is due at the latest; `None` once closed.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        match &self.phase {
            Phase::Silent { until } => Some(*until),
            Phase::Checking { .. } | Phase::Joining { .. } => Some(self.hearing.deadline()),
            Phase::Live(live) => Some(self.hearing.deadline().min(live.proof.expires)),
            Phase::Closed => None,
        }
    }

    /// Takes one input.
    pub fn on(&mut self, now: Moment, input: Input, out: &mut Vec<Output>) {
        if matches!(self.phase, Phase::Closed) {
            return;
        }
        match input {
            Input::Frame(text) => self.frame(now, &text, out),
            Input::Binary => self.binary(now, out),
            Input::Broken(close) => self.close(close, out),
            Input::Heard => self.heard(now, out),
            Input::Verified(outcome) => self.verified(outcome, out),
            Input::Joined(start) => self.joined(start, out),
            Input::Event { position, frame } => self.event(position, frame, out),
            Input::Reached(position) => self.reached(position, out),
            Input::Forward(frame) => {
                if matches!(self.phase, Phase::Live(_)) {
                    out.push(Output::Send(frame));
                }
            }
            Input::Replied(reply) => {
                if let Phase::Live(live) = &mut self.phase {
                    live.commands.replied(reply, out);
                }
            }
            Input::Revoked => self.close(Close::SessionOver("session_revoked"), out),
            Input::TooSlow => self.close(Close::TryLater("too_slow"), out),
            Input::Away => self.close(Close::TryLater("unavailable"), out),
            Input::Stopping { retry_after_ms } => {
                send(&ServerFrame::Closing { retry_after_ms }, out);
                self.close(Close::Restart, out);
            }
            Input::Tick => self.tick(now, out),
        }
    }

    fn close(&mut self, close: Close, out: &mut Vec<Output>) {
        self.phase = Phase::Closed;
        out.push(Output::Close(close));
    }

    fn tick(&mut self, now: Moment, out: &mut Vec<Output>) {
        match &self.phase {
            Phase::Silent { until } if now >= *until => self.close(Close::Policy("no_hello"), out),
            Phase::Live(live) if now >= live.proof.expires => self.close(Close::SessionOver("token_expired"), out),
            Phase::Silent { .. } | Phase::Closed => {}
            Phase::Checking { .. } | Phase::Joining { .. } | Phase::Live(_) => match self.hearing.tick(now) {
                Silence::Short => {}
                Silence::Ask => out.push(Output::Ping),
                Silence::Gone => self.close(Close::Policy("silent"), out),
            },
        }
    }

    /// Whatever the client does costs one of its tokens, so that a flood of any kind ends the same way.
    fn pays(&mut self, now: Moment, frames: u64, out: &mut Vec<Output>) -> bool {
        self.hearing.heard(now);
        let pays = self.bucket.take(now, frames);
        if !pays {
            self.close(Close::Flooding, out);
        }
        pays
    }

    fn heard(&mut self, now: Moment, out: &mut Vec<Output>) {
        self.pays(now, 1, out);
    }

    fn binary(&mut self, now: Moment, out: &mut Vec<Output>) {
        if !self.pays(now, 1, out) {
            return;
        }
        match self.phase {
            Phase::Silent { .. } => self.close(Close::Policy("no_hello"), out),
            _ => error(None, Problem::new(415, "unsupported_media_type", "Frames are JSON text."), out),
        }
    }

    fn frame(&mut self, now: Moment, text: &str, out: &mut Vec<Output>) {
        if !self.pays(now, 1, out) {
            return;
        }
        let frame = protocol::read(text);
        if let Ok(ClientFrame::Watch { users, .. }) = &frame
            && !self.pays(now, (users.len() / WATCHED_PER_FRAME) as u64, out)
        {
            return;
        }
        match (&mut self.phase, frame) {
            (Phase::Silent { .. }, Ok(ClientFrame::Hello { token, cursor })) => {
                self.phase = Phase::Checking { cursor };
                self.token.clone_from(&token);
                out.push(Output::Verify(token));
            }
            (Phase::Silent { .. }, _) => self.close(Close::Policy("no_hello"), out),
            (Phase::Live(_), Ok(ClientFrame::Hello { .. })) => self.close(Close::Policy("second_hello"), out),
            (Phase::Live(live), Ok(frame)) => live.take(frame, out),
            (Phase::Live(_), Err(unreadable)) => error(unreadable.id, unreadable.problem, out),
            // The shell reads no frame before it has answered; whoever finds a way to talk earlier may not.
            (Phase::Checking { .. } | Phase::Joining { .. }, _) => self.close(Close::Policy("not_ready"), out),
            (Phase::Closed, _) => {}
        }
    }

    fn verified(&mut self, outcome: Result<Proof, TokenError>, out: &mut Vec<Output>) {
        match (&mut self.phase, outcome) {
            (Phase::Checking { cursor }, Ok(proof)) => {
                out.push(Output::Join { proof, cursor: *cursor });
                self.phase = Phase::Joining { proof };
            }
            (Phase::Checking { .. }, Err(TokenError::Expired)) => {
                self.close(Close::SessionOver("token_expired"), out);
            }
            (Phase::Checking { .. }, Err(TokenError::NoKeys)) => self.close(Close::TryLater("unavailable"), out),
            (Phase::Checking { .. }, Err(_)) => self.close(Close::Policy("unauthenticated"), out),
            (Phase::Live(live), outcome) => {
                if let Some(token) = live.renewed(outcome, out) {
                    self.token = token;
                }
            }
            (Phase::Silent { .. } | Phase::Joining { .. } | Phase::Closed, _) => {}
        }
    }

    fn joined(&mut self, start: Start, out: &mut Vec<Output>) {
        let Phase::Joining { proof } = &self.phase else { return };
        let proof = *proof;
        let (cursor, reset) = match start {
            Start::From(cursor) => (cursor, None),
            Start::Reset(cursor, reason) => (cursor, Some(reason)),
            Start::Unavailable => return self.close(Close::TryLater("unavailable"), out),
            Start::Revoked => return self.close(Close::SessionOver("session_revoked"), out),
        };
        send(&ServerFrame::Ready { session: proof.session, cursor, user: proof.user }, out);
        if let Some(reason) = reset {
            send(&ServerFrame::Reset { reason }, out);
        }
        out.push(Output::Present(Activity::Active));
        self.phase = Phase::Live(Box::new(Live {
            proof,
            delivered: cursor,
            activity: Activity::Active,
            commands: Commands::default(),
            renewal: None,
        }));
    }

    fn reached(&mut self, position: Position, out: &mut Vec<Output>) {
        if let Phase::Live(live) = &mut self.phase {
            live.delivered = live.delivered.max(position);
            send(&ServerFrame::Pong { cursor: live.delivered }, out);
        }
    }

    fn event(&mut self, position: Position, frame: Utf8Bytes, out: &mut Vec<Output>) {
        if self.is_due(position) {
            out.push(Output::Send(frame));
        }
    }

    /// Whether a fact at this position is to be sent now; it counts as sent from then on.
    pub(crate) fn is_due(&mut self, position: Position) -> bool {
        let Phase::Live(live) = &mut self.phase else { return false };
        let newer = position > live.delivered;
        live.delivered = live.delivered.max(position);
        newer
    }
}

fn send(frame: &ServerFrame, out: &mut Vec<Output>) {
    out.push(Output::Send(protocol::write(frame).into()));
}

fn error(id: Option<String>, problem: Problem, out: &mut Vec<Output>) {
    send(&ServerFrame::Error { id, problem }, out);
}
