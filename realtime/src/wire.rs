//! A websocket with its session, shared by the task that serves it and by whoever delivers to it. Most facts find the
//! task at rest: they go through the session straight into the socket's buffer, and nobody is woken for them.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use events::Position;
use futures::{SinkExt, StreamExt};

use crate::session::Session;

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

    /// Puts a fact into the socket's buffer, if the session wants it sent. False when the buffer takes nothing now.
    pub(crate) fn bring(&self, position: Position, frame: &Utf8Bytes) -> bool {
        let mut ends = self.ends();
        let Some(Ends { socket, session }) = ends.as_mut() else { return false };
        let free = matches!(socket.poll_ready_unpin(&mut nobody()), Poll::Ready(Ok(())));
        // A socket that breaks here is found broken when it is flushed.
        free && (!session.is_due(position) || socket.start_send_unpin(Message::Text(frame.clone())).is_ok())
    }

    /// As [`Wire::flush`], as far as the socket takes it right now. False when something is left.
    pub(crate) fn flush_now(&self) -> bool {
        matches!(self.poll_flush(&mut nobody()), Poll::Ready(Ok(())))
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

/// For questions whose answer is wanted now: nobody waits for another one.
fn nobody() -> Context<'static> {
    Context::from_waker(Waker::noop())
}
