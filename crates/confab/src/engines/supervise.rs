//! Keeps one engine alive while the program runs, on the same port and data: restarts after a crash, stops and starts on demand.
//! Decides nothing about data: what a crashed engine recovers is its own affair.

use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Result, anyhow};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::Kind;
use super::launch::Plan;
use super::leash::Leash;

/// The first pause before a restart; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// An engine that ran this long counts as healthy: its next crash starts with the first pause.
const HEALTHY: Duration = Duration::from_secs(30);

/// What an engine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Running {
        /// Its process id.
        pid: u32,
    },
    /// It ended by itself and will be started again.
    Restarting,
    /// It was stopped on demand.
    Stopped,
}

/// An engine that this program started and supervises. Dropping it stops the engine without waiting.
#[derive(Debug)]
pub struct Engine {
    url: String,
    port: u16,
    orders: mpsc::Sender<Order>,
    state: watch::Receiver<State>,
}

#[derive(Debug)]
enum Order {
    Stop(oneshot::Sender<()>),
    Start(oneshot::Sender<Result<()>>),
}

impl Engine {
    /// Starts `binary` with its data under `data_dir`, on `port` or a free one, and returns when it answers.
    ///
    /// # Errors
    /// A folder that cannot be written, a taken port, a data directory in use, or the engine's own last words.
    pub async fn launch(kind: Kind, binary: &Path, data_dir: &Path, port: Option<u16>) -> Result<Self> {
        let (plan, leash) = first_launch(kind, binary, data_dir, port).await?;
        tracing::info!(
            engine.name = kind.binary(),
            engine.pid = leash.pid(),
            engine.port = plan.port,
            engine.folder = %plan.home().display(),
            "engine started"
        );
        let (url, port) = (plan.url.clone(), plan.port);
        let (orders, receiver) = mpsc::channel(4);
        let (sender, state) = watch::channel(State::Running { pid: leash.pid() });
        let keeper = Keeper {
            plan,
            leash: Some(leash),
            since: Instant::now(),
            pause: FIRST_PAUSE,
            restart_at: None,
            state: sender,
        };
        tokio::spawn(keeper.run(receiver));
        Ok(Self { url, port, orders, state })
    }

    /// The connection string; it stays the same across restarts.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port on 127.0.0.1; it stays the same across restarts.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The engine's process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        match *self.state.borrow() {
            State::Running { pid } => Some(pid),
            State::Restarting | State::Stopped => None,
        }
    }

    /// What the engine is doing, to watch.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Stops the engine (SIGTERM, after 20 s SIGKILL) and returns when it is gone. It stays stopped until [`Engine::start`].
    pub async fn stop(&self) {
        let (done, gone) = oneshot::channel();
        if self.orders.send(Order::Stop(done)).await.is_ok() {
            // A dropped answer means that the keeper is gone, and the engine with it.
            let _ = gone.await;
        }
    }

    /// Starts a stopped engine again on the same port and data, and returns when it answers; does nothing while it runs.
    ///
    /// # Errors
    /// As [`Engine::launch`].
    pub async fn start(&self) -> Result<()> {
        let (done, started) = oneshot::channel();
        let gone = || anyhow!("The supervision of the engine has ended.");
        self.orders.send(Order::Start(done)).await.map_err(|_| gone())?;
        started.await.map_err(|_| gone())?
    }
}

/// Launches for the first time. A free port may be lost to somebody else before the engine has it: then another one.
async fn first_launch(kind: Kind, binary: &Path, data_dir: &Path, port: Option<u16>) -> Result<(Plan, Leash)> {
    let mut tries = 3;
    loop {
        tries -= 1;
        let plan = Plan::new(kind, binary, data_dir, port)?;
        match plan.launch().await {
            Ok(leash) => return Ok((plan, leash)),
            Err(error) if port.is_some() || tries == 0 || plan.port_is_free() => {
                return Err(error);
            }
            Err(error) => tracing::debug!(%error, "a free port was lost"),
        }
    }
}

/// The task behind an [`Engine`].
struct Keeper {
    plan: Plan,
    leash: Option<Leash>,
    since: Instant,
    pause: Duration,
    restart_at: Option<Instant>,
    state: watch::Sender<State>,
}

impl Keeper {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => break,
                },
                ended = ended(&mut self.leash) => self.mourn(ended),
                restarted = restart(&self.plan, self.restart_at) => self.welcome(restarted),
            }
        }
        self.stop().await;
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Stop(done) => {
                self.stop().await;
                let _ = done.send(());
            }
            Order::Start(done) => {
                let _ = done.send(self.start().await);
            }
        }
    }

    async fn stop(&mut self) {
        self.restart_at = None;
        if let Some(leash) = self.leash.take() {
            leash.stop().await;
            tracing::info!(engine.name = self.name(), "engine stopped");
        }
        self.state.send_replace(State::Stopped);
    }

    async fn start(&mut self) -> Result<()> {
        if self.leash.is_none() {
            let leash = self.plan.launch().await?;
            self.welcome(Ok(leash));
        }
        Ok(())
    }

    fn mourn(&mut self, ended: std::io::Result<ExitStatus>) {
        let status = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        self.leash = None;
        if self.since.elapsed() >= HEALTHY {
            self.pause = FIRST_PAUSE;
        }
        tracing::warn!(
            engine.name = self.name(),
            engine.status = status,
            "engine ended by itself and will be restarted"
        );
        self.schedule();
    }

    fn welcome(&mut self, restarted: Result<Leash>) {
        match restarted {
            Ok(leash) => {
                let pid = leash.pid();
                tracing::info!(engine.name = self.name(), engine.pid = pid, "engine restarted");
                self.restart_at = None;
                self.since = Instant::now();
                self.leash = Some(leash);
                self.state.send_replace(State::Running { pid });
            }
            Err(error) => {
                tracing::error!(
                    engine.name = self.name(),
                    error = format!("{error:#}"),
                    "engine cannot be restarted yet"
                );
                self.schedule();
            }
        }
    }

    fn schedule(&mut self) {
        self.restart_at = Some(Instant::now() + self.pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.state.send_replace(State::Restarting);
    }

    fn name(&self) -> &'static str {
        self.plan.kind.binary()
    }
}

/// The end of a running engine; never, when none runs.
async fn ended(leash: &mut Option<Leash>) -> std::io::Result<ExitStatus> {
    match leash {
        Some(leash) => leash.ended().await,
        None => std::future::pending().await,
    }
}

/// A restart at its time; never, when none is due. An order that comes meanwhile drops it, and what it started with it.
async fn restart(plan: &Plan, at: Option<Instant>) -> Result<Leash> {
    match at {
        Some(at) => {
            sleep_until(at).await;
            plan.launch().await
        }
        None => std::future::pending().await,
    }
}
