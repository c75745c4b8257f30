//! What every handler may reach: the log, the keys, the hot state and the limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use axum::extract::FromRef;
use domain::Aggregate;
use event_log::{EventLog, Folded};
use events::{Position, UserId};
use jsonwebtoken::jwk::JwkSet;
use service_kit::{Problem, Readiness, TrustedProxies, Verifier};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::conversations::Conversations;
use crate::cookies::Cookies;
use crate::execute::load;
use crate::nats;
use crate::notifier;
use crate::passwords::Passwords;
use crate::problems::log_problem;
use crate::rate::Limits;
use crate::session_index::SessionIndex;
use crate::signing_key::SigningKey;

/// The state of command-api. Clones share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What stands behind an [`App`].
pub struct Parts {
    pub(crate) log: EventLog,
    pub(crate) nats: async_nats::Client,
    pub(crate) key: SigningKey,
    pub(crate) verifier: Verifier,
    pub(crate) passwords: Passwords,
    pub(crate) conversations: Conversations,
    pub(crate) session_index: SessionIndex,
    pub(crate) limits: Limits,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) cookies: Cookies,
    pub(crate) node_key: Option<String>,
    /// How long after posting a message may be edited.
    pub(crate) edit_within: Option<Duration>,
    /// The founder never changes, so she is asked for once.
    pub(crate) founder: OnceCell<UserId>,
    newest: AtomicU64,
}

impl App {
    /// What an aggregate has become, as its stream has it.
    pub(crate) async fn state_of<A: Aggregate>(&self, id: &A::Id) -> Result<A::State, Problem> {
        let folded = load::<A>(&self.log, &A::stream(id)).await;
        folded.map(|Folded { state, .. }| state).map_err(|error| log_problem(&error))
    }

    /// Opens the signing key and starts the background work, which ends with `shutdown`. The event store and NATS may
    /// still be away: both are used as soon as they are there.
    ///
    /// # Errors
    /// When the signing key cannot be had or the address of NATS is not one.
    pub async fn start(
        config: Config,
        log: EventLog,
        readiness: Readiness,
        shutdown: CancellationToken,
    ) -> anyhow::Result<Self> {
        let key = SigningKey::open(&config.signing_key_file)
            .with_context(|| format!("the signing key {}", config.signing_key_file.display()))?;
        let app = Self(Arc::new(Parts {
            nats: nats::connect(&config.nats_url).await.context("CONFAB_NATS_URL")?,
            verifier: Verifier::of(&key.public_keys()).paced(config.rates.write),
            key,
            passwords: Passwords::new()?,
            conversations: Conversations::new(log.clone()),
            session_index: SessionIndex::default(),
            limits: Limits::new(config.rates),
            trusted_proxies: config.trusted_proxies,
            cookies: Cookies::for_site(&config.public_url),
            node_key: config.node_key,
            edit_within: config.edit_within,
            founder: OnceCell::new(),
            newest: AtomicU64::new(0),
            log,
        }));
        app.spawn(&readiness, shutdown);
        Ok(app)
    }

    /// The public keys of the access tokens that this app issues; for services in the same process.
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        self.key.public_keys()
    }

    fn spawn(&self, readiness: &Readiness, shutdown: CancellationToken) {
        let gate = readiness.gate("event_store");
        let (conversations, sessions, commands) = (self.clone(), self.clone(), self.clone());
        let stopped = shutdown.clone();
        tokio::spawn(stopped.run_until_cancelled_owned(async move {
            conversations.0.conversations.follow(&conversations, &gate).await;
        }));
        let stopped = shutdown.clone();
        tokio::spawn(stopped.run_until_cancelled_owned(async move {
            sessions.0.session_index.follow(&sessions.0.log).await;
        }));
        let stopped = shutdown.clone();
        tokio::spawn(stopped.run_until_cancelled_owned(notifier::run(self.log.clone())));
        tokio::spawn(shutdown.run_until_cancelled_owned(nats::answer_commands(commands)));
    }

    /// The newest position this process knows of.
    pub(crate) fn newest(&self) -> Position {
        Position(self.newest.load(Ordering::Relaxed))
    }

    /// Notes a position that was seen.
    pub(crate) fn saw(&self, position: Position) {
        self.newest.fetch_max(position.0, Ordering::Relaxed);
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

impl FromRef<App> for TrustedProxies {
    fn from_ref(app: &App) -> Self {
        app.trusted_proxies.clone()
    }
}
