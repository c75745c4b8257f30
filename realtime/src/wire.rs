//! A websocket with its session, shared by the task that serves it and by whoever delivers to it. Most facts find the
//! task at rest: they go through the session straight into the socket, and nobody is woken for them.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use axum::extract::ws::{Message, WebSocket};
use futures::{SinkExt, StreamExt};
use tokio::task::unconstrained;

use crate::session::{Input, Session};

/// The socket has come to its end.
pub(crate) struct Over;

/// Both ends of what is said: the session that decides, the socket that carries. Empty once it is cut.
#[derive(Default)]
pub(crate) struct Wire(Mutex<Option<Ends>>);

struct Ends {
    socket: WebSocket,
    session: Session,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    pub(crate) fn new(socket: WebSocket, session: Session) -> Self {
        Self(Mutex::new(Some(Ends { socket, session })))
    }

    /// Closes the connection, whoever else holds the wire.
    pub(crate) fn cut(&self) {
        *self.ends() = None;
    }

    /// Asks the session, or gives it something.
    pub(crate) fn session<T>(&self, ask: impl FnOnce(&mut Session) -> T) -> Result<T, Over> {
        self.ends().as_mut().map(|ends| ask(&mut ends.session)).ok_or(Over)
    }

    /// What the client says next.
    pub(crate) async fn next(&self) -> Option<Result<Message, axum::Error>> {
        poll_fn(|context| match self.ends().as_mut() {
            Some(ends) => ends.socket.poll_next_unpin(context),
            None => Poll::Ready(None),
        })
        .await
    }

    /// Writes into the socket's buffer; it leaves when that is full or flushed.
    pub(crate) async fn feed(&self, message: Message) -> Result<(), Over> {
        let mut message = Some(message);
        poll_fn(|context| {
            let mut ends = self.ends();
            let Some(Ends { socket, .. }) = ends.as_mut() else { return Poll::Ready(Err(Over)) };
            let ready = ready!(socket.poll_ready_unpin(context));
            let sent = ready.and_then(|()| message.take().map_or(Ok(()), |message| socket.start_send_unpin(message)));
            Poll::Ready(sent.map_err(|_| Over))
        })
        .await
    }

    /// One write for everything that came together.
    pub(crate) async fn flush(&self) -> Result<(), Over> {
        poll_fn(|context| self.poll_flush(context)).await
    }

    /// Sends the facts at the front of the letters, those that the session wants sent, as far as the socket takes them
    /// right now; they are taken out. False when something is left, there or in the socket's buffer.
    pub(crate) fn deliver(&self, letters: &mut VecDeque<Input>) -> bool {
        // Whoever delivers serves more sockets in one go than the budget of a task allows.
        let delivering = pin!(unconstrained(poll_fn(|context| {
            ready!(self.poll_feed(context, letters))?;
            self.poll_flush(context)
        })));
        // The answer is wanted now; nobody waits for another. A socket that broke is found broken by its task.
        let delivered = delivering.poll(&mut Context::from_waker(Waker::noop()));
        matches!(delivered, Poll::Ready(Ok(()))) && letters.is_empty()
    }

    fn poll_feed(&self, context: &mut Context<'_>, letters: &mut VecDeque<Input>) -> Poll<Result<(), Over>> {
        let mut ends = self.ends();
        let Some(Ends { socket, session }) = ends.as_mut() else { return Poll::Ready(Err(Over)) };
        while let Some(Input::Event { .. }) = letters.front() {
            ready!(socket.poll_ready_unpin(context)).map_err(|_| Over)?;
            let Some(Input::Event { position, frame }) = letters.pop_front() else { break };
            if session.is_due(position) {
                socket.start_send_unpin(Message::Text(frame)).map_err(|_| Over)?;
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_flush(&self, context: &mut Context<'_>) -> Poll<Result<(), Over>> {
        match self.ends().as_mut() {
            Some(ends) => ends.socket.poll_flush_unpin(context).map_err(|_| Over),
            None => Poll::Ready(Err(Over)),
        }
    }

    fn ends(&self) -> MutexGuard<'_, Option<Ends>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
