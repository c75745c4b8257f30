//! Serving: the layers around every public router, and a server that drains before it stops.

use std::any::Any;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{Problem, not_found, request_id};

/// Largest JSON body, bytes.
const BODY_LIMIT: usize = 64 * 1024;
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

/// Serves until told to stop, then lets open requests finish for up to 10 s.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopping = shutdown.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move { shutdown.cancelled().await });
    tokio::select! {
        outcome = server => outcome,
        () = async { stopping.cancelled().await; tokio::time::sleep(DRAIN).await } => Ok(()),
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
