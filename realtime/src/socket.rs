//! One websocket: a task that carries bytes between the socket, its session and the node. It knows no rule of the
//! protocol; those stand in the session.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use events::{Position, UserId};
use futures::FutureExt;
use service_kit::{Principal, TokenError};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite;

use crate::admission::Pass;
use crate::board::{Seat, SocketId, Step};
use crate::commands;
use crate::mailbox::Mailbox;
use crate::node::Node;
use crate::protocol::Close;
use crate::resume;
use crate::session::{Command, Input, Moment, Output, Proof, Reply, Session, Start};
use crate::signals;
use crate::wire::{Over, Wire};

/// How long a write may be stuck.
const STALLED: Duration = Duration::from_secs(20);
/// How long a client may take to read why it is closed.
const FAREWELL: Duration = Duration::from_millis(500);
/// No socket outlives this without a newer token, whatever the token says.
const LONGEST_TOKEN_S: u64 = 24 * 3_600;

struct Line {
    node: Arc<Node>,
    mailbox: Arc<Mailbox>,
    id: SocketId,
    user: Option<UserId>,
    /// Where a welcomed client's events begin, until they do.
    resume: Option<Position>,
    unflushed: bool,
    _pass: Pass,
}

/// Serves a socket to its end.
pub(crate) async fn serve(socket: WebSocket, node: Arc<Node>, pass: Pass) {
    let session = Session::new(node.now(), node.config.pace);
    let mailbox = Arc::new(Mailbox::new(node.config.queue_bytes, Wire::new(socket, session)));
    let id = node.board.open(Arc::clone(&mailbox));
    let mut line = Line { node, mailbox, id, user: None, resume: None, unflushed: false, _pass: pass };
    // The only way out of the loop is the end.
    let Over = line.run().await;
}

impl Drop for Line {
    fn drop(&mut self) {
        self.node.board.close(self.id);
        // A command on its way still holds the mailbox.
        self.mailbox.wire().cut();
        if let Some(user) = self.user {
            self.node.desk.gone(user, self.id);
        }
    }
}

impl Line {
    async fn run(&mut self) -> Over {
        let timer = sleep_until(self.deadline());
        tokio::pin!(timer);
        loop {
            if let Err(over) = self.turn(timer.as_mut()).await {
                return over;
            }
            let deadline = self.deadline();
            if timer.is_elapsed() || deadline < timer.deadline() {
                timer.as_mut().reset(deadline);
            }
        }
    }

    /// Waits for something, and carries on with it and with everything that came along.
    async fn turn(&mut self, timer: std::pin::Pin<&mut tokio::time::Sleep>) -> Result<(), Over> {
        let mailbox = Arc::clone(&self.mailbox);
        tokio::select! {
            biased;
            () = mailbox.rung() => {
                let taken = mailbox.take();
                self.unflushed |= taken.stuck;
                for letter in taken.letters {
                    self.give(letter).await?;
                }
                // However much comes for her, what she says is heard.
                if let Some(frame) = mailbox.wire().next().now_or_never() {
                    self.hear(frame).await?;
                }
            }
            frame = mailbox.wire().next() => self.hear(frame).await?,
            () = timer => self.give(Input::Tick).await?,
        }
        if let Some(cursor) = self.resume.take() {
            self.catch_up(cursor).await?;
        }
        self.flush().await?;
        self.mailbox.rest();
        Ok(())
    }

    fn deadline(&self) -> Instant {
        let far = Moment(self.node.now().0 + 3_600_000);
        let deadline = self.mailbox.wire().session(|session| session.deadline()).ok().flatten();
        self.node.instant(deadline.unwrap_or(far)).into()
    }

    async fn hear(&mut self, frame: Option<Result<Message, axum::Error>>) -> Result<(), Over> {
        let input = match frame {
            Some(Ok(Message::Text(text))) => Input::Frame(text),
            Some(Ok(Message::Binary(_))) => Input::Binary,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Input::Heard,
            Some(Err(error)) => Input::Broken(breakage(error).ok_or(Over)?),
            Some(Ok(Message::Close(_))) | None => return Err(Over),
        };
        self.give(input).await
    }

    /// Gives the session an input and does what it wants done.
    async fn give(&mut self, input: Input) -> Result<(), Over> {
        let mut out = Vec::new();
        let mut next = Some(input);
        while let Some(input) = next.take() {
            self.mailbox.wire().session(|session| session.on(self.node.now(), input, &mut out))?;
            for output in out.drain(..) {
                match output {
                    Output::Send(text) => self.write(Message::Text(text)).await?,
                    Output::Ping => self.write(Message::Ping(Vec::new().into())).await?,
                    Output::Verify(token) => next = Some(Input::Verified(self.verify(&token))),
                    Output::Join { proof, cursor } => next = Some(Input::Joined(self.join(proof, cursor).await)),
                    Output::Present(activity) => {
                        if let Some(user) = self.user {
                            self.node.desk.present(user, self.id, activity);
                        }
                    }
                    Output::Reached => self.node.board.reached(&self.mailbox),
                    Output::Watch(users) => self.node.board.watch(self.id, users),
                    Output::Typing { conversation, thread } => {
                        if let Some(user) = self.user {
                            signals::send_typing(&self.node, user, conversation, thread).await;
                        }
                    }
                    Output::Command(command) => self.command(command)?,
                    Output::Close(close) => return Err(self.farewell(close).await),
                }
            }
        }
        Ok(())
    }

