//! The connection to NATS, and whether it is there. It is made for ever: NATS may start later, go, and come back.

use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event};
use service_kit::nats;
use tokio::sync::watch;

/// How often the server is asked whether it is there; two unanswered questions mean it is not.
const ASK_EVERY: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// NATS, with news of it.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Client,
    state: watch::Receiver<LinkState>,
}

/// Whether NATS is there. Every new connection has another number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LinkState {
    pub(crate) up: bool,
    pub(crate) connection: u64,
}

impl Link {
    /// Starts connecting.
    ///
    /// # Errors
    /// When the address is not one.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        let (sender, state) = watch::channel(LinkState::default());
        let options = ConnectOptions::new()
            .name("realtime")
            .ping_interval(ASK_EVERY)
            .connection_timeout(Duration::from_secs(2))
            .reconnect_delay_callback(|attempt| Duration::from_millis(attempt as u64 * 50).min(LONGEST_PAUSE))
            .event_callback(move |event| {
                note(&sender, &event);
                async {}
            });
        let client = nats::connect(url, options).await?;
        Ok(Self { client, state })
    }

    /// Whether it is there.
    pub(crate) fn state(&self) -> LinkState {
        *self.state.borrow()
    }

    /// Waits until it is there.
    pub(crate) async fn up(&self) -> LinkState {
        self.when(|state| state.up).await
    }

    /// Waits until the connection is another one than this, or gone.
    pub(crate) async fn changed_from(&self, known: LinkState) {
        self.when(|state| *state != known).await;
    }

    async fn when(&self, wanted: impl FnMut(&LinkState) -> bool) -> LinkState {
        let mut state = self.state.clone();
        let reached = state.wait_for(wanted).await.map(|state| *state);
        match reached {
            Ok(state) => state,
            // The client, and with it the sender, lives as long as `self`.
            Err(_) => std::future::pending().await,
        }
    }
}

fn note(sender: &watch::Sender<LinkState>, event: &Event) {
    match event {
        Event::Connected => sender.send_modify(|state| {
            state.up = true;
            state.connection += 1;
        }),
        Event::Disconnected | Event::Closed => sender.send_modify(|state| state.up = false),
        Event::SlowConsumer(_) => {
            metrics::counter!("confab_realtime_nats_slow_total").increment(1);
            tracing::warn!("NATS brings more than this node takes; the event store fills the gap");
        }
        Event::ServerError(error) => tracing::warn!(%error, "NATS reports an error"),
        Event::ClientError(error) => tracing::debug!(%error, "the NATS client reports an error"),
        Event::LameDuckMode | Event::Draining => {}
    }
}
