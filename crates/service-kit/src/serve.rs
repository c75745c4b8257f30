//! Serving: the layers around every public router, and a server that drains before it stops.

use std::any::Any;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit};
use axum::http::{HeaderValue, Request, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, UpgradeableConnection};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tower::util::Oneshot;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{Problem, not_found, request_id};

/// Largest JSON body, bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// Largest head of a request, bytes.
const LONGEST_HEAD: usize = 32 * 1024;
/// How long a client may take for it, and how long a connection may stay open between two requests.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long a client may leave unread what was sent to it, before the connection is cut.
const READ_WITHIN: Duration = Duration::from_secs(30);
/// How long open requests may finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// A router whose unknown routes are problems, with the layers of [`layered`].
pub fn public(router: Router) -> Router {
    layered(router.fallback(|| async { not_found() }))
}

/// Puts around a router what every public one needs: request ids, body limits, problems for wrong methods, an answer
/// instead of a dropped connection when a handler panics, and no sniffing of types.
pub fn layered(router: Router) -> Router {
    router
        .method_not_allowed_fallback(|| async {
            Problem::new(405, "method_not_allowed", "This address does not take that method.")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| after_panic(panic.as_ref())))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(middleware::from_fn(request_id::layer))
}

fn after_panic(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("?"), "a handler panicked");
    metrics::counter!("confab_panics_total").increment(1);
    Problem::new(500, "internal_error", "Something went wrong on our side.").into_response()
}

/// Serves HTTP/1.1 until told to stop, then lets open requests finish for up to 10 s.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let open = TaskTracker::new();
    while let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, peer)) => {
                open.spawn(finish(connection(stream, peer, router.clone()), shutdown.clone()));
            }
            Err(error) => after_failed_accept(&error).await,
        }
    }
    drop(listener);
    // Whatever is open after that is cut off.
    open.close();
    drop(tokio::time::timeout(DRAIN, open.wait()).await);
}

/// Serves a connection to its end; after the signal to stop, only the request that is under way.
async fn finish(connection: Connection, shutdown: CancellationToken) {
    tokio::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection broke");
    }
}

type Connection = UpgradeableConnection<TokioIo<TcpStream>, PeerService>;

fn connection(stream: TcpStream, peer: SocketAddr, router: Router) -> Connection {
    // Frames and answers are written whole; waiting for more to send would only delay them.
    drop(stream.set_nodelay(true));
    cut_when_unread(&stream);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_header_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), PeerService { router, peer })
        .with_upgrades()
}

/// The system watches this, so that it costs no timer here and holds for sockets too (`tcp(7)`, `TCP_USER_TIMEOUT`).
#[cfg(target_os = "linux")]
fn cut_when_unread(stream: &TcpStream) {
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(READ_WITHIN)) {
        tracing::debug!(%error, "a connection may stay unread for as long as it likes");
    }
}

#[cfg(not(target_os = "linux"))]
fn cut_when_unread(_: &TcpStream) {}

/// A router whose handlers may ask who is at the other end.
struct PeerService {
    router: Router,
    peer: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for PeerService {
    type Response = Response;
    type Error = Infallible;
    type Future = Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request)
    }
}

/// A client that hung up while it waited is nobody's trouble; without descriptors, trying at once again would only spin.
async fn after_failed_accept(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection can be accepted");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// A token that is cancelled by Ctrl-C or SIGTERM.
///
/// # Panics
/// When the process cannot listen to signals at all.
#[must_use]
pub fn shutdown_signal() -> CancellationToken {
    use tokio::signal::unix::{SignalKind, signal};
    let token = CancellationToken::new();
    let stop = token.clone();
    let mut terminate = signal(SignalKind::terminate()).expect("a process may listen to its signals");
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        stop.cancel();
    });
    token
}
