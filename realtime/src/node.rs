//! What all parts of a realtime node share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use event_log::EventLog;
use service_kit::{Gate, Verifier};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::board::Board;
use crate::config::Config;
use crate::link::Link;
use crate::presence::Desk;
use crate::resume::Backfill;
use crate::session::Moment;

/// One node.
pub(crate) struct Node {
    pub(crate) config: Config,
    pub(crate) log: EventLog,
    pub(crate) link: Link,
    pub(crate) verifier: Verifier,
    pub(crate) board: Board,
    pub(crate) desk: Arc<Desk>,
    pub(crate) backfill: Backfill,
    pub(crate) sockets: TaskTracker,
    pub(crate) shutdown: CancellationToken,
    pub(crate) gates: Gates,
    started: Instant,
}

/// What must be there before a socket may be live.
pub(crate) struct Gates {
    /// The indexes are folded up to where delivery began.
    pub(crate) indexes: Flag,
    /// NATS is there.
    pub(crate) nats: Flag,
}

/// A condition, shown by `/readyz` as well.
pub(crate) struct Flag {
    met: AtomicBool,
    gate: Gate,
}

impl Flag {
    pub(crate) fn new(gate: Gate) -> Self {
        Self { met: AtomicBool::new(false), gate }
    }

    pub(crate) fn raise(&self) {
        self.met.store(true, Ordering::Release);
        self.gate.open();
    }

    pub(crate) fn lower(&self, reason: &'static str) {
        self.met.store(false, Ordering::Release);
        self.gate.close(reason);
    }

    fn is_met(&self) -> bool {
        self.met.load(Ordering::Acquire)
    }
}

impl Node {
    pub(crate) fn new(
        config: Config,
        log: EventLog,
        link: Link,
        verifier: Verifier,
        gates: Gates,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            board: Board::new(),
            desk: Arc::new(Desk::new(config.offline_after)),
            backfill: Backfill::default(),
            sockets: TaskTracker::new(),
            started: Instant::now(),
            config,
            log,
            link,
            verifier,
            shutdown,
            gates,
        }
    }

    /// Whether a socket may be live now.
    pub(crate) fn is_ready(&self) -> bool {
        self.gates.indexes.is_met() && self.gates.nats.is_met() && !self.shutdown.is_cancelled()
    }

    /// The present moment as sessions count it.
    pub(crate) fn now(&self) -> Moment {
        self.moment(Instant::now())
    }

    /// A moment as sessions count it.
    pub(crate) fn moment(&self, instant: Instant) -> Moment {
        let ms = instant.saturating_duration_since(self.started).as_millis();
        Moment(u64::try_from(ms).unwrap_or(u64::MAX))
    }

    /// A session's moment as the runtime counts it.
    pub(crate) fn instant(&self, moment: Moment) -> Instant {
        self.started + std::time::Duration::from_millis(moment.0)
    }
}
