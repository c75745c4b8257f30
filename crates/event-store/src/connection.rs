//! One client's connection, plain or through TLS, with three habits: it acknowledges at once, it
//! ends when its client does not begin to talk, and it can be cut off.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, timeout_at};
use tokio_rustls::server::TlsStream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::transport::server::{Connected, TcpConnectInfo};

use crate::security::Tls;

/// How long to wait when none can be accepted, most likely because too many are open.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a client may take for the TLS handshake and the greeting of HTTP/2 together.
const GREETING_TIME: Duration = Duration::from_secs(5);
/// The greeting: the preface and the header of one frame. What comes later is watched by pings.
const GREETING_BYTES: usize = 24 + 9;
/// Connections that may be before the end of their greeting; further ones wait to be accepted.
const GREETING: usize = 1_024;

/// A connection whose reads end when its client is silent, or has been waited for long enough.
pub(crate) struct Connection {
    transport: Transport,
    greeting: Option<Greeting>,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// What a client still owes, until when, and its place among those that owe it.
struct Greeting {
    missing: usize,
    until: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

/// Every connection that comes in; all end when `cut` is cancelled.
pub(crate) fn incoming(
    listener: TcpListener,
    tls: Option<Tls>,
    cut: CancellationToken,
) -> impl Stream<Item = io::Result<Connection>> {
    let places = Arc::new(Semaphore::new(GREETING));
    let accepted = futures::stream::unfold((listener, places), async |(listener, places)| {
        let socket = accept(&listener, &places).await;
        Some((socket, (listener, places)))
    });
    let handshakes = accepted.map(move |socket| establish(socket, tls.clone(), cut.clone()));
    // Handshakes wait for their clients, so they run beside each other.
    handshakes.buffer_unordered(GREETING)
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
    match listener.accept().await {
        Ok((stream, _)) => Ok((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(PAUSE).await;
            Err(error)
        }
    }
}

async fn establish(
    socket: io::Result<(TcpStream, OwnedSemaphorePermit)>,
    tls: Option<Tls>,
    cut: CancellationToken,
) -> io::Result<Connection> {
    let (stream, place) = socket?;
    stream.set_nodelay(true)?;
    let until = Instant::now() + GREETING_TIME;
    let transport = match tls {
        None => Transport::Plain(stream),
        Some(tls) => {
            let shaken = timeout_at(until, tls.acceptor().accept(stream)).await?;
            let shaken = shaken.inspect_err(|error| tracing::debug!(%error, "a TLS handshake failed"));
            Transport::Tls(Box::new(shaken?))
        }
    };
    let until = Box::pin(tokio::time::sleep_until(until));
    let greeting = Some(Greeting { missing: GREETING_BYTES, until, _place: place });
    Ok(Connection { transport, greeting, cut: Box::pin(cut.cancelled_owned()) })
}

impl Transport {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        let socket = self.transport.socket();
        TcpConnectInfo { local_addr: socket.local_addr().ok(), remote_addr: socket.peer_addr().ok() }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.cut.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let filled = buffer.filled().len();
        let read = match &mut self.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Transport::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        };
        if read.is_pending() {
            return self.poll_greeting(cx);
        }
        acknowledge(self.transport.socket());
        self.heard(buffer.filled().len() - filled);
        read
    }
}

impl Connection {
    /// Ready when the client has been silent for too long.
    fn poll_greeting(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(greeting) = &mut self.greeting else {
            return Poll::Pending;
        };
        ready!(greeting.until.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn heard(&mut self, bytes: usize) {
        if let Some(greeting) = &mut self.greeting {
            greeting.missing = greeting.missing.saturating_sub(bytes);
            if greeting.missing == 0 {
                self.greeting = None;
            }
        }
    }
}

/// The Rust client writes an append in two pieces without TCP_NODELAY: it holds the second back
/// until the first is acknowledged, which systems by themselves put off for 40 ms. The setting does
/// not last, so it is made anew after each read.
fn acknowledge(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    let _ = stream.set_quickack(true);
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Transport::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, buffers),
            Transport::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, buffers),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.transport {
            Transport::Plain(stream) => stream.is_write_vectored(),
            Transport::Tls(stream) => stream.is_write_vectored(),
        }
    }
}
