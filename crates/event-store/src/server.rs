//! Serves a store on a listener, until it is told to stop or the store stops.

use std::future::Future;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::{Status, body::Body};
use uuid::Uuid;

use crate::connection::incoming;
use crate::error::ServeError;
use crate::grpc::access::Access;
use crate::grpc::discovery::Discovery;
use crate::grpc::streams::StreamsService;
use crate::protocol::event_store::client::gossip::gossip_server::GossipServer;
use crate::protocol::event_store::client::server_features::server_features_server::ServerFeaturesServer;
use crate::protocol::event_store::client::streams::streams_server::StreamsServer;
use crate::security::Security;
use crate::store::EventStore;

/// How long calls may take to end once they have been told to.
const DRAIN: Duration = Duration::from_secs(3);
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Serves the EventStoreDB protocol, without TLS and to everybody who comes, until `shutdown` is cancelled; then every
/// subscription ends with `UNAVAILABLE`, and appends that were taken are answered.
///
/// # Errors
/// The listener or the transport fails, or a write error has stopped the store.
pub async fn serve(store: EventStore, listener: TcpListener, shutdown: CancellationToken) -> Result<(), ServeError> {
    serve_with(store, listener, Security::default(), shutdown).await
}

/// The same, guarded by TLS, by users with passwords, or by both.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    store: EventStore,
    listener: TcpListener,
    security: Security,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let closing = shutdown.child_token();
    let scavenging = tokio::spawn(store.clone().scavenge_regularly(closing.clone()));
    let store = Arc::new(store);
    let discovery =
        Discovery { instance: Uuid::new_v4(), listening: listener.local_addr().map_err(ServeError::Listener)? };
    let cut = CancellationToken::new();
    let services = Access { services: routes(store.clone(), discovery, &closing), users: security.users };
    let incoming = incoming(listener, security.tls, cut.clone());
    let server = builder().serve_with_incoming_shutdown(services, incoming, closing.clone().cancelled_owned());
    tokio::pin!(server);
    let outcome = tokio::select! {
        biased;
        reason = ended(&store, &closing) => drain(server, cut).await.map(|()| reason),
        ended = &mut server => ended.map(|()| None).map_err(ServeError::from),
    };
    closing.cancel();
    let _ = scavenging.await;
    released(&store).await;
    outcome?.map_or(Ok(()), |reason| Err(ServeError::Stopped { reason }))
}

/// Connections end a moment after they are closed. Whoever opens the folder when serving has ended
/// must not find it locked by one of them.
async fn released(store: &Arc<EventStore>) {
    for _ in 0..600 {
        if Arc::strong_count(store) == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn builder() -> Server {
    Server::builder()
        .http2_keepalive_interval(Some(KEEP_ALIVE))
        .http2_keepalive_timeout(Some(KEEP_ALIVE * 2))
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        // Each subscription is one stream of its connection, for as long as it lives.
        .max_concurrent_streams(100_000)
        .http2_max_pending_accept_reset_streams(Some(1_024))
}

fn routes(store: Arc<EventStore>, discovery: Discovery, closing: &CancellationToken) -> Routes {
    // Room for an append that is too large to be told so, rather than cut off.
    let message_bytes = store.max_append_size() * 4 + (64 << 10);
    let streams = StreamsServer::new(StreamsService { store, closing: closing.clone() });
    let mut routes = Routes::new(streams.max_decoding_message_size(message_bytes))
        .add_service(GossipServer::new(discovery.clone()))
        .add_service(ServerFeaturesServer::new(discovery));
    let router = routes.axum_router_mut();
    *router = mem::take(router).fallback(unknown);
    routes.prepare()
}

async fn unknown() -> tonic::codegen::http::Response<Body> {
    Status::unimplemented("this server has streams only: Append, BatchAppend and Read").into_http()
}

/// Returns when serving must end: with the reason, if it is the store's own.
async fn ended(store: &EventStore, closing: &CancellationToken) -> Option<Arc<str>> {
    tokio::select! {
        () = closing.cancelled() => None,
        reason = store.stopped() => {
            closing.cancel();
            Some(reason)
        }
    }
}

async fn drain(
    mut server: impl Future<Output = Result<(), tonic::transport::Error>> + Unpin,
    cut: CancellationToken,
) -> Result<(), ServeError> {
    if let Ok(ended) = tokio::time::timeout(DRAIN, &mut server).await {
        return Ok(ended?);
    }
    tracing::warn!("some clients did not let go in time and are cut off");
    cut.cancel();
    Ok(server.await?)
}