    fn verify(&self, token: &str) -> Result<Proof, TokenError> {
        let Principal { user, session, expires_at, .. } = self.node.verifier.verify(token)?;
        let now_s = u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or_default();
        let remaining_s = expires_at.saturating_sub(now_s).min(LONGEST_TOKEN_S);
        let expires = self.node.now().after(remaining_s * 1_000);
        Ok(Proof { user, session, expires })
    }

    async fn join(&mut self, proof: Proof, cursor: Option<Position>) -> Start {
        if !self.node.is_ready() {
            return Start::Unavailable;
        }
        if !self.node.board.identify(self.id, Seat { user: proof.user, session: proof.session }) {
            return Start::Revoked;
        }
        let start = resume::start(&self.node, cursor).await;
        if let Start::From(cursor) | Start::Reset(cursor, _) = start {
            self.user = Some(proof.user);
            self.resume = Some(cursor);
        }
        start
    }

    /// Brings everything after the cursor; then the socket is live.
    async fn catch_up(&mut self, mut after: Position) -> Result<(), Over> {
        self.mailbox.work();
        loop {
            let (frames, next) = match self.node.board.step(self.id, after) {
                Step::More(frames, next) => (frames, Some(next)),
                Step::Live(frames) => (frames, None),
                // The client read more slowly than the ring turned.
                Step::Gone => return self.give(Input::TooSlow).await,
            };
            for (position, frame) in frames {
                self.give(Input::Event { position, frame }).await?;
            }
            self.flush().await?;
            let Some(next) = next else { return Ok(()) };
            after = next;
            let taken = self.mailbox.take();
            self.unflushed |= taken.stuck;
            for letter in taken.letters {
                self.give(letter).await?;
            }
        }
    }

    fn command(&self, command: Command) -> Result<(), Over> {
        let (client, mailbox) = (self.node.link.client.clone(), Arc::clone(&self.mailbox));
        let token = self.mailbox.wire().session(|session| session.token().to_owned())?;
        tokio::spawn(async move {
            let Command { name, body, .. } = command;
            let outcome = commands::request(&client, name.as_str(), ("Confab-Token", &token), body).await;
            mailbox.put(Input::Replied(Reply::to(name, outcome)));
        });
        Ok(())
    }

    /// Writes into the socket's buffer; it leaves when that is full or flushed.
    async fn write(&mut self, message: Message) -> Result<(), Over> {
        self.unflushed = true;
        self.mailbox.work();
        tokio::select! {
            biased;
            written = self.mailbox.wire().feed(message) => written,
            () = stuck(&self.mailbox) => Err(Over),
        }
    }

    /// One write for everything that came together.
    async fn flush(&mut self) -> Result<(), Over> {
        if !std::mem::take(&mut self.unflushed) {
            return Ok(());
        }
        let flushed = tokio::select! {
            biased;
            flushed = self.mailbox.wire().flush() => flushed,
            () = stuck(&self.mailbox) => Err(Over),
        };
        match flushed {
            Ok(()) => Ok(()),
            Err(Over) => self.last_words().await,
        }
    }

    /// The socket's end came while it was stuck: says why, should that still get through.
    async fn last_words(&mut self) -> Result<(), Over> {
        for letter in self.mailbox.take().letters {
            let mut out = Vec::new();
            self.mailbox.wire().session(|session| session.on(self.node.now(), letter, &mut out))?;
            if let Some(Output::Close(close)) = out.pop() {
                return Err(self.farewell(close).await);
            }
        }
        Err(Over)
    }

    /// Says why, and leaves the client a moment to read it.
    async fn farewell(&mut self, close: Close) -> Over {
        metrics::counter!("confab_realtime_closed_total", "code" => close.code().to_string()).increment(1);
        let frame = CloseFrame { code: close.code(), reason: close.reason().into() };
        let wire = self.mailbox.wire();
        let say = async {
            wire.feed(Message::Close(Some(frame))).await?;
            wire.flush().await
        };
        if matches!(timeout(FAREWELL, say).await, Ok(Ok(()))) {
            let read = async { while let Some(Ok(_)) = wire.next().await {} };
            if timeout(FAREWELL, read).await.is_ok() && close == Close::TooBig {
                // What was not read would turn the end into a reset, which overtakes the reason.
                sleep(FAREWELL).await;
            }
        }
        Over
    }
}

async fn stuck(mailbox: &Mailbox) {
    tokio::select! {
        () = mailbox.ended() => {}
        () = sleep(STALLED) => {}
    }
}

/// What a failed read means; `None` when the client is simply gone.
fn breakage(error: axum::Error) -> Option<Close> {
    let error = error.into_inner().downcast::<tungstenite::Error>().ok()?;
    match *error {
        tungstenite::Error::Capacity(_) => Some(Close::TooBig),
        tungstenite::Error::Utf8(_) => Some(Close::NotUtf8),
        tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(Close::Protocol),
        _ => None,
    }
}
