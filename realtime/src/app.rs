//! The realtime app: its background tasks and its one route.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRef, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::any;
use event_log::EventLog;
use service_kit::{ClientIp, Problem, Readiness, TrustedProxies, Verifier};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::admission::{Door, check_origin};
use crate::config::Config;
use crate::link::Link;
use crate::node::{Flag, Gates, Node};
use crate::protocol::{LARGEST_EVENT, LARGEST_FRAME};
use crate::session::Input;
use crate::{feed, indexes, presence, signals, socket};

/// The default would cost 128 KiB a socket.
const READ_BUFFER: usize = 1024;
/// What is collected before it is written; a burst of typical frames fits.
const WRITE_BUFFER: usize = 8 * 1024;
/// How long NATS may be away before sockets are told.
const AWAY: Duration = Duration::from_secs(2);
/// How long sockets may take to close when the process stops.
const DRAIN: Duration = Duration::from_secs(5);
/// Clients come back spread over so long, ms.
const COME_BACK_WITHIN: u32 = 3_000;

/// The state of realtime. Clones share everything.
#[derive(Clone)]
pub struct App {
    node: Arc<Node>,
    door: Arc<Door>,
}

impl App {
    /// Starts the background tasks; they end with `shutdown`. The event store and NATS may still be away.
    ///
    /// # Errors
    /// When the address of NATS is not one.
    pub async fn start(
        config: Config,
        log: EventLog,
        verifier: Verifier,
        readiness: Readiness,
        shutdown: CancellationToken,
    ) -> anyhow::Result<Self> {
        let link = Link::open(&config.nats_url).await?;
        let gates = Gates {
            indexes: Flag::new(readiness.gate("realtime_indexes")),
            nats: Flag::new(readiness.gate("realtime_nats")),
        };
        let node = Arc::new(Node::new(config, log, link, verifier, gates, shutdown));
        spawn(&node, signals::run(Arc::clone(&node)));
        spawn(&node, watch_link(Arc::clone(&node)));
        spawn(&node, begin(Arc::clone(&node)));
        tokio::spawn(stop(Arc::clone(&node)));
        Ok(Self { node, door: Arc::default() })
    }

    /// Waits until every socket has been closed after the shutdown, for 5 s at most.
    pub async fn drained(&self) {
        self.node.shutdown.cancelled().await;
        self.node.sockets.close();
        if timeout(DRAIN, self.node.sockets.wait()).await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
    }
}

impl FromRef<App> for TrustedProxies {
    fn from_ref(app: &App) -> Self {
        app.node.config.trusted_proxies.clone()
    }
}

fn spawn(node: &Arc<Node>, task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(node.shutdown.clone().run_until_cancelled_owned(task));
}

/// Folds the indexes, then delivers from the position that was the newest when the folding began.
async fn begin(node: Arc<Node>) {
    let newest = indexes::newest(&node).await;
    let (folded, caught_up) = oneshot::channel();
    spawn(&node, indexes::follow(Arc::clone(&node), folded));
    spawn(&node, indexes::follow_revocations(Arc::clone(&node), newest));
    if caught_up.await.is_err() {
        return;
    }
    node.board.begin(newest);
    node.gates.indexes.raise();
    tracing::info!(position = %newest, "delivering");
    spawn(&node, presence::run(Arc::clone(&node)));
    feed::run(node).await;
}

/// Ends every socket when NATS stays away, and lets new ones in when it is back.
async fn watch_link(node: Arc<Node>) {
    loop {
        let state = node.link.up().await;
        node.gates.nats.raise();
        node.link.changed_from(state).await;
        let back = timeout(AWAY, node.link.up()).await;
        if back.is_err() {
            tracing::warn!("NATS is away; sockets are closed until it is back");
            node.gates.nats.lower("NATS is away");
            node.board.end_all(|| Input::Away);
        }
    }
}

/// Tells every socket that this process stops, each with another time to come back.
async fn stop(node: Arc<Node>) {
    node.shutdown.cancelled().await;
    // Sockets that are just being opened are told a moment later.
    for _ in 0..4 {
        node.board.end_all(|| Input::Stopping { retry_after_ms: any_below(COME_BACK_WITHIN) });
        sleep(Duration::from_millis(250)).await;
    }
}

/// Not secret and not fair, only spread: random ids are at hand.
fn any_below(limit: u32) -> u32 {
    uuid::Uuid::new_v4().as_fields().0 % limit
}

/// The routes of realtime.
pub fn router(app: App) -> Router {
    Router::new().route("/v1/realtime", any(open)).with_state(app)
}

async fn open(
    State(App { node, door }): State<App>,
    address: ClientIp,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    check_origin(&headers, &node.config.origins)?;
    let upgrade = upgrade.map_err(|_| Problem::new(426, "upgrade_required", "This address speaks websocket only."))?;
    if node.shutdown.is_cancelled() {
        return Err(Problem::unavailable("unavailable", "This server is about to stop: try again."));
    }
    let pass = door.enter(address, node.config.sockets, node.config.sockets_per_address)?;
    let alive = node.sockets.token();
    Ok(upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_BUFFER + 2 * LARGEST_EVENT + WRITE_BUFFER)
        .max_message_size(LARGEST_FRAME)
        .max_frame_size(LARGEST_FRAME)
        .on_upgrade(move |socket| async move {
            let _alive = alive;
            socket::serve(socket, node, pass).await;
        }))
}
